"""
An independent reference of the classification metrics, by scikit-learn and SciPy in double precision.

Three students say something of random pictures; what is to be measured of it goes, with what they said, into
classification.json beside this file, which test/workers/engine/evaluation/evaluation.test.ts compares the engine with.

    python -m venv venv && venv/bin/pip install numpy==2.4.6 scipy scikit-learn==1.9.1
    venv/bin/python test/references/classification.py
"""

import json
import pathlib
import warnings

import numpy as np
from scipy.special import rel_entr, softmax
from scipy.stats import entropy
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    log_loss,
    precision_recall_fscore_support,
    top_k_accuracy_score,
)
from sklearn.neighbors import NearestCentroid
from sklearn.preprocessing import normalize

STUDENTS, CLASSES, TRAIN, TEST, WIDTH, BINS = 3, 9, 60, 150, 8, 15


def calibration_error(posteriors, labels):
    confidence = posteriors.max(axis=1)
    right = posteriors.argmax(axis=1) == labels
    edges = np.linspace(0, 1, BINS + 1)
    error = 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return error


def scores(posteriors, labels):
    names = np.arange(CLASSES)
    return {
        "top1": accuracy_score(labels, posteriors.argmax(axis=1)),
        "top5": top_k_accuracy_score(labels, posteriors, k=5, labels=names),
        "loss": log_loss(labels, posteriors, labels=names),
        "calibrationError": calibration_error(posteriors, labels),
        "posteriorEntropy": entropy(posteriors, axis=1).mean(),
    }


def class_scores(predicted, labels):
    names = np.arange(CLASSES)
    precision, recall, f1, count = precision_recall_fscore_support(
        labels, predicted, labels=names, zero_division=np.nan
    )
    # scikit-learn calls the F1 of a class that is there, and never taken for, undefined too; it is 0.
    f1 = np.where((count > 0) | np.isin(names, predicted), np.nan_to_num(f1), np.nan)
    return [
        {"count": int(n), **{k: None if np.isnan(v) else v for k, v in zip(("precision", "recall", "f1"), values)}}
        for n, *values in zip(count, precision, recall, f1)
    ]


def main():
    rng = np.random.default_rng(1706)
    # Class 8 has no test picture; nobody ever takes a picture for class 7.
    labels = rng.integers(0, CLASSES - 1, TEST)
    logits = rng.normal(0, 1.5, (STUDENTS, TEST, CLASSES)).astype(np.float32)
    for k in range(STUDENTS):
        logits[k, np.arange(TEST), labels] += np.float32(0.8 * (k + 1))
    logits[:, :, 7] -= 12
    train_labels = np.arange(TRAIN) % CLASSES
    centres = rng.normal(0, 1, (CLASSES, WIDTH))
    train_features = (centres[train_labels] + rng.normal(0, 0.8, (TRAIN, WIDTH))).astype(np.float32)
    features = (centres[labels] + rng.normal(0, 0.8, (TEST, WIDTH))).astype(np.float32)

    posteriors = [softmax(own.astype(np.float64), axis=1) for own in logits]
    mean = np.mean(posteriors, axis=0)
    centroid = NearestCentroid().fit(normalize(train_features.astype(np.float64)), train_labels)
    points = normalize(features.astype(np.float64))
    closeness = -((points[:, None, :] - centroid.centroids_[None]) ** 2).sum(axis=2)
    assert (closeness.argmax(axis=1) == centroid.predict(points)).all()

    golden = {
        "classes": CLASSES,
        "labels": labels.tolist(),
        "logits": [[[float(v) for v in row] for row in own] for own in logits],
        "trainLabels": train_labels.tolist(),
        "trainFeatures": train_features.astype(float).tolist(),
        "features": features.astype(float).tolist(),
        "students": [
            {
                **scores(own, labels),
                "classes": class_scores(own.argmax(axis=1), labels),
                "confusion": confusion_matrix(labels, own.argmax(axis=1), labels=np.arange(CLASSES)).tolist(),
            }
            for own in posteriors
        ],
        "meanPosterior": scores(mean, labels),
        "concatenatedFeatures": {
            "top1": accuracy_score(labels, centroid.predict(points)),
            "top5": top_k_accuracy_score(labels, closeness, k=5, labels=np.arange(CLASSES)),
        },
        "divergence": [[rel_entr(p, q).sum(axis=1).mean() for q in posteriors] for p in posteriors],
        "disagreement": [
            [float((p.argmax(axis=1) != q.argmax(axis=1)).mean()) for q in posteriors] for p in posteriors
        ],
        "errorCorrelation": np.corrcoef([own.argmax(axis=1) != labels for own in posteriors]).tolist(),
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("error")
    main()
