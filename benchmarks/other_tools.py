"""Other tools on data of this package: the data set `other_tools`, one row per number.

    python benchmarks/other_tools.py OUT.csv

Needs, beside this package: saber-risk, passk-inference, scorio, errorbars, inspect-ai.
"""
from __future__ import annotations

import csv
import sys
from importlib.metadata import version

import numpy as np

from scaling_utils import load, pass_at_k
from scaling_utils.worlds import simulate

SEEN, FAR, LEVEL = 100, 10_000, 0.9
PAIR = "Pythia-6.9B", "Pythia-12B"
GRID = [1, 10, 100, 1000, 10_000]
HEADER = "package,version,quantity,benchmark,model,k,value,low,high"


def groups():
    """(benchmark, model, n, c) of the long runs of Brown et al., each with n samples."""
    table = load("monkeys_counts")
    for (benchmark, model), g in table.groupby(["benchmark", "model"], sort=False):
        yield benchmark, model, g.n_samples.to_numpy(), g.n_correct.to_numpy()


def thinned():
    """The same with SEEN samples of each problem, drawn without replacement."""
    for i, (benchmark, model, n, c) in enumerate(groups()):
        kept = simulate.thin_counts(n, c, SEEN, np.random.default_rng([15, i]))
        yield benchmark, model, kept


def forecasts():
    """Coverage at FAR from SEEN samples: saber-risk and this package."""
    from saber import SABER

    from scaling_utils import forecast
    for benchmark, model, kept in thinned():
        theirs = SABER().fit(kept, SEEN).predict(N=FAR, confidence=LEVEL)
        yield ("saber-risk", "forecast", benchmark, model, FAR, theirs.asr, theirs.ci_lower,
               theirs.ci_upper)
        ours = forecast((SEEN, kept), FAR)
        yield ("scaling-utils", "forecast", benchmark, model, FAR, ours.median[0], ours.low[0],
               ours.high[0])


def bands():
    """Difference of coverage of two models with a simultaneous band."""
    from passk_inference import compare
    found = {model: (c, n) for benchmark, model, n, c in groups() if benchmark == "MATH"}
    (c0, n0), (c1, n1) = (found[name] for name in PAIR)
    got = compare(c0, n0, c1, n1, ks=GRID, bootstrap=4000, seed=0)
    middle = np.array(got["rl_pass_at_k"]) - got["base_pass_at_k"]
    for k, value, low, high in zip(GRID, middle, got["lower"], got["upper"], strict=True):
        yield "passk-inference", "difference", "MATH", " + ".join(PAIR), k, value, low, high


def means():
    """Accuracy of one sample of one model with its interval."""
    from errorbars import mean_ci_clt
    from scorio import eval as scored
    rng = np.random.default_rng(15)
    for benchmark, model, kept in thinned():
        if benchmark == "MATH" and model in PAIR:
            got = mean_ci_clt(kept / SEEN)
            yield ("errorbars", "one sample", benchmark, model, 1, got.mean, got.ci_low,
                   got.ci_high)
            outcomes = np.array([rng.permutation(np.arange(SEEN) < c) for c in kept], int)
            mean, error, low, high = scored.bayes_ci(outcomes)
            yield "scorio", "one sample", benchmark, model, 1, mean, low, high


def agreements():
    """Largest difference from this package where both compute the same thing."""
    from inspect_ai.scorer import Score, pass_at
    from scipy.special import betainc
    from scorio import eval as scored
    from scorio.aggregate import adaptive_consistency_stop
    reduce, miss = pass_at(10), [0.0, 0.0]
    for c in range(31):
        outcomes = [1.0] * c + [0.0] * (30 - c)
        exact = float(pass_at_k(30, c, 10))
        theirs = reduce([Score(value=x) for x in outcomes]).value
        miss[0] = max(miss[0], abs(theirs - exact))
        miss[1] = max(miss[1], abs(scored.pass_at_k(np.array([outcomes], int), 10) - exact))
    yield "inspect-ai", "pass@k, largest difference", "", "", 10, miss[0], "", ""
    yield "scorio", "pass@k, largest difference", "", "", 10, miss[1], "", ""
    off = 0.0
    for first in range(1, 21):
        for second in range(first + 1):
            _, theirs = adaptive_consistency_stop([0] * first + [1] * second, return_prob=True)
            off = max(off, abs(theirs - betainc(second + 1, first + 1, 0.5)))
    yield "scorio", "posterior of a vote, largest difference", "", "", 40, off, "", ""


def main(path):
    with open(path, "w", encoding="ascii", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(HEADER.split(","))
        for part in (forecasts, bands, means, agreements):
            for package, *row in part():
                number = "0.2.0" if package == "scaling-utils" else version(package)
                out.writerow([package, number, *(x if isinstance(x, str | int) else f"{x:.6g}"
                                                 for x in row)])


if __name__ == "__main__":
    main(sys.argv[1])
