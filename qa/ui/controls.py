"""Makes the controls that several tabs have: a search box, and the button that removes; knows no tab."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio as gr

SEARCHED_CHARACTERS = 200


def search_box(what: str, placeholder: str, **options: Any) -> "gr.Textbox":  # noqa: ANN401 - gradio's own options
    """A line to search the `what` of a tab by."""
    import gradio as gr

    return gr.Textbox(
        placeholder=placeholder,
        label=f"Search {what}",
        show_label=False,
        max_length=SEARCHED_CHARACTERS,
        lines=1,
        max_lines=1,
        elem_id=f"qa-search-{what}",
        **options,
    )


def remove_html(word: str, key: str, title: str, sure: bool) -> str:
    """The button that removes something, or, when that waits for a second word, the two that say it.

    key, title: of the thing, escaped already.
    """
    if not sure:
        return (
            f'<button type="button" class="qa-quiet" data-does="remove" data-id="{key}" '
            f'aria-label="{word} {title}">{word}</button>'
        )
    return (
        '<span class="qa-sure" role="group" aria-label="Are you sure?">'
        f'<button type="button" class="qa-danger" data-focus data-does="erase" data-id="{key}" '
        f'aria-label="Erase {title} for good">Erase for good</button>'
        '<button type="button" class="qa-quiet" data-does="keep">Keep</button></span>'
    )
