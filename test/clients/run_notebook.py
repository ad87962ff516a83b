"""Runs a notebook whole, in a kernel of its own and the folder given, and prints what its cells have shown as JSON."""

import json
import sys

import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=240, kernel_name="python3", resources={"metadata": {"path": sys.argv[2]}}).execute()
shown = {}
for cell in notebook.cells:
    if cell.cell_type == "code":
        text = "".join(each.text for each in cell.outputs if each.output_type == "stream" and each.name == "stdout")
        data = [each.data for each in cell.outputs if each.output_type in ("execute_result", "display_data")]
        kinds = sorted({kind for each in data for kind in each})
        shown[cell.id] = {"text": text, "kinds": kinds, "value": "".join(each.get("text/plain", "") for each in data)}
print(json.dumps(shown))
