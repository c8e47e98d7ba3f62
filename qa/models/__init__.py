"""Turns names of weights into an Embedder, a reader's scores and a LanguageModel; knows nothing of documents.

Local weights are compared with their pinned sha256 before they are loaded, and nothing is downloaded unless
that is allowed.
"""

from qa.models.embedder import defer_embedder, load_embedder
from qa.models.language_model import OpenAILanguageModel, load_language_model
from qa.models.reader import Calibration, ReaderWeights, TokenScores, load_reader_weights
from qa.models.weights import Check, ModelEntry, available

__all__ = [
    "Calibration",
    "Check",
    "ModelEntry",
    "OpenAILanguageModel",
    "ReaderWeights",
    "TokenScores",
    "available",
    "defer_embedder",
    "load_embedder",
    "load_language_model",
    "load_reader_weights",
]
