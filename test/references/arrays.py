"""Data sets as NumPy, tarfile and Arrow write them, for formats/: python3 arrays.py FOLDER (needs numpy, Pillow, pyarrow).

What it writes is packed afterwards: tar --sort=name --mtime=@0 --owner=0 --group=0 -cf - FILES | gzip -9n. arrays.tar.gz has
what is in medmnist.npz: a tar keeps no checksums, so that damage comes to the readers.
"""

import io
import json
import sys
import tarfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

folder = sys.argv[1]
random = np.random.default_rng(1)


def image(label, index, channels):
    """Its upper half is as bright as its label says."""
    pixels = random.integers(0, 120, size=(8, 8, 3) if channels == 3 else (8, 8), dtype=np.uint8)
    pixels[:4] += np.uint8(label * 40 + index)
    return pixels


def split(count, channels):
    labels = np.arange(count) % 3
    return np.stack([image(label, i, channels) for i, label in enumerate(labels)]), labels


# As medmnist.npz: compressed, labels as bytes in a column.
arrays = {}
for name, count in (("train", 9), ("val", 3), ("test", 6)):
    pictures, labels = split(count, 3)
    arrays[f"{name}_images"] = pictures
    arrays[f"{name}_labels"] = labels.astype(np.uint8).reshape(-1, 1)
np.savez_compressed(f"{folder}/medmnist.npz", **arrays)

# As Keras' mnist.npz: stored, grey, labels of eight bytes, and some with the larger byte first.
x_train, y_train = split(9, 1)
x_test, y_test = split(6, 1)
np.savez(f"{folder}/keras.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test.astype(">i4"))

# As webdataset's TarWriter: a sample's files side by side. Packed by gzip -9n afterwards.
with tarfile.open(f"{folder}/webdataset.tar", "w") as tar:
    for i in range(10):
        png = io.BytesIO()
        Image.fromarray(image(i % 2, i, 3)).save(png, "PNG")
        for ending, content in (("png", png.getvalue()), ("cls", str(i % 2).encode()), ("txt", b"a caption")):
            info = tarfile.TarInfo(f"sample{i:06d}.{ending}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def png(label, index):
    content = io.BytesIO()
    Image.fromarray(image(label, index, 3)).save(content, "PNG")
    return content.getvalue()


# As Hugging Face's datasets writes images with labels: structs of bytes and path, packed by Snappy, the names in the metadata.
IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
FEATURES = {"image": {"_type": "Image"}, "label": {"names": ["cat", "dog", "fox"], "_type": "ClassLabel"}}
for name, count in (("train", 9), ("validation", 3), ("test", 6)):
    rows = [{"bytes": png(i % 3, i), "path": f"{i}.png"} for i in range(count)]
    table = pa.table({"image": pa.array(rows, type=IMAGE), "label": pa.array([i % 3 for i in range(count)])})
    table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": FEATURES}})})
    pq.write_table(table, f"{folder}/{name}-00000-of-00001.parquet")

# As pandas writes them: names as labels, some missing, in pages of the second kind, packed by gzip, several row groups.
rows = [None if i == 4 else {"bytes": png(i % 2, i), "path": None} for i in range(12)]
names = [None if i == 7 else ("cat", "dog")[i % 2] for i in range(12)]
table = pa.table({"image": pa.array(rows, type=IMAGE), "label": names})
pq.write_table(table, f"{folder}/pages.parquet", compression="gzip", data_page_version="2.0", row_group_size=5)
pq.write_table(table, f"{folder}/zstd.parquet", compression="zstd")
