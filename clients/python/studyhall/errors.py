"""What goes wrong, by kind; each message says what happened and what to do."""

from __future__ import annotations


class StudyhallError(Exception):
    """Something that Studyhall refused, or that failed there. `code` is as in ErrorCode of the API."""

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class ConnectionLost(StudyhallError):
    """The API does not answer, or a connection to it broke: what was asked may be asked again."""


class RunFailed(StudyhallError):
    """The run ended by an error."""


class RunCanceled(StudyhallError):
    """Somebody canceled the run."""
