"""A thousand refits of the Beta law to resampled problems, against a loop of SciPy minimisations.

The loop minimises minus the log-likelihood of `scipy.stats.betabinom` from the full-data fit, on
the same resamples; a few of its refits are timed and scaled up. Both must end at one optimum.
"""
from time import perf_counter

import numpy as np
from scipy.optimize import minimize
from scipy.stats import betabinom

from scaling_utils import fit_counts, load
from scaling_utils.fit.objective import distinct
from scaling_utils.fit.resample import Plan, resample_counts

LOOPED, RESAMPLES = 4, 1000


def plain(n, c, weights, start):
    """One refit: minus log-likelihood of scipy's beta-binomial over the problems, Nelder-Mead."""

    def cost(theta):
        alpha, beta = np.exp(theta)
        return -betabinom.logpmf(c, n, beta, alpha)[weights > 0] @ weights[weights > 0]

    options = dict(xatol=1e-6, fatol=1e-6)
    return minimize(cost, start, method="Nelder-Mead", options=options).x


def one(n, c):
    """Seconds of the loop and of the batch, and the largest distance in log parameters."""
    fit, counts = fit_counts("beta_failure", n, c, n_resamples=0), distinct(n, c)
    start, plan = fit.place.to_theta(fit.values), Plan(RESAMPLES)
    arguments = fit.place, counts, start, plan
    batch = min(_timed(resample_counts, *arguments) for _ in range(3))
    weights = plan.weights(counts.times)
    begin = perf_counter()
    looped = [plain(n[0], counts.c, w, start) for w in weights[:LOOPED]]
    seconds = (perf_counter() - begin) * RESAMPLES / LOOPED
    gap = np.abs(resample_counts(*arguments).theta[:LOOPED] - looped).max()
    return seconds, batch, gap


def _timed(function, *arguments):
    begin = perf_counter()
    function(*arguments)
    return perf_counter() - begin


def main():
    """Print one row per configuration, then the smallest and the median ratio."""
    print("\nA thousand beta-binomial refits: batched Newton against a loop of scipy.optimize")
    print(f"{'configuration':40s}{'loop, s':>9s}{'batch, s':>10s}{'ratio':>8s}{'gap':>9s}")
    ratios = []
    for name, rows in load("monkeys_counts").groupby(["benchmark", "model"]):
        loop, batch, gap = one(rows.n_samples.to_numpy(), rows.n_correct.to_numpy())
        ratios.append(loop / batch)
        print(f"{' '.join(name):40s}{loop:9.1f}{batch:10.3f}{ratios[-1]:8.0f}{gap:9.0e}")
    print(f"smallest {min(ratios):.0f}, median {np.median(ratios):.0f}")


if __name__ == "__main__":
    main()
