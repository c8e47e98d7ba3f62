"""Opens the templates of the page, which escape what they are given and show what is invisible; knows no report."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qa.render import visible

_FOLDER = Path(__file__).parent


def _shown(value: object) -> object:
    """Text with its invisible characters named; anything else, finished HTML too, as it is."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_shown,
    trim_blocks=True,
    lstrip_blocks=True,
)


def stylesheet(name: str) -> Markup:
    """One of our own style sheets, not to be escaped."""
    return Markup((_FOLDER / name).read_text(encoding="utf-8"))
