"""
Weights as PyTorch and Keras write them, for test/workers/engine/given: python given.py (needs torch and keras).

They go into given/ beside this file. Every tensor counts up from 0, so that a test knows what must stand where. The
PyTorch ones bear torchvision's names; conv1 lies channels last in memory, and fc is in half precision.
"""

import os
import pathlib
import sys

# Another reference beside this one is called statistics, as is a module of Python's own that PyTorch needs.
sys.path.pop(0)
os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch

folder = pathlib.Path(__file__).parent / "given"
folder.mkdir(exist_ok=True)


def counted(*shape):
    return torch.arange(np.prod(shape), dtype=torch.float32).reshape(shape)


state = torch.nn.Module().state_dict()
state["conv1.weight"] = counted(16, 3, 3, 3).to(memory_format=torch.channels_last)
for part in ("weight", "bias", "running_mean", "running_var"):
    state[f"bn1.{part}"] = counted(16)
state["bn1.num_batches_tracked"] = torch.tensor(7)
state["layer1.0.conv1.weight"] = counted(2, 16, 3, 3)[:, 1:]
state["fc.weight"] = counted(3, 64).half()
state["fc.bias"] = counted(3).bfloat16()
torch.save(state, folder / "zipped.pth")
torch.save({"epoch": 3, "state_dict": {f"module.{name}": it for name, it in state.items()}}, folder / "legacy.pth",
           _use_new_zipfile_serialization=False)
torch.save(torch.nn.Linear(2, 2), folder / "module.pth")

pixels = keras.Input((8, 8, 3), name="pixels")
x = keras.layers.Conv2D(8, 3, use_bias=False, name="conv1")(pixels)
x = keras.layers.BatchNormalization(name="conv1_bn")(x)
x = keras.layers.DepthwiseConv2D(3, use_bias=False, name="conv_dw_1")(x)
x = keras.layers.GlobalAveragePooling2D(name="pooled")(x)
model = keras.Model(pixels, keras.layers.Dense(3, name="predictions")(x))
model.set_weights([np.arange(it.size, dtype="float32").reshape(it.shape) for it in model.get_weights()])
model.save(folder / "model.keras")
model.save(folder / "model.h5")
model.save_weights(folder / "model.weights.h5")
