"""A run, followed live and read back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Iterator, Sequence, cast

from . import operations as ops
from .errors import ConnectionLost, RunCanceled, RunFailed, StudyhallError
from .transport import Api

if TYPE_CHECKING:
    import pandas

_ENDED = ("SUCCEEDED", "FAILED", "CANCELED")
# A server may be away for as long as a rolling upgrade takes: in all some ten minutes.
_MOST_ATTEMPTS = 40
_LONGEST_WAIT_SECONDS = 15.0
_MOST_POINTS = 2_000


class Run:
    """One cohort trained on one dataset version. `data` is as it was last read; `refresh` reads it again."""

    def __init__(self, api: Api, data: ops.RunResults, first_wait_seconds: float = 0.25) -> None:
        self._api = api
        self._first_wait_seconds = first_wait_seconds
        self.data = data

    @property
    def id(self) -> str:
        return self.data["id"]

    @property
    def number(self) -> int:
        return self.data["number"]

    @property
    def status(self) -> ops.RunStatus:
        return self.data["status"]

    def refresh(self) -> Run:
        node = self._api.ask(ops.RUN_BY_ID, {"id": self.id})["node"]
        if node is None:
            raise StudyhallError(f"There is no run {self.id}, or it is not yours to see.", "NOT_FOUND")
        self.data = cast(ops.RunResults, node)
        return self

    def events(self, after_seq: int = 0) -> Iterator[dict[str, Any]]:
        """Every event after a number, each once and in order, until the run has ended; goes on by itself after a cut."""
        seq, failures = after_seq, 0
        while True:
            try:
                for data in self._api.listen(ops.RUN_EVENTS, {"runId": self.id, "afterSeq": seq}):
                    event = data["runEvents"]
                    if event["seq"] > seq:
                        seq, failures = event["seq"], 0
                        yield event
                self.refresh()
                if self.status in _ENDED and self.data["lastSeq"] <= seq:
                    return
            except ConnectionLost:
                if failures == _MOST_ATTEMPTS:
                    raise
            time.sleep(min(self._first_wait_seconds * 2**failures, _LONGEST_WAIT_SECONDS))
            failures += 1

    def wait(self) -> Run:
        """Returns once the run has succeeded. Raises RunFailed or RunCanceled where it ends otherwise."""
        if self.status not in _ENDED:
            for _ in self.events(self.data["lastSeq"]):
                pass
        self.refresh()
        if self.status == "CANCELED":
            raise RunCanceled(f"Run {self.number} was canceled.")
        if self.status != "SUCCEEDED":
            failure = self.data["failure"]
            raise RunFailed(f"Run {self.number} failed: {failure['message'] if failure else self.status}")
        return self

    def pause(self) -> Run:
        return self._change(ops.PAUSE_RUN)

    def resume(self) -> Run:
        return self._change(ops.RESUME_RUN)

    def cancel(self) -> Run:
        return self._change(ops.CANCEL_RUN)

    def _change(self, mutation: str) -> Run:
        self._api.ask(mutation, {"input": {"runId": self.id}})
        return self.refresh()

    def metrics(self, names: Sequence[str] | None = None, max_points: int = _MOST_POINTS) -> list[dict[str, Any]]:
        """One dictionary for each point: student (None for the whole run), name, step, value."""
        variables = {"id": self.id, "names": names, "maxPoints": max_points}
        node = self._api.ask(ops.RUN_METRICS, variables)["node"]
        students = [each["student"]["name"] for each in node["students"]]
        return [
            {
                "student": None if series["student"] is None else students[series["student"]],
                "name": series["name"],
                "step": step,
                "value": value,
            }
            for series in node["metrics"]
            for step, value in zip(series["steps"], series["values"])
        ]

    def to_pandas(self, names: Sequence[str] | None = None, max_points: int = _MOST_POINTS) -> pandas.DataFrame:
        """The curves as a table: a row for each student and step, a column for each metric."""
        import pandas

        points = pandas.DataFrame(self.metrics(names, max_points), columns=["student", "name", "step", "value"])
        table = points.pivot_table(index=["student", "step"], columns="name", values="value", dropna=False)
        return table.dropna(how="all").reset_index().rename_axis(columns=None)
