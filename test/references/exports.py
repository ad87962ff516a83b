"""
Exported models as other people's Python reads them: exports.py PIXELS FORMAT=FOLDER...

PIXELS holds images as bytes. Prints, as a line of JSON, what each model's outputs are for them, in the order of its
metadata; of the safetensors format, which nothing in Python runs, how many numbers it holds; null where the package that
a format needs is not installed. ONNX models go through onnx.checker as well. Every architecture, against the engine:

    PYTHON_FORMATS=yes npx vitest run test/workers/engine/exports/architectures.test.ts
"""

import importlib.util
import json
import os
import pathlib
import sys

# Another reference beside this one is called statistics, as is a module of Python's own.
sys.path.pop(0)
os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import numpy as np

PIXELS = np.frombuffer(pathlib.Path(sys.argv[1]).read_bytes(), dtype=np.uint8).astype(np.float32)


def images(folder):
    metadata = json.loads((folder / "metadata.json").read_text("utf-8"))
    size = [metadata["input"][side] for side in ("height", "width", "channels")]
    return PIXELS.reshape(-1, *size), metadata["outputs"]


def keras(folder):
    from keras.saving import load_model

    model = load_model(folder / "model.keras", compile=False)
    pixels, outputs = images(folder)
    assert list(model.output_names) == outputs, model.output_names
    return [np.asarray(values) for values in model(pixels, training=False)]


def onnx(folder):
    import onnx.checker
    import onnxruntime

    onnx.checker.check_model(str(folder / "model.onnx"), full_check=True)
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    pixels, outputs = images(folder)
    return session.run(outputs, {"pixels": pixels})


def saved_model(folder):
    import tensorflow

    pixels, outputs = images(folder)
    answers = tensorflow.saved_model.load(str(folder)).signatures["serving_default"](pixels=tensorflow.constant(pixels))
    return [answers[output].numpy() for output in outputs]


def safetensors(folder):
    from safetensors.numpy import load_file

    return [np.array(sum(tensor.size for tensor in load_file(folder / "model.safetensors").values()))]


READERS = {
    "KERAS": ("keras", keras),
    "ONNX": ("onnx", onnx),
    "ONNX_INT8": ("onnx", onnx),
    "SAVED_MODEL": ("tensorflow", saved_model),
    "SAFETENSORS": ("safetensors", safetensors),
}


def read(argument):
    format_name, folder = argument.split("=", 1)
    package, reader = READERS[format_name]
    if importlib.util.find_spec(package) is None:
        return None
    return [values.ravel().astype(float).tolist() for values in reader(pathlib.Path(folder))]


print(json.dumps([read(argument) for argument in sys.argv[2:]]))
