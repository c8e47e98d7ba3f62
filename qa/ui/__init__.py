"""Turns the events of answers into a chat page with its sources beside it; knows nothing of models or documents."""

from qa.ui.conversation import AssistantLike
from qa.ui.page import build, mount

__all__ = ["AssistantLike", "build", "mount"]
