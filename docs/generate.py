"""Turns the code's own words into the generated parts of README.md and docs/; knows nothing of where they stand."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# In the order of the flow, so that the listing reads as the architecture.
FLOW = """types errors config wording frontmatter sentences documents passages terms database copying rows vectors
    library milvus libraries backup indexing selection models
    retrieval names wordlists statements attribution identity summary kinds reading conversation spelling
    writing quantities aliases polarity support
    citations claims answering assistant
    render verify evaluation llamaindex ui mcp api doctor cli""".split()  # noqa: SIM905


def tree() -> str:
    """Every module of qa/ with the first line of its docstring, in the order of the flow."""
    lines = ["app.py".ljust(24) + first_line(ROOT / "app.py")]
    for path in modules():
        name = str(path.relative_to(ROOT)).replace("__init__.py", "")
        lines.append(name.ljust(24) + first_line(path))
    return "\n".join(lines)


def modules() -> list[Path]:
    """The modules and packages directly under qa/, those of `FLOW` first."""
    found = [path for path in (ROOT / "qa").iterdir() if path.suffix == ".py" and not path.stem.startswith("__")]
    found += (ROOT / "qa").glob("*/__init__.py")
    return sorted(found, key=lambda path: (_place(_name(path)), path))


def first_line(path: Path) -> str:
    """The first sentence of a module's docstring, on one line."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(docstring.split("\n\n")[0].split()).rstrip(".")


def settings() -> str:
    """A Markdown table of every setting, its default and what it means."""
    from qa.config import Config

    rows = ["| setting | default | meaning |", "| --- | --- | --- |"]
    for name, field in Config.model_fields.items():
        default = "" if field.default in (None, "") else f"`{field.default}`"
        rows.append(f"| `{name}` | {default} | {field.description} |")
    return "\n".join(rows)


def commands() -> str:
    """A Markdown table of the commands of `qa`, with the first line of their help."""
    import typer

    from qa.cli import app

    rows = ["| command | |", "| --- | --- |"]
    for name, command in sorted(typer.main.get_group(app).commands.items()):
        first = " ".join(re.split(r"\n\s*\n", command.help or "")[0].split()).rstrip(".")
        rows.append(f"| `qa {name}` | {first} |")
    return "\n".join(rows)


def _name(path: Path) -> str:
    return path.parent.name if path.stem == "__init__" else path.stem


def _place(name: str) -> int:
    return FLOW.index(name) if name in FLOW else len(FLOW)
