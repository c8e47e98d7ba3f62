"""Finds what keeps this installation from answering, and the command that mends it; mends nothing itself."""

from qa.doctor.diagnosis import Diagnosis, State
from qa.doctor.examination import examine

__all__ = ["Diagnosis", "State", "examine"]
