"""What a notebook would do, with what came of it as one line of JSON. The test plays the worker."""

import json
import sys
from pathlib import Path

from studyhall import RunCanceled, Studyhall, StudyhallError

folder, out = Path(sys.argv[1]), Path(sys.argv[2])
hall = Studyhall()
print("importing", flush=True)
version = hall.import_dataset(folder, "pets")
cohort = {"name": "Two small ones", "students": [{"name": n, "architecture": "resnet-8"} for n in ("ada", "grace")]}
run = hall.start_run(cohort, "pets", recipe={"epochs": 2}, seed=7, idempotency_key="once")
again = hall.start_run("Two small ones", "pets", recipe={"epochs": 2}, seed=7, idempotency_key="once")
print(f"started {run.id}", flush=True)
seqs, metrics = [], []
for event in run.events():
    seqs.append(event["seq"])
    metrics += [event] if event["__typename"] == "MetricsRecorded" else []
run.wait()
table = run.to_pandas(["loss", "trainTop1"])
canceled = hall.start_run("Two small ones", "pets", recipe={"epochs": 2})
canceled.cancel()
try:
    canceled.wait()
    ended = "succeeded"
except RunCanceled as error:
    ended = str(error)
try:
    hall.start_run("Nobody", "pets")
    refused = ""
except StudyhallError as error:
    refused = f"{error.code}: {error}"
model = sys.stdin.readline().strip()
file = hall.download(model, out)
print(
    json.dumps(
        {
            "version": version["number"],
            "same": again.id == run.id,
            "status": run.status,
            "seqs": seqs,
            "metrics": len(metrics),
            "table": json.loads(table.to_json(orient="records")),
            "ended": ended,
            "refused": refused,
            "bytes": file.stat().st_size,
            "runs": [each["number"] for each in hall.runs()],
        }
    )
)
