"""The students of algorithm1.py: a small network, its gradients by hand, and the optimizers that change its weights."""

import copy

import numpy as np

BATCH, SIZE, CHANNELS, FILTERS, CLASSES = 6, 4, 2, 5, 3
EPSILON, BN_MOMENTUM = 1e-5, 0.9
DECAYED = ("conv/kernel", "logits/kernel")


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
        self.moving = {"bn/moving_mean": np.zeros(FILTERS), "bn/moving_variance": np.ones(FILTERS)}
        self.slots = {}
        self.average = {name: value.copy() for name, value in {**self.w, **self.moving}.items()}
        self.peer_average = dict(self.average)

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

    def backward(self, cache, d_logits, d_features=0):
        """@param d_features: of what of the loss depends on the features without the logits"""
        p, _, variance, normal, active, features = cache
        n = BATCH * SIZE * SIZE
        d_features = d_features + d_logits @ self.w["logits/kernel"].T
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

    def predict_frozen(self, x):
        """As in a test: normalised by the moving statistics."""
        y = np.einsum("bhwijc,ijcf->bhwf", patches(x), self.w["conv/kernel"])
        normal = (y - self.moving["bn/moving_mean"]) / np.sqrt(self.moving["bn/moving_variance"] + EPSILON)
        active = np.maximum(normal * self.w["bn/gamma"] + self.w["bn/beta"], 0)
        features = active.mean(axis=(1, 2))
        return features @ self.w["logits/kernel"] + self.w["logits/bias"], features

    def update(self, gradients, cache, recipe, rate, t):
        """The optimizers as PyTorch's documentation gives them; then the moving statistics and the weights' average."""
        if recipe["clipNorm"] is not None:
            norm = np.sqrt(sum((g * g).sum() for g in gradients.values()))
            gradients = {name: g * min(1, recipe["clipNorm"] / (norm + 1e-6)) for name, g in gradients.items()}
        step = {"SGD": self.sgd, "ADAM": self.adam, "ADAMW": self.adamw}[recipe["optimizer"]["kind"]]
        for name, gradient in gradients.items():
            self.w[name] = step(name, gradient, recipe["optimizer"], rate, t)
        _, mean, variance, *_ = cache
        n = BATCH * SIZE * SIZE
        for name, value in (("bn/moving_mean", mean), ("bn/moving_variance", variance * n / (n - 1))):
            self.moving[name] = BN_MOMENTUM * self.moving[name] + (1 - BN_MOMENTUM) * value
        if recipe["averageDecay"] is not None:
            decay = min(recipe["averageDecay"], (1 + t) / (10 + t))
            for name, value in {**self.w, **self.moving}.items():
                self.average[name] = decay * self.average[name] + (1 - decay) * value

    def follow(self, decay, t):
        """The average by which it teaches its peers, after a step."""
        kept = min(decay, (1 + t) / (10 + t))
        for name, value in {**self.w, **self.moving}.items():
            self.peer_average[name] = kept * self.peer_average[name] + (1 - kept) * value

    def averaged(self):
        """The student that its peers learn from: normalised by the batch, as in training."""
        peer = copy.copy(self)
        peer.w = {name: self.peer_average[name] for name in self.w}
        return peer

    def slot(self, name, kind):
        return self.slots.get(f"{name}/{kind}", np.zeros_like(self.w[name]))

    def sgd(self, name, gradient, settings, rate, _):
        g = gradient + (settings["weightDecay"] * self.w[name] if name in DECAYED else 0)
        v = settings["momentum"] * self.slot(name, "velocity") + g
        self.slots[f"{name}/velocity"] = v
        return self.w[name] - rate * (g + settings["momentum"] * v if settings["nesterov"] else v)

    def adam(self, name, gradient, settings, rate, t):
        g = gradient + (settings["weightDecay"] * self.w[name] if name in DECAYED else 0)
        return self.w[name] - self.adam_change(name, g, settings, rate, t)

    def adamw(self, name, gradient, settings, rate, t):
        decay = settings["weightDecay"] if name in DECAYED else 0
        return self.w[name] * (1 - rate * decay) - self.adam_change(name, gradient, settings, rate, t)

    def adam_change(self, name, g, settings, rate, t):
        b1, b2 = settings["beta1"], settings["beta2"]
        m = b1 * self.slot(name, "first_moment") + (1 - b1) * g
        v = b2 * self.slot(name, "second_moment") + (1 - b2) * g * g
        self.slots[f"{name}/first_moment"], self.slots[f"{name}/second_moment"] = m, v
        return rate * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + settings["epsilon"])
