"""Exact votes and best-of-n against random subsets, drawn until their standard error is 0.001."""
from itertools import count
from time import perf_counter

import numpy as np

from scaling_utils import best_of_n, majority_at_k, weighted_majority_at_k

ERROR, BATCH = 1e-3, 20_000
SHARES = np.array([0.30, 0.24, 0.16, 0.10, 0.08, 0.06, 0.04, 0.02])


def vote(drawn):
    """Whether answer 0 has the largest sum, ties split evenly; one row per subset."""
    best = drawn == drawn.max(axis=1, keepdims=True)
    return best[:, 0] / best.sum(axis=1)


def subsets(rng, n, k):
    """k of n samples in each row."""
    return np.argpartition(rng.random((BATCH, n)), k - 1, axis=1)[:, :k]


def plain(rng, answers, k):
    counts = np.bincount(answers, minlength=SHARES.size)
    return vote(rng.multivariate_hypergeometric(counts, k, size=BATCH))


def weighted(rng, answers, weights, k):
    chosen = subsets(rng, answers.size, k)
    index = np.arange(BATCH)[:, None] * SHARES.size + answers[chosen]
    sums = np.bincount(index.ravel(), weights[chosen].ravel(), BATCH * SHARES.size)
    return vote(sums.reshape(BATCH, -1))


def best(rng, scores, correct, n):
    chosen = subsets(rng, scores.size, n)
    at = np.argmax(scores[chosen], axis=1)  # scores of the benchmark have no ties
    return correct[chosen[np.arange(BATCH), at]].astype(float)


def resampled(draw, *args):
    """Batches of random subsets until the standard error is small enough: mean and seconds."""
    rng, begin, total, squares = np.random.default_rng(0), perf_counter(), 0.0, 0.0
    for batches in count(1):
        wins = draw(rng, *args)
        total, squares = total + wins.sum(), squares + (wins**2).sum()
        draws = batches * BATCH
        mean = total / draws
        if (squares / draws - mean**2) / draws < ERROR**2:
            return mean, perf_counter() - begin


def timed(call, repeats=5):
    """Result and least seconds of several calls."""
    times = []
    for _ in range(repeats):
        begin = perf_counter()
        result = call()
        times.append(perf_counter() - begin)
    return result[0], min(times)


def cases():
    """Name, ours, and theirs with its arguments."""
    rng = np.random.default_rng(1)
    for n, k in ((16, 8), (32, 8), (64, 16), (100, 32), (256, 64), (10_000, 100)):
        answers = np.searchsorted(np.cumsum(SHARES), (np.arange(n) + 0.5) / n)
        counts = np.bincount(answers, minlength=SHARES.size)
        yield (f"majority, {k} of {n}", lambda c=counts, k=k: majority_at_k([c], k),
               plain, (answers, k))
        if n > 256:
            continue
        weights = rng.random(n)
        yield (f"weighted, {k} of {n}",
               lambda a=answers, w=weights, k=k: weighted_majority_at_k([a], [w], k),
               weighted, (answers, weights, k))
        yield (f"best of n, {k} of {n}",
               lambda a=answers, w=weights, k=k: best_of_n([w], [a == 0], k),
               best, (weights, answers == 0, k))


def main():
    """Print one row per case, then the smallest and the median ratio."""
    print("\nExact estimators against random subsets to a standard error of 0.001")
    print(f"{'case':24s}{'subsets, s':>12s}{'exact, ms':>11s}{'ratio':>8s}{'difference':>12s}")
    ratios = []
    for name, ours, draw, args in cases():
        exact, seconds = timed(ours)
        mean, theirs = resampled(draw, *args)
        ratios.append(theirs / seconds)
        print(f"{name:24s}{theirs:12.3f}{1e3 * seconds:11.3f}{ratios[-1]:8.0f}{mean - exact:12.4f}")
    print(f"smallest ratio {min(ratios):.0f}, median {np.median(ratios):.0f}")


if __name__ == "__main__":
    main()
