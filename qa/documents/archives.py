"""Opens files that are zip archives without being blown up by them; knows no format inside."""

import io
import zipfile

from qa.errors import UnreadableDocument

MAXIMUM_UNPACKED = 500_000_000  # bytes of all members together: a book of pictures has less
_MOST_MEMBERS = 20_000


def open_zip(name: str, raw: bytes) -> zipfile.ZipFile:
    """The archive, once what it says of its size is bearable; `zipfile` never unpacks more than is said there.

    Raises `UnreadableDocument` for a file that is no archive, is damaged or encrypted, and for a zip bomb.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        kind = "protected by a password, or in an older format" if raw.startswith(b"\xd0\xcf\x11\xe0") else "damaged"
        raise UnreadableDocument(
            f"{name}: {kind}: no zip archive, which this format is inside ({error})",
            "open it in the program that made it, and save it again without a password",
        ) from error
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAXIMUM_UNPACKED or len(members) > _MOST_MEMBERS:
        raise UnreadableDocument(
            f"{name}: {len(raw) / 1e6:.1f} MB that unpack to {unpacked / 1e6:,.0f} MB in {len(members):,} members",
            f"cut it into parts of under {MAXIMUM_UNPACKED / 1e6:.0f} MB; a zip bomb looks like this too",
        )
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableDocument(f"{name}: encrypted", "save it again without a password")
    return archive
