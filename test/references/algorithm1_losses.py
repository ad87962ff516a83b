"""What a student of algorithm1.py is taught: targets, divergences, their gradients with respect to its logits by hand."""

import numpy as np

from algorithm1_student import CLASSES


def log_softmax(z):
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def classes_of(labels, peers, more):
    """One-hot: a mixed picture's larger part; without a label, what the peers believe in most together."""
    known = np.array(labels)
    if "mixedWith" in more and more["otherShare"] > 0.5:
        known = known[more["mixedWith"]]
    believed = sum(np.exp(log_softmax(peer)) for peer in peers).argmax(axis=1)
    return np.eye(CLASSES)[np.concatenate([known, believed[len(known) :]])]


def ensemble_of(rule, logits, truth):
    """KDCL's teachers (Guo et al. 2020), made of every student's logits."""
    y = truth.argmax(axis=1)
    rows = np.arange(len(y))
    if rule == "LEAST_LOSS":
        best = np.array([[-log_softmax(z)[i, y[i]] for z in logits] for i in rows]).argmin(axis=1)
        return np.array([logits[best[i]][i] for i in rows])
    return np.min([z - z[rows, y][:, None] for z in logits], axis=0)


def standardized(z):
    """Sun et al. 2024, and what turns a gradient with respect to the z-scores into one with respect to z."""
    mean, deviation = z.mean(axis=1, keepdims=True), z.std(axis=1, keepdims=True)
    score = (z - mean) / deviation

    def backward(d):
        return (d - d.mean(axis=1, keepdims=True) - score * (d * score).mean(axis=1, keepdims=True)) / deviation

    return score, backward


def divergence_of(teaching, target, log_q, truth):
    """Of each picture: from a target posterior to softmax(a) with log_q = log softmax(a), and its gradient by a."""
    q = np.exp(log_q)
    if teaching["divergence"] == "DECOUPLED_KL":
        return decoupled(teaching, target, q, truth)
    kl = (target * (np.log(target) - log_q)).sum(axis=1)
    # d KL(p || softmax(a)) / da = softmax(a) - p
    d_kl = q - target
    if teaching["divergence"] == "SYMMETRIC_KL":
        # d KL(softmax(a) || p) / da = q (log q - log p - KL(q || p)), with p constant
        reverse = (q * (log_q - np.log(target))).sum(axis=1)
        d_reverse = q * (log_q - np.log(target) - reverse[:, None])
        kl, d_kl = (kl + reverse) / 2, (d_kl + d_reverse) / 2
    return kl, d_kl


def decoupled(teaching, p, q, truth):
    """Zhao et al. 2022, equation 7, with the other classes' posteriors normalised one picture at a time."""
    values, gradients = [], []
    for p_i, q_i, t in zip(p, q, truth.argmax(axis=1)):
        others = [c for c in range(CLASSES) if c != t]
        p_t, q_t = p_i[t], q_i[t]
        target = p_t * np.log(p_t / q_t) + (1 - p_t) * np.log((1 - p_t) / (1 - q_t))
        p_hat, q_hat = p_i[others] / (1 - p_t), q_i[others] / (1 - q_t)
        rest = (p_hat * np.log(p_hat / q_hat)).sum()
        # d q_t / da = q_t (1_t - q); d TCKD / d q_t = -p_t / q_t + (1 - p_t) / (1 - q_t)
        d_target = (-p_t / q_t + (1 - p_t) / (1 - q_t)) * q_t * (np.eye(CLASSES)[t] - q_i)
        d_rest = np.zeros(CLASSES)
        d_rest[others] = q_hat - p_hat
        values.append(teaching["targetClassWeight"] * target + teaching["otherClassesWeight"] * rest)
        gradients.append(teaching["targetClassWeight"] * d_target + teaching["otherClassesWeight"] * d_rest)
    return np.array(values), np.array(gradients)


def mutual_loss(teaching, logits, peers, truth):
    """The mutual term, and its gradient with respect to the logits."""
    t = teaching["temperature"]
    through = lambda z: standardized(z) if teaching["standardizesLogits"] else (z, lambda d: d)
    own, backward = through(logits)
    log_q = log_softmax(own / t)
    if teaching["ensembleRule"] != "MEAN_POSTERIOR":
        peers = [ensemble_of(teaching["ensembleRule"], peers, truth)]
    targets = [np.exp(log_softmax(through(peer)[0] / t)) for peer in peers]
    if teaching["method"] == "ENSEMBLE_TEACHER":
        targets = [sum(targets) / len(targets)]
    loss, gradient = 0.0, np.zeros_like(logits)
    for target in targets:
        value, d_value = divergence_of(teaching, target, log_q, truth)
        loss += t * t * value.mean() / len(targets)
        gradient = gradient + t * t * backward(d_value / t) / len(logits) / len(targets)
    return loss, gradient


def who_waits(logits, labels, temperature):
    """SwitOKD's switch (Qian et al. 2022): the student that waits in this step, or none."""
    p = [np.exp(log_softmax(z / temperature)) for z in logits]
    y = np.eye(CLASSES)[labels]
    norm = lambda a, b: np.abs(a - b).sum(axis=1).mean()
    distances = [norm(q[: len(y)], y) for q in p]
    t, s = int(np.argmin(distances)), int(np.argmax(distances))
    gap = norm(p[t][: len(y)], p[s][: len(y)])
    threshold = distances[s] - np.exp(-distances[t] / (distances[s] + distances[t])) * distances[t]
    return t if gap > threshold else None
