"""Turns any text into text that stays text, in HTML, Markdown, LaTeX, JSON, CSV and a terminal; knows no answers."""

import json
import re
import string
import unicodedata
from collections.abc import Callable


class _Invisible(dict[int, str]):
    """A translation table that names invisible characters: controls, zero widths, direction overrides, tags.

    Kept are line ends, tabs, soft hyphens, joiners and the direction marks that cannot reorder letters.
    """

    kept = frozenset("\n\t\u00ad\u200c\u200d\u200e\u200f\u061c")
    fillers = frozenset("\u115f\u1160\u3164\uffa0")  # letters by category, blank on every screen

    def __init__(self, name: Callable[[str], str]) -> None:
        super().__init__()
        self.name = name

    def __missing__(self, code: int) -> str:
        character = chr(code)
        hidden = unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and character not in self.kept
        hidden = hidden or character in self.fillers or 0xE0100 <= code <= 0xE01EF  # selectors without a glyph
        self[code] = self.name(character) if hidden else character
        return self[code]


def _name(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"


_VISIBLE = _Invisible(_name)
_JSON = _Invisible(lambda character: json.dumps(character)[1:-1])  # as in \u202e
_HIDDEN_JOINER = re.compile("(?<=[!-~])[\u200c\u200d]|[\u200c\u200d](?=[!-~])")  # ASCII letters are never joined

# Character references for all ASCII punctuation: neither HTML nor Markdown finds anything to interpret. Line
# ends too: a blank line would end an HTML block inside Markdown.
_HTML = str.maketrans({character: f"&#{ord(character)};" for character in string.punctuation + "\n\t"})
# What means something to Markdown, its extensions and templates: anywhere; inside a word (addresses, emoji names);
# or where a line begins (headings, lists, rules). The rest of the punctuation stays readable.
_MARKDOWN = re.compile(r"(^\d+)([.)])|([\\`*_{}\[\]|~$@^=#+]|(?<=\S)[.:](?=\S)|^[-:])")
_MARKDOWN_REFERENCES = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})
# Braces count for BibTeX even when escaped, hence names for them.
_LATEX = str.maketrans(
    {character: f"\\{character}" for character in "#$%&_"}
    | {"\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
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
    line = " ".join(visible(text).split())
    return _MARKDOWN.sub(r"\1\\\2\3", line).translate(_MARKDOWN_REFERENCES)


def escape_latex(text: str) -> str:
    """`text` as one line of LaTeX and of a BibTeX field that stays text; letters are left in UTF-8."""
    return " ".join(visible(text).split()).translate(_LATEX)


def escape_json(text: str) -> str:
    r"""JSON with its invisible or direction-changing characters as in \u202e: the same JSON, safe on a terminal."""
    return text.translate(_JSON)


def escape_cell(text: str) -> str:
    """`text` as a CSV cell that no spreadsheet takes for a formula: such a cell gets an apostrophe in front."""
    shown = visible(text)
    return f"'{shown}" if shown.startswith(("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")) else shown
