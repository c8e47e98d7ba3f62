"""Turns any text into text that stays text, in HTML, Markdown, CSV and a terminal; knows nothing of answers."""

import re
import string
import unicodedata


class _Visible(dict[int, str]):
    """A translation table that names invisible characters: controls, zero widths, direction overrides, tags.

    Kept are line ends, tabs, soft hyphens, joiners and the direction marks that cannot reorder letters.
    """

    kept = frozenset("\n\t\u00ad\u200c\u200d\u200e\u200f\u061c")
    fillers = frozenset("\u115f\u1160\u3164\uffa0")  # letters by category, blank on every screen

    def __missing__(self, code: int) -> str:
        character = chr(code)
        hidden = unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and character not in self.kept
        hidden = hidden or character in self.fillers or 0xE0100 <= code <= 0xE01EF  # selectors without a glyph
        self[code] = _name(character) if hidden else character
        return self[code]


def _name(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"


_VISIBLE = _Visible()
_HIDDEN_JOINER = re.compile("(?<=[!-~])[\u200c\u200d]|[\u200c\u200d](?=[!-~])")  # ASCII letters are never joined

# Character references for all ASCII punctuation: neither HTML nor Markdown finds anything to interpret. Line
# ends too: a blank line would end an HTML block inside Markdown.
_HTML = str.maketrans({character: f"&#{ord(character)};" for character in string.punctuation + "\n\t"})
_MARKDOWN = str.maketrans(
    {character: f"\\{character}" for character in string.punctuation} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
)


def visible(text: str) -> str:
    r"""`text` with every invisible or direction-changing character named, as in ⟨U+202E⟩; line ends become \n."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HIDDEN_JOINER.sub(lambda match: _name(match.group()), lines).translate(_VISIBLE)


def escape_html(text: str) -> str:
    """`text` as one line of HTML that stays text, in a page and in Markdown that allows HTML."""
    return visible(text).translate(_HTML)


def escape_markdown(text: str) -> str:
    """`text` as one line of Markdown that stays text."""
    return " ".join(visible(text).split()).translate(_MARKDOWN)


def escape_cell(text: str) -> str:
    """`text` as a CSV cell that no spreadsheet takes for a formula: such a cell gets an apostrophe in front."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
