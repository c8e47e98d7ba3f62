"""Turns command lines into calls and their results into lines; knows nothing of how an answer is made."""

from qa.cli.application import app, guarded, main

__all__ = ["app", "guarded", "main"]
