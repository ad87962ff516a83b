"""
Deep Mutual Learning (Zhang et al., arXiv 1706.00384) in PyTorch, for `npm run bench:peers` to race the engine against.

Written to be fast: channels-last memory, the fused optimizer, one ready batch of normalised pictures that is used again
and again (the engine draws, crops and normalises a new one every step). Started with the cohort as options, it tells its
parameter counts, then answers every line on its standard input, {"compiled": bool, "merged": bool, "steps": n}, with the
seconds of n steps.

    peers.py --students resnet-32,resnet-32 --update SEQUENTIAL --batch 64 --classes 100 --size 32 --channels 3 --threads 2
"""

import argparse
import json
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


def conv_bn(inputs, outputs, size, stride=1, groups=1):
    convolution = nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs))


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = conv_bn(inputs, outputs, 3, stride)
        self.second = conv_bn(outputs, outputs, 3)
        changes_shape = stride != 1 or inputs != outputs
        self.shortcut = conv_bn(inputs, outputs, 1, stride) if changes_shape else nn.Identity()

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x), inplace=True)) + self.shortcut(x), inplace=True)


class PreActivationBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        changes_shape = stride != 1 or inputs != outputs
        self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False) if changes_shape else None

    def forward(self, x):
        active = F.relu(self.norm1(x), inplace=True)
        branch = self.conv2(F.relu(self.norm2(self.conv1(active)), inplace=True))
        return branch + (self.shortcut(active) if self.shortcut else x)


def stages(block, inputs, widths, blocks):
    layers = []
    for stage, width in enumerate(widths):
        for i in range(blocks):
            layers.append(block(inputs, width, 2 if stage > 0 and i == 0 else 1))
            inputs = width
    return layers


def resnet(depth, channels):
    stem = [conv_bn(channels, 16, 3), nn.ReLU(inplace=True)]
    return stem + stages(ResidualBlock, 16, (16, 32, 64), (depth - 2) // 6), 64


def wide_resnet(depth, width, channels):
    widths = (16 * width, 32 * width, 64 * width)
    stem = [nn.Conv2d(channels, 16, 3, 1, 1, bias=False)]
    last = [nn.BatchNorm2d(widths[-1]), nn.ReLU(inplace=True)]
    return stem + stages(PreActivationBlock, 16, widths, (depth - 4) // 6) + last, widths[-1]


def mobilenet(multiplier, channels):
    inputs = int(32 * multiplier)
    layers = [conv_bn(channels, inputs, 3), nn.ReLU(inplace=True)]
    blocks = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)]
    for outputs, stride in blocks:
        outputs = int(outputs * multiplier)
        layers += [conv_bn(inputs, inputs, 3, stride, inputs), nn.ReLU(inplace=True)]
        layers += [conv_bn(inputs, outputs, 1), nn.ReLU(inplace=True)]
        inputs = outputs
    return layers, inputs


def build(name, classes, channels):
    family, *numbers = name.split("-")
    builders = {
        "resnet": lambda: resnet(int(numbers[0]), channels),
        "wrn": lambda: wide_resnet(int(numbers[0]), int(numbers[1]), channels),
        "mobilenet": lambda: mobilenet(float(numbers[0]) if numbers else 1, channels),
    }
    if family not in builders:
        sys.exit(f"there is no PyTorch peer of {name}")
    layers, features = builders[family]()
    net = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(features, classes))
    return net.to(memory_format=torch.channels_last).train()


class Student:
    def __init__(self, name, options):
        self.autocast = options.precision == "BFLOAT16"
        self.net = build(name, options.classes, options.channels)
        self.compiled = torch.compile(self.net)
        weights = list(self.net.parameters())
        groups = [
            {"params": [w for w in weights if w.dim() > 1], "weight_decay": 5e-4},
            {"params": [w for w in weights if w.dim() == 1], "weight_decay": 0},
        ]
        self.optimizer = torch.optim.SGD(groups, lr=0.01, momentum=0.9, nesterov=True, fused=True)

    def parameters(self):
        return sum(w.numel() for w in self.net.parameters())

    def predict(self, pictures, compiled):
        with torch.autocast("cpu", torch.bfloat16, enabled=self.autocast):
            logits = (self.compiled if compiled else self.net)(pictures)
        return logits.float()

    def predict_anew(self, pictures, compiled):
        """Without gradients, by batch statistics; the moving ones move once more than the engine's."""
        with torch.no_grad():
            return self.predict(pictures, compiled)

    def learn(self, logits, peers, labels):
        log_q = F.log_softmax(logits, 1)
        loss = F.nll_loss(log_q, labels)
        for peer in peers:
            log_p = F.log_softmax(peer, 1)
            loss = loss + F.kl_div(log_q, log_p, reduction="batchmean", log_target=True) / len(peers)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        return loss

    def update(self):
        self.optimizer.step()


def teach_in_turn(students, pictures, labels, compiled, merged):
    """
    Algorithm 1. `merged`: a student's prediction at the step's start is the one it learns from, which is still valid
    when its turn comes, and only a renewed prediction costs another forward pass. Otherwise as the algorithm is
    usually written: predictions of all, then each student predicts again with gradients.
    """
    if merged:
        logits = [student.predict(pictures, compiled) for student in students]
        constants = [own.detach() for own in logits]
    else:
        constants = [student.predict_anew(pictures, compiled) for student in students]
    losses = []
    for k, student in enumerate(students):
        own = logits[k] if merged else student.predict(pictures, compiled)
        losses.append(student.learn(own, constants[:k] + constants[k + 1 :], labels).item())
        student.update()
        if k < len(students) - 1:
            constants[k] = student.predict_anew(pictures, compiled)
    return losses


def teach_at_once(students, pictures, labels, compiled):
    logits = [student.predict(pictures, compiled) for student in students]
    constants = [own.detach() for own in logits]
    losses = [
        student.learn(logits[k], constants[:k] + constants[k + 1 :], labels) for k, student in enumerate(students)
    ]
    for student in students:
        student.update()
    return [loss.item() for loss in losses]


def peak_memory_mib():
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def read_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--students", required=True)
    parser.add_argument("--update", required=True, choices=["SEQUENTIAL", "SIMULTANEOUS"])
    parser.add_argument("--precision", default="FLOAT32", choices=["FLOAT32", "BFLOAT16"])
    for name in ("batch", "classes", "size", "channels", "threads"):
        parser.add_argument(f"--{name}", type=int, required=True)
    return parser.parse_args()


def main():
    options = read_options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    students = [Student(name, options) for name in options.students.split(",")]
    pictures = torch.randn(options.batch, options.channels, options.size, options.size)
    pictures = pictures.to(memory_format=torch.channels_last)
    labels = torch.arange(options.batch) % options.classes

    def answer(value):
        print(json.dumps(value), flush=True)

    parameters = [student.parameters() for student in students]
    answer({"version": torch.__version__, "threads": torch.get_num_threads(), "parameters": parameters})
    for line in sys.stdin:
        order = json.loads(line)
        seconds = []
        for _ in range(order["steps"]):
            started = time.perf_counter()
            if options.update == "SEQUENTIAL":
                losses = teach_in_turn(students, pictures, labels, order["compiled"], order["merged"])
            else:
                losses = teach_at_once(students, pictures, labels, order["compiled"])
            seconds.append(time.perf_counter() - started)
        answer({"seconds": seconds, "losses": losses, "peakRssMiB": peak_memory_mib()})


if __name__ == "__main__":
    main()
