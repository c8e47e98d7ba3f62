"""The heads of a library's documents, kept here until the library changes; knows no passage and searches nothing."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from qa.milvus import server
from qa.milvus.rows import HEAD, MARK, Head, content_row
from qa.milvus.server import Client

FIELDS = ["document", "version", "content"]
"""What `Head.of` needs of a row."""

_CHANGE = "/change"  # the key of the row whose version is that of the last change


class Heads:
    """All heads of one library. One thread at a time: the library's lock keeps them apart."""

    def __init__(self, client: Client, collection: str) -> None:
        self._client = client
        self._collection = collection
        self._seen = -1  # the change that these are of:
        self._known: dict[str, Head] = {}
        self._owners: dict[str, str] = {}

    @property
    def change(self) -> int:
        """The version of the last change; 0 before the first."""
        rows: list[dict[str, Any]] = self._client.query(
            self._collection, filter=f'key == "{_CHANGE}"', output_fields=["version"], consistency_level="Strong"
        )
        return int(rows[0]["version"]) if rows else 0

    def now(self) -> Mapping[str, Head]:
        """By id, in the order in which the documents were added."""
        change = self.change
        if change != self._seen:
            rows = server.scan(self._client, self._collection, f"part == {HEAD}", FIELDS)
            heads = sorted(map(Head.of, rows), key=lambda head: head.number)
            self._known = {head.about.id: head for head in heads}
            self._owners = {source: head.about.id for head in heads for source in head.about.sources}
            self._seen = change
        return self._known

    def owners(self) -> Mapping[str, str]:
        """Every source with the id of its document."""
        self.now()
        return self._owners

    def commit(self, head: Head) -> list[str]:
        """From here on the document is as its head says, and its sources are nobody else's; gives the ids that went."""
        owners = self.owners()
        others = {owners[source] for source in head.about.sources if source in owners} - {head.about.id}
        losers = [self._known[each].without(head.about.sources) for each in sorted(others)]
        gone = [each.about.id for each in losers if not each.about.sources]
        self.replace([head, *(each for each in losers if each.about.sources)], gone)
        return gone

    def replace(self, heads: Sequence[Head], gone: Sequence[str]) -> None:
        """These heads instead of older ones, and none for what is gone: up to 500 rows in one request."""
        change = time.time_ns()
        marks = [content_row(each, each, change, MARK, "") for each in gone]
        rows = [*(head.row() for head in heads), *marks, content_row(_CHANGE, "", change, MARK, "")]
        server.put_contents(self._client, self._collection, rows)
        for identity in (*gone, *(head.about.id for head in heads)):
            for source in self._known[identity].about.sources if identity in self._known else ():
                self._owners.pop(source, None)
        for identity in gone:
            del self._known[identity]
        self._known |= {head.about.id: head for head in heads}
        self._owners |= {source: head.about.id for head in heads for source in head.about.sources}
        self._seen = change

    def note_file(self, name: str, stamp: str, sources: Sequence[str]) -> None:
        """Keeps in the heads of these sources which file they were read from; that is no change of the library."""
        owners = self.owners()
        identities = dict.fromkeys(owners[source] for source in sources if source in owners)
        heads = [self._known[each].with_file(name, stamp, sources) for each in identities]
        server.put_contents(self._client, self._collection, [head.row() for head in heads])
        self._known |= {head.about.id: head for head in heads}
