"""Studyhall, as one team sees it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any, Iterator, Mapping, cast

from . import operations as ops
from .errors import ConnectionLost, StudyhallError
from .runs import Run
from .transfers import Progress, download, upload
from .transport import Api

_POLL_SECONDS = 1.0
_MOST_ATTEMPTS = 20


class Studyhall:
    """`Studyhall(url, key)`; by default from STUDYHALL_URL and STUDYHALL_KEY."""

    def __init__(self, url: str | None = None, key: str | None = None) -> None:
        key = key or os.environ.get("STUDYHALL_KEY")
        if not key:
            raise StudyhallError("Pass a key made under Settings, or set STUDYHALL_KEY.", "UNAUTHENTICATED")
        self.api = Api(url or os.environ.get("STUDYHALL_URL") or "http://localhost:3000", key)
        viewer = self.api.ask(ops.VIEWER)["viewer"]
        if not viewer or not viewer["teams"]:
            raise StudyhallError("The API key reaches no team.", "UNAUTHENTICATED")
        self.team = viewer["teams"][0]

    # ---- datasets ----

    def upload(self, path: str | Path, progress: Progress | None = None) -> ops.UploadParts:
        """Sends an archive, or a folder as a zip."""
        return upload(self.api, self.team["id"], Path(path), progress)

    def import_dataset(
        self, path: str | Path, name: str, *, new_version: bool = False, wait: bool = True,
        progress: Progress | None = None, **shape: Any,
    ) -> ops.VersionParts:
        """Uploads and imports. `shape`: format, height, width, channels, as in CreateDatasetInput."""
        there = next((each for each in self.datasets() if each["name"] == name), None)
        sent = self.upload(path, progress)
        if there and new_version:
            source = {"datasetId": there["id"], "uploadId": sent["id"], **shape}
            version = self.api.ask(ops.CREATE_DATASET_VERSION, {"input": source})["createDatasetVersion"]["datasetVersion"]
        else:
            source = {"teamId": self.team["id"], "name": name, "uploadId": sent["id"], **shape}
            version = self.api.ask(ops.CREATE_DATASET, {"input": source})["createDataset"]["dataset"]["versions"][0]
        return self.wait_until_ready(version["id"]) if wait else cast(ops.VersionParts, version)

    def wait_until_ready(self, version_id: str) -> ops.VersionParts:
        """Returns the version once it can be trained on. Raises StudyhallError with what made its import fail."""
        for attempt in range(1, _MOST_ATTEMPTS + 1):
            try:
                for data in self.api.listen(ops.VERSION_CHANGES, {"id": version_id}):
                    version = data["datasetVersionChanged"]
                    if version["status"] == "READY":
                        return cast(ops.VersionParts, version)
                    if version["status"] == "FAILED":
                        raise StudyhallError(f"The import failed: {version['failure']}")
            except ConnectionLost:
                if attempt == _MOST_ATTEMPTS:
                    raise
            time.sleep(_POLL_SECONDS)
        raise ConnectionLost("The import was followed for as long as it makes sense.")

    def datasets(self) -> list[ops.DatasetParts]:
        return list(self._pages(ops.DATASETS, "datasets"))

    # ---- cohorts and runs ----

    def cohorts(self) -> list[ops.CohortParts]:
        return list(self._pages(ops.COHORTS, "cohorts"))

    def create_cohort(self, cohort: Mapping[str, Any]) -> ops.CohortParts:
        """`{"name": …, "students": [{"name", "architecture"}], "teaching": {…}}`."""
        source = {"teamId": self.team["id"], **cohort}
        return cast(ops.CohortParts, self.api.ask(ops.CREATE_COHORT, {"input": source})["createCohort"]["cohort"])

    def start_run(
        self, cohort: str | Mapping[str, Any], dataset: str, *, preset: str = "quick",
        recipe: Mapping[str, Any] | None = None, seed: int = 1, idempotency_key: str | None = None,
    ) -> Run:
        """Queues a run. `cohort`: name, id, or one to create; `dataset`: name, or the id of a version."""
        source = {
            "cohortId": self._cohort_id(cohort),
            "datasetVersionId": self._version_id(dataset),
            "preset": preset,
            "recipe": recipe or {},
            "seed": seed,
            "idempotencyKey": idempotency_key,
        }
        started = self.api.ask(ops.START_RUN, {"input": source})["startRun"]
        return Run(self.api, started["run"])

    def run(self, number_or_id: int | str) -> Run:
        if isinstance(number_or_id, str):
            found = self.api.ask(ops.RUN_BY_ID, {"id": number_or_id})["node"]
        else:
            variables = {"slug": self.team["slug"], "number": number_or_id}
            found = (self.api.ask(ops.RUN_BY_NUMBER, variables)["team"] or {}).get("run")
        if not found:
            raise StudyhallError(f"There is no run {number_or_id} in the team.", "NOT_FOUND")
        return Run(self.api, found)

    def runs(self, first: int = 50) -> list[ops.RunParts]:
        """The newest ones, at most 100."""
        node = self.api.ask(ops.RUNS, {"teamId": self.team["id"], "first": first})["node"]
        return cast("list[ops.RunParts]", node["runs"]["nodes"])

    # ---- models ----

    def download(
        self, id: str, folder: str | Path = ".", format: ops.ArtifactFormat = "TFJS", progress: Progress | None = None
    ) -> Path:
        """Downloads a model or ensemble as a zip, exported first where need be; goes on with what was cut off."""
        self._export(id, format)
        return download(self.api, id, Path(folder), format, progress)

    def _export(self, id: str, format: ops.ArtifactFormat) -> None:
        export = self.api.ask(ops.CREATE_EXPORT, {"input": {"id": id, "format": format}})["createExport"]["export"]
        while export and export["status"] != "READY":
            if export["status"] == "FAILED":
                raise StudyhallError(f"The export failed: {export['failure']}")
            time.sleep(_POLL_SECONDS)
            export = {**export, **self.api.ask(ops.EXPORT_BY_ID, {"id": export["id"]})["node"]}

    # ---- names ----

    def _cohort_id(self, cohort: str | Mapping[str, Any]) -> str:
        if not isinstance(cohort, str):
            return self.create_cohort(cohort)["id"]
        for each in self.cohorts():
            if cohort in (each["id"], each["name"]):
                return each["id"]
        raise StudyhallError(f"There is no cohort “{cohort}”.", "NOT_FOUND")

    def _version_id(self, dataset: str) -> str:
        if dataset.startswith("dsv_"):
            return dataset
        for each in self.datasets():
            if dataset in (each["id"], each["name"]) and each["latestReadyVersion"]:
                return each["latestReadyVersion"]["id"]
        raise StudyhallError(f"There is no dataset “{dataset}” with a version that is ready.", "NOT_FOUND")

    def _pages(self, document: str, field: str) -> Iterator[Any]:
        after = None
        while True:
            page = self.api.ask(document, {"teamId": self.team["id"], "after": after})["node"][field]
            yield from page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]
