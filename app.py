"""Starts the chat on http://127.0.0.1:7860 over the documents of seeds/; `qa serve --help` has the options."""

from qa.cli import guarded
from qa.cli.serving import start_chat
from qa.config import Config

if __name__ == "__main__":
    guarded(lambda: start_chat(Config.load()))
