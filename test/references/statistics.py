"""
An independent reference of an experiment's statistics, by SciPy and statsmodels in double precision.

Paired differences of several sizes, with ties and zeros among them; what is said of them goes, with them, into
statistics.json beside this file, which test/experiments/statistics.test.ts compares experiments/statistics with.

    python -m venv venv && venv/bin/pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0
    venv/bin/python test/references/statistics.py
"""

import json
import pathlib

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests


def described(differences):
    d = np.array(differences)
    n = len(d)
    interval = stats.t.interval(0.95, n - 1, loc=d.mean(), scale=stats.sem(d))
    signed = int((d > 0).sum()), int((d < 0).sum())
    permuted = stats.permutation_test(
        (d,), lambda x: x.mean(), permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    )
    return {
        "differences": list(differences),
        "mean": d.mean(),
        "deviation": d.std(ddof=1),
        "low": interval[0],
        "high": interval[1],
        "tP": stats.ttest_1samp(d, 0).pvalue,
        "signP": stats.binomtest(signed[0], sum(signed)).pvalue if sum(signed) else 1.0,
        "permutationP": permuted.pvalue,
    }


def main():
    rng = np.random.default_rng(1706)
    samples = [rng.normal(shift, 1, n).round(6).tolist() for n, shift in
               [(2, 0.5), (3, 1.0), (5, 0.0), (5, 2.0), (8, -0.7), (12, 0.4), (15, -2.0)]]
    # As shares of few test images are: ties, zeros, all of one sign.
    samples += [[0.01, 0.01, 0.02, 0.0, -0.01], [0.005, 0.01, 0.015, 0.02, 0.025], [-0.1, -0.2, -0.1, -0.1]]
    quantiles = [
        {"p": p, "degreesOfFreedom": df, "t": stats.t.isf(p / 2, df)}
        for df in (1, 2, 4, 9, 29, 200) for p in (0.5, 0.1, 0.05, 0.01, 1e-6)
    ]
    families = [[0.01, 0.04, 0.03, 0.005], [0.014, 0.034, 0.12, 0.08], [0.5], [0.02, 0.02, 0.9, 1.0, 0.0001]]
    result = {
        "samples": [described(sample) for sample in samples],
        "quantiles": quantiles,
        "holm": [{"ps": ps, "corrected": multipletests(ps, method="holm")[1].tolist()} for ps in families],
    }
    file = pathlib.Path(__file__).with_suffix(".json")
    file.write_text(json.dumps(result, indent=1) + "\n")


main()
