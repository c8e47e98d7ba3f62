"""Turns the events of answers into a chat page with its sources beside it; knows nothing of models or documents."""

from qa.ui.conversation import AssistantLike
from qa.ui.page import build, mount
from qa.ui.received import folder_of_uploads

__all__ = ["AssistantLike", "build", "folder_of_uploads", "mount"]
