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

from algorithm1_losses import classes_of, log_softmax, mutual_loss, who_waits
from algorithm1_student import BATCH, CHANNELS, CLASSES, FILTERS, SIZE, Student

LEARNING_RATES = (0.1, 0.05)

SGD = {"kind": "SGD", "momentum": 0.9, "nesterov": True, "weightDecay": 5e-4}
PLAIN_MOMENTUM = {"kind": "SGD", "momentum": 0.8, "nesterov": False, "weightDecay": 0}
# With the usual epsilon the smallest gradients would magnify float32's rounding.
ADAM = {"kind": "ADAM", "beta1": 0.5, "beta2": 0.999, "epsilon": 1e-3, "weightDecay": 0.01}
ADAMW = {"kind": "ADAMW", "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-3, "weightDecay": 0.1}


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


def loss_of(teaching, logits, peers, expected, weight, truth):
    """Equation 1: its value, its two parts, and its gradient with respect to the logits."""
    # Pictures without labels come last, and have no part in the label loss.
    labelled = len(expected)
    log_p = log_softmax(logits)[:labelled]
    label = -(expected * log_p).sum(axis=1).mean()
    gradient = np.zeros_like(logits)
    gradient[:labelled] = (np.exp(log_p) * expected.sum(axis=1, keepdims=True) - expected) / labelled
    mutual, d_mutual = mutual_loss(teaching, logits, peers, truth) if peers else (0.0, 0)
    return label + weight * mutual, label, mutual, gradient + weight * d_mutual


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
    averaged = teaching["peerAverageDecay"] is not None
    as_peer = lambda student: outputs(student.averaged()) if averaged else outputs(student)
    predictions = [as_peer(student) for student in students]
    waits = who_waits([p[0] for p in predictions], labels, teaching["temperature"]) if teaching["pausesLeader"] else None
    lessons = []
    for k, student in enumerate(students):
        logits, cache = student.forward(x)
        if distills:
            peers = [cohort[0].predict_frozen(x)]
        elif teaching["method"] == "INDEPENDENT":
            peers = []
        elif teaching["ensembleRule"] != "MEAN_POSTERIOR":
            peers = predictions
        elif partners is not None:
            peers = [predictions[partners[k]]]
        else:
            peers = [prediction for j, prediction in enumerate(predictions) if j != k]
        peers_logits = [peer[0] for peer in peers]
        truth = classes_of(labels, peers_logits, more) if peers else None
        loss, label, mutual, d_logits = loss_of(teaching, logits, peers_logits, expected, weight, truth)
        d_features = 0
        if feature_weight > 0 and peers:
            matching, d_matching = feature_loss_of(teaching, cache[-1], [peer[1] for peer in peers])
            loss, d_features = loss + feature_weight * matching, feature_weight * d_matching
        gradients = student.backward(cache, d_logits, d_features)
        lessons.append((student, gradients, cache, {"loss": [loss], "labelLoss": [label], "mutualLoss": [mutual]}))
        if teaching["updateRule"] == "SEQUENTIAL" and k != waits:
            student.update(gradients, cache, recipe, rate, t)
            if not averaged:
                predictions[k] = outputs(student)
    if teaching["updateRule"] == "SIMULTANEOUS":
        for k, (student, gradients, cache, _) in enumerate(lessons):
            if k != waits:
                student.update(gradients, cache, recipe, rate, t)
    if averaged:
        for student in students:
            student.follow(teaching["peerAverageDecay"], t)
    return [(student, losses, gradients) for student, gradients, _, losses in lessons]


def flat(values):
    """Ten digits: more than the engine's float32 holds."""
    return {name: [float(f"{number:.10g}") for number in np.ravel(value)] for name, value in values.items()}


def state_of(student, recipe, decay):
    average = {f"{name}/average": value for name, value in student.average.items()}
    peer = {f"{name}/peer_average": value for name, value in student.peer_average.items()}
    kept = {**(average if recipe["averageDecay"] is not None else {}), **(peer if decay is not None else {})}
    return flat({**student.w, **student.moving, **student.slots, **kept})


def case(students_count, teaching, partners=(None, None), more=({}, {}), unlabelled=0, spread=1, **changes):
    recipe = {"optimizer": SGD, "clipNorm": None, "labelSmoothing": 0, "averageDecay": None, **changes}
    rng = np.random.default_rng(7)
    cohort = [Student(rng) for _ in range(students_count)]
    if teaching["method"] == "DISTILLATION":
        # A teacher whose moving statistics are no longer the initial ones.
        cohort[0].moving["bn/moving_mean"] = rng.normal(0, 0.3, FILTERS).astype(np.float32).astype(np.float64)
        cohort[0].moving["bn/moving_variance"] = rng.uniform(0.5, 2, FILTERS).astype(np.float32).astype(np.float64)
    # A student that believes in hardly anything is far behind.
    cohort[-1].w["logits/kernel"] = (cohort[-1].w["logits/kernel"] * spread).astype(np.float32).astype(np.float64)
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
                    {"losses": losses, "gradients": flat(gradients), "state": state_of(student, recipe, teaching["peerAverageDecay"])}
                    for student, losses, gradients in lessons
                ],
            }
        )
    return {"teaching": teaching, "recipe": recipe, "initial": initial, "steps": steps}


def main():
    def teaching(method, rule, temperature=1, weight=1, partner_rule="ALL", divergence="KL", features=0, **added):
        return {
            "method": method,
            "updateRule": rule,
            "partnerRule": partner_rule,
            "temperature": temperature,
            "weight": weight,
            "divergence": divergence,
            "featureWeight": features,
            "targetClassWeight": 1,
            "otherClassesWeight": 8,
            "standardizesLogits": False,
            "ensembleRule": "MEAN_POSTERIOR",
            "peerAverageDecay": None,
            "pausesLeader": False,
            **added,
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
    decoupled = {"divergence": "DECOUPLED_KL", "targetClassWeight": 0.7, "otherClassesWeight": 3}
    naive, least = {"ensembleRule": "LEAST_LOSS"}, {"ensembleRule": "LEAST_LOGITS"}
    scores = {"standardizesLogits": True}
    averages, gated = {"peerAverageDecay": 0.15}, {"pausesLeader": True}
    more_box = {**box, "otherShare": 0.75}
    cases += [
        case(3, teaching("MUTUAL", "SEQUENTIAL", temperature=2, **scores)),
        case(2, teaching("DISTILLATION", "SEQUENTIAL", temperature=3, weight=0.5, **scores)),
        case(3, teaching("ENSEMBLE_TEACHER", "SIMULTANEOUS", **scores, **symmetric)),
        case(3, teaching("MUTUAL", "SEQUENTIAL", temperature=2, **decoupled)),
        case(3, teaching("DISTILLATION", "SEQUENTIAL", temperature=4, **decoupled), unlabelled=2),
        case(3, teaching("ENSEMBLE_TEACHER", "SIMULTANEOUS", **decoupled), more=(blend, more_box)),
        case(3, teaching("ENSEMBLE_TEACHER", "SEQUENTIAL", temperature=2, **naive)),
        case(2, teaching("ENSEMBLE_TEACHER", "SIMULTANEOUS", **naive), unlabelled=2),
        case(3, teaching("ENSEMBLE_TEACHER", "SEQUENTIAL", weight=2, **least)),
        case(3, teaching("ENSEMBLE_TEACHER", "SIMULTANEOUS", **least, **decoupled), more=(blend, {})),
        case(3, teaching("MUTUAL", "SEQUENTIAL", **averages)),
        case(2, teaching("ENSEMBLE_TEACHER", "SIMULTANEOUS", features=2, **averages), averageDecay=0.2),
        case(2, teaching("MUTUAL", "SEQUENTIAL", **gated)),
        case(3, teaching("MUTUAL", "SIMULTANEOUS", temperature=2, **gated), optimizer=ADAM),
        case(2, teaching("ENSEMBLE_TEACHER", "SIMULTANEOUS", **gated), unlabelled=2, spread=0.2),
    ]
    settings = {"shape": [BATCH, SIZE, SIZE, CHANNELS], "filters": FILTERS, "classes": CLASSES}
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps({"settings": settings, "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
