"""
An independent NumPy reference of Deep Mutual Learning (Zhang et al., arXiv 1706.00384) in double precision.

Small students (3x3 convolution, batch normalisation, ReLU, global average pooling, dense) take two steps under every
update rule, teaching method and optimizer. Every loss, gradient, weight, moving average and optimizer state goes into
algorithm1.json beside this file, which test/workers/engine/teaching/algorithm1.test.ts compares the engine with.

    python -m venv venv && venv/bin/pip install numpy==2.2.6 && venv/bin/python test/references/algorithm1.py
"""

import json
import pathlib

import numpy as np

from algorithm1_student import BATCH, CHANNELS, CLASSES, FILTERS, SIZE, Student

LEARNING_RATES = (0.1, 0.05)

SGD = {"kind": "SGD", "momentum": 0.9, "nesterov": True, "weightDecay": 5e-4}
PLAIN_MOMENTUM = {"kind": "SGD", "momentum": 0.8, "nesterov": False, "weightDecay": 0}
# With the usual epsilon the smallest gradients would magnify float32's rounding.
ADAM = {"kind": "ADAM", "beta1": 0.5, "beta2": 0.999, "epsilon": 1e-3, "weightDecay": 0.01}
ADAMW = {"kind": "ADAMW", "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-3, "weightDecay": 0.1}


def log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def targets_of(smoothing, labels, more):
    """Smoothed labels, weighted by class and mixed in pairs where the step says so; rows need not sum to 1."""
    expected = (1 - smoothing) * np.eye(CLASSES)[labels] + smoothing / CLASSES
    if "labelWeights" in more:
        expected = expected * np.array(more["labelWeights"])[:, None]
    if "mixedWith" in more:
        share = more["otherShare"]
        expected = (1 - share) * expected + share * expected[more["mixedWith"]]
    return expected


def mixed_pictures(x, more):
    """Another picture's share of each pixel is the outer product of rows and columns."""
    if "mixedWith" not in more:
        return x
    share = np.outer(more["mixedRows"], more["mixedColumns"])[None, :, :, None]
    return (1 - share) * x + share * x[more["mixedWith"]]


def loss_of(teaching, logits, peers, expected, weight):
    """Equation 1: its value, its two parts, and its gradient with respect to the logits."""
    t = teaching["temperature"]
    symmetric = teaching["divergence"] == "SYMMETRIC_KL"
    # Pictures without labels come last, and have no part in the label loss.
    labelled = len(expected)
    log_p = log_softmax(logits)[:labelled]
    label = -(expected * log_p).sum(axis=1).mean()
    gradient = np.zeros_like(logits)
    gradient[:labelled] = (np.exp(log_p) * expected.sum(axis=1, keepdims=True) - expected) / labelled
    log_q = log_softmax(logits / t)
    targets = [np.exp(log_softmax(peer / t)) for peer in peers]
    if teaching["method"] == "ENSEMBLE_TEACHER":
        targets = [sum(targets) / len(targets)]
    mutual = 0.0
    for target in targets:
        q = np.exp(log_q)
        kl = (target * (np.log(target) - log_q)).sum(axis=1)
        # d KL(p || softmax(z/T)) / dz = (softmax(z/T) - p) / T
        d_kl = (q - target) / t
        if symmetric:
            # d KL(softmax(z/T) || p) / dz = q (log q - log p - KL(q || p)) / T, with q = softmax(z/T) and p constant
            reverse = (q * (log_q - np.log(target))).sum(axis=1)
            d_reverse = q * (log_q - np.log(target) - reverse[:, None]) / t
            kl, d_kl = (kl + reverse) / 2, (d_kl + d_reverse) / 2
        mutual += t * t * kl.mean() / len(targets)
        gradient = gradient + weight * t * t * d_kl / BATCH / len(targets)
    return label + weight * mutual, label, mutual, gradient


def feature_loss_of(teaching, features, peers):
    """The mean squared difference to the peers' features, and its gradient with respect to the features."""
    targets = [sum(peers) / len(peers)] if teaching["method"] == "ENSEMBLE_TEACHER" else peers
    differences = [features - target for target in targets]
    loss = sum((d * d).mean() for d in differences) / len(targets)
    return loss, 2 * sum(differences) / features.size / len(targets)


def step(cohort, teaching, recipe, x, labels, partners, rate, t, more):
    """One mini-batch for the whole cohort. SEQUENTIAL is Algorithm 1. Under DISTILLATION the first is the frozen teacher."""
    distills = teaching["method"] == "DISTILLATION"
    students = cohort[1:] if distills else cohort
    x = mixed_pictures(x, more)
    expected = targets_of(recipe["labelSmoothing"], labels, more)
    share = more.get("teachingShare", 1)
    weight, feature_weight = teaching["weight"] * share, teaching["featureWeight"] * share
    # Logits and features.
    outputs = lambda student: (lambda logits, cache: (logits, cache[-1]))(*student.forward(x))
    predictions = [outputs(student) for student in students]
    lessons = []
    for k, student in enumerate(students):
        logits, cache = student.forward(x)
        if distills:
            peers = [cohort[0].predict_frozen(x)]
        elif teaching["method"] == "INDEPENDENT":
            peers = []
        elif partners is not None:
            peers = [predictions[partners[k]]]
        else:
            peers = [prediction for j, prediction in enumerate(predictions) if j != k]
        loss, label, mutual, d_logits = loss_of(teaching, logits, [peer[0] for peer in peers], expected, weight)
        d_features = 0
        if feature_weight > 0 and peers:
            matching, d_matching = feature_loss_of(teaching, cache[-1], [peer[1] for peer in peers])
            loss, d_features = loss + feature_weight * matching, feature_weight * d_matching
        gradients = student.backward(cache, d_logits, d_features)
        lessons.append((student, gradients, cache, {"loss": [loss], "labelLoss": [label], "mutualLoss": [mutual]}))
        if teaching["updateRule"] == "SEQUENTIAL":
            student.update(gradients, cache, recipe, rate, t)
            predictions[k] = outputs(student)
    if teaching["updateRule"] == "SIMULTANEOUS":
        for student, gradients, cache, _ in lessons:
            student.update(gradients, cache, recipe, rate, t)
    return [(student, losses, gradients) for student, gradients, _, losses in lessons]


def flat(values):
    """Ten digits: more than the engine's float32 holds."""
    return {name: [float(f"{number:.10g}") for number in np.ravel(value)] for name, value in values.items()}


def state_of(student, recipe):
    average = {f"{name}/average": value for name, value in student.average.items()}
    return flat(
        {**student.w, **student.moving, **student.slots, **(average if recipe["averageDecay"] is not None else {})}
    )


def case(students_count, teaching, partners=(None, None), more=({}, {}), unlabelled=0, **changes):
    recipe = {"optimizer": SGD, "clipNorm": None, "labelSmoothing": 0, "averageDecay": None, **changes}
    rng = np.random.default_rng(7)
    cohort = [Student(rng) for _ in range(students_count)]
    if teaching["method"] == "DISTILLATION":
        # A teacher whose moving statistics are no longer the initial ones.
        cohort[0].moving["bn/moving_mean"] = rng.normal(0, 0.3, FILTERS).astype(np.float32).astype(np.float64)
        cohort[0].moving["bn/moving_variance"] = rng.uniform(0.5, 2, FILTERS).astype(np.float32).astype(np.float64)
    initial = [flat({**student.w, **student.moving}) for student in cohort]
    steps = []
    for index, rate in enumerate(LEARNING_RATES):
        x = rng.normal(0, 1, (BATCH, SIZE, SIZE, CHANNELS)).astype(np.float32).astype(np.float64)
        labels = rng.integers(0, CLASSES, BATCH)[: BATCH - unlabelled]
        lessons = step(cohort, teaching, recipe, x, labels, partners[index], rate, index + 1, more[index])
        steps.append(
            {
                **flat({"pictures": x}),
                "labels": labels.tolist(),
                "partners": partners[index],
                **more[index],
                "learningRate": rate,
                "learners": [
                    {"losses": losses, "gradients": flat(gradients), "state": state_of(student, recipe)}
                    for student, losses, gradients in lessons
                ],
            }
        )
    return {"teaching": teaching, "recipe": recipe, "initial": initial, "steps": steps}


def main():
    def teaching(method, rule, temperature=1, weight=1, partner_rule="ALL", divergence="KL", features=0):
        return {
            "method": method,
            "updateRule": rule,
            "partnerRule": partner_rule,
            "temperature": temperature,
            "weight": weight,
            "divergence": divergence,
            "featureWeight": features,
        }

    order = np.roll(np.arange(BATCH), 2).tolist()
    inside = [1 if 1 <= i < 3 else 0 for i in range(SIZE)]
    blend = {"mixedWith": order, "mixedRows": [0.25] * SIZE, "mixedColumns": [1] * SIZE, "otherShare": 0.25}
    box = {"mixedWith": order, "mixedRows": inside, "mixedColumns": inside, "otherShare": 4 / SIZE**2}
    weights = {"labelWeights": [0.5 + 0.25 * i for i in range(BATCH)]}
    mutual = teaching("MUTUAL", "SEQUENTIAL")
    symmetric = {"divergence": "SYMMETRIC_KL"}
    one_peer = {"partner_rule": "ONE_PER_EPOCH"}
    cases = [
        case(2, mutual),
        case(3, mutual),
        case(2, teaching("MUTUAL", "SIMULTANEOUS")),
        case(3, teaching("MUTUAL", "SIMULTANEOUS")),
        case(3, teaching("MUTUAL", "SEQUENTIAL", temperature=2, weight=0.5)),
        case(3, teaching("MUTUAL", "SEQUENTIAL", partner_rule="ONE_PER_EPOCH"), partners=([2, 0, 1], [1, 2, 0])),
        case(3, teaching("ENSEMBLE_TEACHER", "SEQUENTIAL")),
        case(3, teaching("ENSEMBLE_TEACHER", "SIMULTANEOUS", temperature=3)),
        case(2, teaching("INDEPENDENT", "SEQUENTIAL")),
        case(3, teaching("DISTILLATION", "SEQUENTIAL", temperature=4, weight=0.7)),
        case(2, mutual, optimizer=PLAIN_MOMENTUM),
        case(2, mutual, optimizer=ADAM),
        case(2, mutual, optimizer=ADAMW),
        case(2, mutual, optimizer=ADAM, clipNorm=0.2),
        case(2, mutual, labelSmoothing=0.1),
        case(2, mutual, averageDecay=0.2),
        case(2, mutual, more=(blend, {**box, "teachingShare": 0.25}), labelSmoothing=0.1),
        case(3, teaching("ENSEMBLE_TEACHER", "SIMULTANEOUS"), more=({**blend, **weights}, weights)),
        case(3, teaching("MUTUAL", "SEQUENTIAL", temperature=2, weight=0.5, **symmetric)),
        case(3, teaching("ENSEMBLE_TEACHER", "SIMULTANEOUS", **symmetric)),
        case(3, teaching("MUTUAL", "SEQUENTIAL", features=0.7), more=({"teachingShare": 0.25}, {})),
        case(2, teaching("MUTUAL", "SIMULTANEOUS", weight=0, features=3)),
        case(3, teaching("MUTUAL", "SEQUENTIAL", features=2, **one_peer), partners=([2, 0, 1], [1, 2, 0])),
        case(3, teaching("ENSEMBLE_TEACHER", "SEQUENTIAL", features=2)),
        case(3, teaching("DISTILLATION", "SEQUENTIAL", temperature=4, features=2, **symmetric)),
        case(2, mutual, unlabelled=3, labelSmoothing=0.1),
        case(3, teaching("MUTUAL", "SIMULTANEOUS", temperature=2), unlabelled=2),
        case(3, teaching("ENSEMBLE_TEACHER", "SEQUENTIAL", features=2), unlabelled=4),
    ]
    settings = {"shape": [BATCH, SIZE, SIZE, CHANNELS], "filters": FILTERS, "classes": CLASSES}
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps({"settings": settings, "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
