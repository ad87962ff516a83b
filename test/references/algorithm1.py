"""
An independent NumPy reference of Deep Mutual Learning (Zhang et al., arXiv 1706.00384) in double precision.

Small students (3x3 convolution, batch normalisation, ReLU, global average pooling, dense) take two steps under both
update rules and two methods. Every loss, gradient and weight goes into algorithm1.json beside this file, which
test/engine/algorithm1.test.ts compares the engine with.

    python -m venv venv && venv/bin/pip install numpy==2.2.6 && venv/bin/python test/references/algorithm1.py
"""

import json
import pathlib

import numpy as np

BATCH, SIZE, CHANNELS, FILTERS, CLASSES = 6, 4, 2, 5, 3
EPSILON, BN_MOMENTUM = 1e-5, 0.9
LEARNING_RATE, MOMENTUM, WEIGHT_DECAY = 0.1, 0.9, 5e-4
DECAYED = ("conv/kernel", "logits/kernel")


def log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def patches(x):
    """The 3x3 neighbourhood of every pixel, zeros outside: [batch, height, width, 3, 3, channels]."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    rows = [[padded[:, i : i + SIZE, j : j + SIZE, :] for j in range(3)] for i in range(3)]
    return np.stack([np.stack(row, axis=3) for row in rows], axis=3)


class Student:
    def __init__(self, rng):
        self.w = {
            "conv/kernel": rng.normal(0, 0.4, (3, 3, CHANNELS, FILTERS)),
            "bn/gamma": rng.uniform(0.5, 1.5, FILTERS),
            "bn/beta": rng.normal(0, 0.3, FILTERS),
            "logits/kernel": rng.normal(0, 0.8, (FILTERS, CLASSES)),
            "logits/bias": rng.normal(0, 0.3, CLASSES),
        }
        # The engine holds float32: start from numbers that both can hold.
        self.w = {name: value.astype(np.float32).astype(np.float64) for name, value in self.w.items()}
        self.velocity = {name: np.zeros_like(value) for name, value in self.w.items()}
        self.moving = {"bn/moving_mean": np.zeros(FILTERS), "bn/moving_variance": np.ones(FILTERS)}

    def forward(self, x):
        p = patches(x)
        y = np.einsum("bhwijc,ijcf->bhwf", p, self.w["conv/kernel"])
        mean, variance = y.mean(axis=(0, 1, 2)), y.var(axis=(0, 1, 2))
        normal = (y - mean) / np.sqrt(variance + EPSILON)
        out = normal * self.w["bn/gamma"] + self.w["bn/beta"]
        active = np.maximum(out, 0)
        features = active.mean(axis=(1, 2))
        logits = features @ self.w["logits/kernel"] + self.w["logits/bias"]
        return logits, (p, mean, variance, normal, active, features)

    def backward(self, cache, d_logits):
        p, _, variance, normal, active, features = cache
        n = BATCH * SIZE * SIZE
        d_features = d_logits @ self.w["logits/kernel"].T
        d_out = np.where(active > 0, d_features[:, None, None, :] / (SIZE * SIZE), 0)
        d_normal = d_out * self.w["bn/gamma"]
        total = lambda a: a.sum(axis=(0, 1, 2))
        d_y = (n * d_normal - total(d_normal) - normal * total(d_normal * normal)) / (n * np.sqrt(variance + EPSILON))
        return {
            "conv/kernel": np.einsum("bhwijc,bhwf->ijcf", p, d_y),
            "bn/gamma": total(d_out * normal),
            "bn/beta": total(d_out),
            "logits/kernel": features.T @ d_logits,
            "logits/bias": d_logits.sum(axis=0),
        }

    def update(self, gradients, cache):
        """PyTorch's SGD with Nesterov momentum and coupled weight decay; then the moving statistics."""
        for name, gradient in gradients.items():
            g = gradient + (WEIGHT_DECAY * self.w[name] if name in DECAYED else 0)
            self.velocity[name] = MOMENTUM * self.velocity[name] + g
            self.w[name] = self.w[name] - LEARNING_RATE * (g + MOMENTUM * self.velocity[name])
        _, mean, variance, *_ = cache
        n = BATCH * SIZE * SIZE
        for name, value in (("bn/moving_mean", mean), ("bn/moving_variance", variance * n / (n - 1))):
            self.moving[name] = BN_MOMENTUM * self.moving[name] + (1 - BN_MOMENTUM) * value


def loss_of(teaching, logits, peers, labels):
    """Equation 1: its value, its two parts, and its gradient with respect to the logits."""
    t = teaching["temperature"]
    log_p = log_softmax(logits)
    one_hot = np.eye(CLASSES)[labels]
    label = -(one_hot * log_p).sum(axis=1).mean()
    gradient = (np.exp(log_p) - one_hot) / BATCH
    log_q = log_softmax(logits / t)
    targets = [np.exp(log_softmax(peer / t)) for peer in peers]
    if teaching["method"] == "ENSEMBLE_TEACHER":
        targets = [sum(targets) / len(targets)]
    mutual = 0.0
    for target in targets:
        kl = (target * (np.log(target) - log_q)).sum(axis=1).mean()
        mutual += t * t * kl / len(targets)
        # d KL(p || softmax(z/T)) / dz = (softmax(z/T) - p) / T
        gradient = gradient + teaching["weight"] * t * t * (np.exp(log_q) - target) / t / BATCH / len(targets)
    return label + teaching["weight"] * mutual, label, mutual, gradient


def step(students, teaching, x, labels):
    """One mini-batch for the whole cohort. SEQUENTIAL is Algorithm 1."""
    predictions = [student.forward(x)[0] for student in students]
    lessons = []
    for k, student in enumerate(students):
        logits, cache = student.forward(x)
        peers = [prediction for j, prediction in enumerate(predictions) if j != k]
        loss, label, mutual, d_logits = loss_of(teaching, logits, peers, labels)
        gradients = student.backward(cache, d_logits)
        lessons.append((student, gradients, cache, {"loss": [loss], "labelLoss": [label], "mutualLoss": [mutual]}))
        if teaching["updateRule"] == "SEQUENTIAL":
            student.update(gradients, cache)
            predictions[k] = student.forward(x)[0]
    if teaching["updateRule"] == "SIMULTANEOUS":
        for student, gradients, cache, _ in lessons:
            student.update(gradients, cache)
    return [(losses, gradients) for _, gradients, _, losses in lessons]


def flat(values):
    return {name: np.asarray(value).ravel().tolist() for name, value in values.items()}


def case(students_count, teaching):
    rng = np.random.default_rng(7)
    students = [Student(rng) for _ in range(students_count)]
    initial = [flat(student.w) for student in students]
    steps = []
    for _ in range(2):
        x = rng.normal(0, 1, (BATCH, SIZE, SIZE, CHANNELS)).astype(np.float32).astype(np.float64)
        labels = rng.integers(0, CLASSES, BATCH)
        lessons = step(students, teaching, x, labels)
        steps.append(
            {
                "pictures": x.ravel().tolist(),
                "labels": labels.tolist(),
                "students": [
                    {"losses": losses, "gradients": flat(gradients), "weights": flat({**student.w, **student.moving})}
                    for (losses, gradients), student in zip(lessons, students)
                ],
            }
        )
    return {"teaching": teaching, "initial": initial, "steps": steps}


def main():
    def teaching(method, rule, temperature=1, weight=1):
        return {"method": method, "updateRule": rule, "temperature": temperature, "weight": weight}

    cases = [
        case(2, teaching("MUTUAL", "SEQUENTIAL")),
        case(3, teaching("MUTUAL", "SEQUENTIAL")),
        case(3, teaching("MUTUAL", "SIMULTANEOUS")),
        case(3, teaching("MUTUAL", "SEQUENTIAL", temperature=2, weight=0.5)),
        case(3, teaching("ENSEMBLE_TEACHER", "SEQUENTIAL")),
    ]
    settings = {
        "shape": [BATCH, SIZE, SIZE, CHANNELS],
        "filters": FILTERS,
        "classes": CLASSES,
        "learningRate": LEARNING_RATE,
        "optimizer": {"kind": "SGD", "momentum": MOMENTUM, "nesterov": True, "weightDecay": WEIGHT_DECAY},
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps({"settings": settings, "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
