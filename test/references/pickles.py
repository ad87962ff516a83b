"""Writes test/references/pickles: CIFAR-10 of two images a batch, by Python's own pickle, once in every protocol.

Run with numpy: python test/references/pickles.py
"""

import io
import json
import pickle
import tarfile
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "pickles"
BATCHES = [f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]


def batch(number: int) -> dict:
    # Rows of one value pack well; every byte value comes, those above 127 too.
    values = np.arange(2 * 96, dtype=np.uint8) + np.uint8(number * 37)
    data = np.repeat(values, 32).reshape(2, 3072)
    return {b"batch_label": b"x", b"labels": [number % 10, 9 - number], b"data": data}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    names = {b"label_names": [f"c{i}".encode() for i in range(10)], b"num_vis": 3072}
    for protocol in range(6):
        with tarfile.open(FOLDER / f"protocol-{protocol}.tar.gz", "w:gz", compresslevel=9) as tar:
            contents = {name: batch(i) for i, name in enumerate(BATCHES)} | {"batches.meta": names}
            for name, value in contents.items():
                data = pickle.dumps(value, protocol=protocol)
                info = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    first = batch(0)
    expected = {"labels": first[b"labels"], "firstPlane": first[b"data"][0][:1024].tolist()[::32]}
    (FOLDER / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
