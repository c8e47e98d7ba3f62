"""What a Python user imports; loads nothing heavy until it is used."""

from qa.assistant import Assistant, prepare
from qa.config import Config
from qa.errors import QAError
from qa.statements import statements
from qa.telemetry import switch_off
from qa.types import Answer, Citation, Claim, Document, Outcome, Statement, Support, Turn
from qa.verify import verify

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "Claim",
    "Config",
    "Document",
    "Outcome",
    "QAError",
    "Statement",
    "Support",
    "Turn",
    "prepare",
    "statements",
    "verify",
]

switch_off()
