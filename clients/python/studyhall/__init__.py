"""Studyhall from Python: upload, train, follow live, download."""

from .client import Studyhall
from .errors import ConnectionLost, RunCanceled, RunFailed, StudyhallError
from .runs import Run

__all__ = ["ConnectionLost", "Run", "RunCanceled", "RunFailed", "Studyhall", "StudyhallError"]
