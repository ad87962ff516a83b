"""
An independent reference of the retrieval metrics by the protocol of Market-1501, in NumPy and double precision.

Random features of two students, with junk, distractors, pictures of the query's own camera, pictures at exactly equal
distances and queries without a match. The features and every query's average precision, first right rank and first 20
go into retrieval.json beside this file, which test/workers/engine/evaluation/retrieval-reference.test.ts compares the engine with.

    python -m venv venv && venv/bin/pip install numpy==2.4.6 && venv/bin/python test/references/retrieval.py
"""

import json
import pathlib

import numpy as np

QUERIES, GALLERY, WIDTHS, IDENTITIES, CAMERAS = 40, 300, (6, 5), 12, 4
RANKS = 20


def unit(x):
    length = np.sqrt((x**2).sum(axis=1, keepdims=True))
    return x / np.where(length == 0, 1, length)


def distances(query, gallery):
    return np.sqrt(((query[:, None, :] - gallery[None, :, :]) ** 2).sum(axis=2))


def rank(distance, query, gallery):
    """The protocol as it is written: a stable sort, then what is junk to the query is taken out."""
    results = []
    for q in range(len(distance)):
        order = np.argsort(distance[q], kind="stable")
        identity, camera = gallery["identities"][order], gallery["cameras"][order]
        same = (identity == query["identities"][q]) & (identity > 0)
        junk = (identity == -1) | (same & (camera == query["cameras"][q]))
        order, right = order[~junk], same[~junk]
        precision = np.cumsum(right) / np.arange(1, len(right) + 1)
        results.append(
            {
                "averagePrecision": float(precision[right].mean()) if right.any() else None,
                "firstRight": int(np.argmax(right)) + 1 if right.any() else None,
                "gallery": order[:RANKS].tolist(),
                "right": right[:RANKS].tolist(),
                "distances": distance[q][order[:RANKS]].tolist(),
            }
        )
    return results


def score(results):
    valid = [r for r in results if r["firstRight"] is not None]
    first = np.array([r["firstRight"] for r in valid])
    return {
        "meanAveragePrecision": float(np.mean([r["averagePrecision"] for r in valid])),
        "cmc": [float((first <= r).mean()) for r in range(1, RANKS + 1)],
    }


def main():
    rng = np.random.default_rng(1501)
    query = {
        # Identities 13 and 14 are not in the gallery at all.
        "identities": rng.integers(1, IDENTITIES + 3, QUERIES),
        "cameras": rng.integers(1, CAMERAS + 1, QUERIES),
    }
    gallery = {
        "identities": rng.choice([-1, 0, *range(1, IDENTITIES + 1)], GALLERY),
        "cameras": rng.integers(1, CAMERAS + 1, GALLERY),
    }
    # Identity 12 was only ever seen by camera 1, so that its query from there has nothing but junk.
    gallery["cameras"][gallery["identities"] == IDENTITIES] = 1
    query["identities"][0], query["cameras"][0] = IDENTITIES, 1

    students = []
    twins = rng.permutation(GALLERY)[:160].reshape(-1, 2)
    for width in WIDTHS:
        centres = rng.normal(0, 1, (IDENTITIES + 3, width))
        look = lambda ids, noise: centres[np.maximum(ids, 0)] + rng.normal(0, noise, (len(ids), width))
        own = {
            "query": look(query["identities"], 1.5).astype(np.float32).astype(np.float64),
            "gallery": look(gallery["identities"], 1.5).astype(np.float32).astype(np.float64),
        }
        # The same direction at twice the length: exactly as far from everything.
        own["gallery"][twins[:, 1]] = 2 * own["gallery"][twins[:, 0]]
        own["gallery"][5] = 0
        students.append(own)

    units = [(unit(own["query"]), unit(own["gallery"])) for own in students]
    squares = [distances(*pair) ** 2 for pair in units]
    rankings = [rank(distances(*pair), query, gallery) for pair in units]
    concatenated = [np.concatenate(parts, axis=1) / np.sqrt(len(units)) for parts in zip(*units)]
    assert np.allclose(distances(*concatenated) ** 2, np.mean(squares, axis=0), atol=1e-12)
    ensemble = rank(distances(*concatenated), query, gallery)

    plain = lambda split: {name: values.tolist() for name, values in split.items()}
    golden = {
        "query": plain(query),
        "gallery": plain(gallery),
        "features": [plain(own) for own in students],
        "students": [{"score": score(own), "queries": own} for own in rankings],
        "ensemble": {"score": score(ensemble), "queries": ensemble},
        "withoutMatch": sum(r["firstRight"] is None for r in ensemble),
    }
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
