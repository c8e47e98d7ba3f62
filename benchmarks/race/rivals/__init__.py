"""Rivals as commands: a question in, an answer out, in JSON lines; they run without qa, where they are installed."""
