"""Makes any Python string fit for a tokenizer; changes no length, so offsets hold."""


def encodable(text: str) -> str:
    """The text with each lone surrogate, which no tokenizer and no UTF-8 can take, replaced by "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")
