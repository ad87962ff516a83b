"""Small datasets in the forms in which CIFAR and MNIST are distributed, and what is in them, into formats/.

Independent of Studyhall: the pickles come from Python's own pickler at protocol 2, told to write strings as Python 2
did, and arrays as NumPy reduces them; pickletools then goes through every one of them.

    python3 test/references/formats.py
"""

import gzip
import hashlib
import io
import json
import pathlib
import pickle
import pickletools
import struct
import tarfile
import zipfile

HERE = pathlib.Path(__file__).parent / "formats"
CIFAR_10 = "airplane automobile bird cat deer dog frog horse ship truck".split()
FINE = [f"fine_{i:02}" for i in range(100)]
COARSE = [f"coarse_{i:02}" for i in range(20)]


class Name:
    """Something that a pickle refers to by module and name."""

    def __init__(self, module, name):
        self.module, self.name = module, name

    def __call__(self, *_):
        raise AssertionError("nothing is ever called")


class Array:
    def __init__(self, rows, row_bytes):
        self.rows, self.row_bytes = rows, row_bytes


class Python2Pickler(pickle._Pickler):
    dispatch = pickle._Pickler.dispatch.copy()

    def save_str(self, text):
        data = text if isinstance(text, bytes) else text.encode("latin1")
        if len(data) < 256:
            self.write(pickle.SHORT_BINSTRING + bytes([len(data)]) + data)
        else:
            self.write(pickle.BINSTRING + struct.pack("<i", len(data)) + data)
        self.memoize(text)

    dispatch[str] = save_str
    dispatch[bytes] = save_str

    def save_name(self, name):
        self.write(pickle.GLOBAL + f"{name.module}\n{name.name}\n".encode())
        self.memoize(name)

    dispatch[Name] = save_name

    def save_array(self, array):
        dtype_args = ("u1", 0, 1)
        self.save_reduce(
            Name("numpy.core.multiarray", "_reconstruct"),
            (Name("numpy", "ndarray"), (0,), "b"),
            (1, (len(array.rows), array.row_bytes), DType(dtype_args), False, b"".join(array.rows)),
            obj=array,
        )

    dispatch[Array] = save_array

    def save_dtype(self, dtype):
        self.save_reduce(Name("numpy", "dtype"), dtype.args, (3, "|", None, None, None, -1, -1, 0), obj=dtype)


class DType:
    def __init__(self, args):
        self.args = args


Python2Pickler.dispatch[DType] = Python2Pickler.save_dtype


def pickled(value):
    out = io.BytesIO()
    Python2Pickler(out, protocol=2).dump(value)
    data = out.getvalue()
    for _ in pickletools.genops(data):
        pass
    return data


def planes(number, channels=3, side=32):
    """CHW bytes that are other ones for every number, channel, row and column."""
    return bytes(
        (number * 37 + channel * 85 + row * 5 + column * (1 + number % 3)) & 255
        for channel in range(channels)
        for row in range(side)
        for column in range(side)
    )


def interleaved(chw, channels, area):
    return bytes(chw[channel * area + i] for i in range(area) for channel in range(channels))


def hash_of(chw, channels=3, side=32):
    return hashlib.sha256(interleaved(chw, channels, side * side)).hexdigest()


def write_tar(name, files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        folders = {path.rsplit("/", 1)[0] for path in files}
        for folder in sorted(folders):
            info = tarfile.TarInfo(folder)
            info.type, info.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(info)
        for path, data in files.items():
            info = tarfile.TarInfo(path)
            info.size, info.mtime = len(data), 1_250_000_000
            tar.addfile(info, io.BytesIO(data))
    (HERE / name).write_bytes(gzip.compress(out.getvalue(), mtime=0))


def split_of(numbers, labels):
    return {"labels": labels, "sha256": [hash_of(planes(n)) for n in numbers]}


def cifar_10():
    batches, test = [range(4 * b, 4 * b + 4) for b in range(5)], range(100, 105)
    label = lambda n: (7 * n + 3) % 10
    files = {"cifar-10-batches-py/readme.html": b"<meta>"}
    meta = {"num_cases_per_batch": 10000, "label_names": CIFAR_10, "num_vis": 3072}
    files["cifar-10-batches-py/batches.meta"] = pickled(meta)
    binary = {"cifar-10-batches-bin/batches.meta.txt": ("\n".join(CIFAR_10) + "\n\n").encode()}
    for name, numbers in [*((f"data_batch_{i + 1}", b) for i, b in enumerate(batches)), ("test_batch", test)]:
        batch = {
            "batch_label": f"{name} of some",
            "labels": [label(n) for n in numbers],
            "data": Array([planes(n) for n in numbers], 3072),
            "filenames": [f"picture_s_{n:06}.png" for n in numbers],
        }
        files[f"cifar-10-batches-py/{name}"] = pickled(batch)
        records = b"".join(bytes([label(n)]) + planes(n) for n in numbers)
        binary[f"cifar-10-batches-bin/{name}.bin"] = records
    write_tar("cifar-10-python.tar.gz", files)
    write_tar("cifar-10-binary.tar.gz", binary)
    numbers = [n for b in batches for n in b]
    return {
        "classes": CIFAR_10,
        "shape": [32, 32, 3],
        "train": split_of(numbers, [label(n) for n in numbers]),
        "test": split_of(test, [label(n) for n in test]),
    }


def cifar_100():
    splits = {"train": range(100), "test": range(200, 220)}
    fine = lambda n: (13 * n + 5) % 100
    coarse = lambda n: fine(n) // 5
    meta = pickled({"fine_label_names": FINE, "coarse_label_names": COARSE})
    files = {"cifar-100-python/meta": meta, "cifar-100-python/file.txt~": b""}
    lines = lambda names: ("\n".join(names) + "\n").encode()
    binary = {
        "cifar-100-binary/fine_label_names.txt": lines(FINE),
        "cifar-100-binary/coarse_label_names.txt": lines(COARSE),
    }
    for split, numbers in splits.items():
        files[f"cifar-100-python/{split}"] = pickled(
            {
                "filenames": [f"picture_s_{n:06}.png" for n in numbers],
                "batch_label": f"{split}ing batch 1 of 1",
                "fine_labels": [fine(n) for n in numbers],
                "coarse_labels": [coarse(n) for n in numbers],
                "data": Array([planes(n) for n in numbers], 3072),
            }
        )
        records = b"".join(bytes([coarse(n), fine(n)]) + planes(n) for n in numbers)
        binary[f"cifar-100-binary/{split}.bin"] = records
    write_tar("cifar-100-python.tar.gz", files)
    write_tar("cifar-100-binary.tar.gz", binary)
    return {
        "classes": FINE,
        "superclasses": [COARSE[i // 5] for i in range(100)],
        "shape": [32, 32, 3],
        **{split: split_of(numbers, [fine(n) for n in numbers]) for split, numbers in splits.items()},
    }


def mnist():
    files, expected = {}, {}
    for split, prefix, numbers in [("train", "train", range(30)), ("test", "t10k", range(50, 60))]:
        pictures = [planes(n, 1, 28) for n in numbers]
        labels = [(3 * n + 1) % 10 for n in numbers]
        files[f"{prefix}-images-idx3-ubyte"] = struct.pack(">iiii", 2051, len(pictures), 28, 28) + b"".join(pictures)
        files[f"{prefix}-labels-idx1-ubyte"] = struct.pack(">ii", 2049, len(labels)) + bytes(labels)
        expected[split] = {"labels": labels, "sha256": [hash_of(p, 1, 28) for p in pictures]}
    with zipfile.ZipFile(HERE / "mnist-gz.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(f"MNIST/raw/{name}.gz"), gzip.compress(data, mtime=0))
    write_tar("mnist.tar.gz", {f"raw/{name}": data for name, data in files.items()})
    return {"classes": list("0123456789"), "shape": [28, 28, 1], **expected}


HERE.mkdir(exist_ok=True)
ten, hundred, digits = cifar_10(), cifar_100(), mnist()
(HERE / "expected.json").write_text(
    json.dumps(
        {
            "cifar-10-python.tar.gz": {"format": "cifar-python", **ten},
            "cifar-10-binary.tar.gz": {"format": "cifar-binary", **ten},
            "cifar-100-python.tar.gz": {"format": "cifar-python", **hundred},
            "cifar-100-binary.tar.gz": {"format": "cifar-binary", **hundred},
            "mnist-gz.zip": {"format": "idx", **digits},
            "mnist.tar.gz": {"format": "idx", **digits},
        }
    )
)
