"""The grid of the conformance file: what is asked, and what has to be refused."""
import itertools
import math
from fractions import Fraction

import numpy as np

from scaling_utils import LAWS

LEVEL, SETS = 0.95, 30
PORTED = ("coverage_power_law", "beta_failure", "zero_inflated_beta", "reliability",
          "majority_vote", "vote_mixture", "best_of_n", "inference_cost", "throughput", "memory")
COUNTS = {
    "spread": (100, [0] * 30 + [1, 2, 5, 9, 14, 30, 70]),
    "unequal samples": ([10, 20, 30, 40, 50, 60, 70, 80], [0, 3, 3, 0, 20, 1, 69, 35]),
    "easy": (16, [16] * 12 + [15, 14, 12, 9, 16, 4, 1, 16]),
    "many samples": (10_000, [0, 0, 0, 1, 3, 17, 120, 400, 1500, 4000, 8000, 9990, 2, 0, 31]),
    "two samples": (2, [0] * 20 + [1] * 9 + [2] * 11),
    "few problems": (9, [0, 1, 2, 3, 5, 8]),
    "like one coin": (4, [2, 2, 2, 2]),
    "nothing solved": (50, [0] * 12),
    "all solved": (50, [50] * 12),
    "all or nothing": (5, [5] * 4 + [0] * 6),
    "one sample": (1, [1, 0, 0, 1, 1]),
    "two solved": (100, [0] * 30 + [3, 40]),
}
BAD_COUNTS = {
    "k exceeds n": {"n_samples": 5, "n_correct": 2, "k": 6},
    "k exceeds n, all correct": {"n_samples": 5, "n_correct": 5, "k": 8},
    "k is zero": {"n_samples": 5, "n_correct": 2, "k": 0},
    "k is negative": {"n_samples": 5, "n_correct": 2, "k": -1},
    "k is no whole number": {"n_samples": 5, "n_correct": 2, "k": 1.5},
    "k is no number": {"n_samples": 5, "n_correct": 2, "k": None},
    "c exceeds n": {"n_samples": 5, "n_correct": 6, "k": 2},
    "c is negative": {"n_samples": 5, "n_correct": -1, "k": 2},
    "c is no whole number": {"n_samples": 5, "n_correct": 0.6, "k": 2},
    "c is no number": {"n_samples": 5, "n_correct": None, "k": 2},
    "n is zero": {"n_samples": 0, "n_correct": 0, "k": 1},
    "n is negative": {"n_samples": -3, "n_correct": 0, "k": 1},
    "n is no whole number": {"n_samples": 5.5, "n_correct": 2, "k": 2},
    "n is no number": {"n_samples": None, "n_correct": 2, "k": 2},
}
RESOURCES = {
    "prompt_flops": {"parameters": (1.5e9, 7e10), "n_prompt": (0, 512), "layers": (32,),
                     "width": (4096,)},
    "trial_flops": {"parameters": (1.5e9, 7e10), "n_prompt": (0, 512), "n_decode": (1, 300)},
    "total_flops": {"k": (1, 64.5), "parameters": (8e9,), "n_prompt": (100,), "n_decode": (250,),
                    "layers": (0,), "width": (0,)},
    "weight_bytes": {"parameters": (6.7e9, 4.05e11), "bits": (4, 4.5, 16)},
    "kv_cache_bytes": {"tokens": (1, 2048), "layers": (32,), "kv_heads": (8,), "head_dim": (128,),
                       "batch": (1, 7), "bits": (8, 16)},
    "largest_batch": {"memory_bytes": (2.4e10, 85899345920), "parameters": (7e9, 1.3e10, 7e10),
                      "tokens": (500, 4096), "layers": (40,), "kv_heads": (10,),
                      "head_dim": (128,), "overhead_bytes": (0, 2e9)},
    "critical_batch": {"flops_per_second": (3.12e14,), "bytes_per_second": (2.039e12,),
                       "bits": (4, 16)},
    "step_seconds": {"flops_per_second": (9.89e14,), "bytes_per_second": (3.35e12,),
                     "parameters": (7e9,), "batch": (1, 100, 900), "cache_bytes": (0, 1e8)},
    "tokens_per_second": {"flops_per_second": (9.89e14,), "bytes_per_second": (3.35e12,),
                          "parameters": (7e9,), "batch": (1, 900), "bits": (8,)},
}  # fmt: skip


def cases():
    """All cases in order: call, arguments, and value or refusal where they follow from here."""
    for make in (counted, tables, votes, chosen, laws, resources, fits):
        yield from make()


def grid(**axes):
    """Every combination of the values, as dicts."""
    return [dict(zip(axes, point, strict=True)) for point in itertools.product(*axes.values())]


def case(call, args, **more):
    """One case, with inputs of fifteen digits, so that every language reads the same number."""
    return {"call": call, "args": rounded(args)} | more


def rounded(x):
    """Numbers with fifteen significant digits."""
    if isinstance(x, dict):
        return {key: rounded(value) for key, value in x.items()}
    if isinstance(x, list | tuple | np.ndarray):
        return [rounded(value) for value in x]
    return float(f"{x:.15g}") if isinstance(x, float | np.floating) else x


def counted():
    """pass@k and pass^k: every small n as a fraction, large n from whole numbers."""
    small = [(n, c, k) for n in range(1, 7) for c in range(n + 1) for k in range(1, n + 1)]
    large = [(n, c, k) for n in (20, 200, 10_000) for c in (0, 1, 3, n // 7, n // 2, n - 5, n)
             for k in (1, 2, 10, n // 3, n - 3, n)]  # fmt: skip
    large += [(10**6, c, k) for c in (1, 40, 999_000) for k in (1, 10, 1000)]
    for call, exact in (("pass_at_k", passed), ("all_at_k", succeeded)):
        for n, c, k in small + large:
            value = exact(n, c, k)
            if value == 0 or value > Fraction(1, 10**290):
                more = {"exact": str(value)} if n <= 6 else {}
                yield case(call, {"n_samples": n, "n_correct": c, "k": k}, value=float(value),
                           **more)
        for reason, args in BAD_COUNTS.items():
            yield case(call, args, refuse=reason)


def passed(n, c, k):
    """1 - C(n - c, k) / C(n, k) in whole numbers."""
    return 1 - Fraction(math.comb(n - c, k), math.comb(n, k))


def succeeded(n, c, k):
    """C(c, k) / C(n, k) in whole numbers."""
    return Fraction(math.comb(c, k), math.comb(n, k))


def tables():
    """Coverage of a set of problems, and what is wrong with one of them."""
    for n, c in COUNTS.values():
        least = int(np.min(n))
        k = sorted({1, min(2, least), least // 2 or 1, least})
        yield case("coverage", {"n_samples": n, "n_correct": c, "k": k})
    for reason, n, c, k in (("k exceeds the smallest n", [4, 9], [1, 2], 5),
                            ("a count above its n", 4, [1, 5], 2), ("no problem", 4, [], 2),
                            ("lists of two lengths", [4, 4, 4], [1, 2], 2)):
        yield case("coverage", {"n_samples": n, "n_correct": c, "k": k}, refuse=reason)


def votes():
    """Votes among k of the samples, the correct answer first."""
    shapes = ([2, 1], [1, 2], [3, 3, 3], [5, 4, 4, 1, 1], [0, 3, 2], [40, 25, 25, 10], [7])
    for shape in shapes:
        total = sum(shape)
        k = sorted({1, 2, min(3, total), total // 2 + 1, total} & set(range(1, total + 1)))
        yield case("majority_at_k", {"answer_counts": shape, "k": k})
    yield case("majority_at_k", {"answer_counts": [4, 3, 1], "k": [1, 5, 12], "n_abstain": 4})
    for reason, shape, k in (("k exceeds n", [2, 1], 4), ("a negative count", [2, -1], 1),
                             ("no sample", [0, 0], 1)):
        yield case("majority_at_k", {"answer_counts": shape, "k": k}, refuse=reason)


def chosen():
    """The best scored of n samples, with ties."""
    for scores, correct in (([0.9, 0.5], [0, 1]), ([3, 1, 2, 2, 2, 0], [0, 1, 1, 0, 1, 0]),
                            ([1, 1, 1, 1], [1, 0, 0, 1]), ([*range(12)], [1, 0, 0] * 4)):
        yield case("best_of_n", {"scores": scores, "correct": correct,
                                 "n": sorted({1, 2, len(scores) // 2, len(scores)})})
    for reason, scores, correct, n in (("n exceeds the samples", [1, 2], [0, 1], 3),
                                       ("a label that is neither 0 nor 1", [1, 2], [0, 0.5], 1),
                                       ("lists of two lengths", [1, 2, 3], [0, 1], 1)):
        yield case("best_of_n", {"scores": scores, "correct": correct, "n": n}, refuse=reason)


def laws():
    """Every law over its inputs and around its example; each range overstepped at both ends."""
    for law in (LAWS[key] for key in PORTED):
        first, *others = law.inputs
        low, high = law.domain[first.name]
        axes = {s.name: np.geomspace(*law.domain[s.name], 2).tolist() for s in others}
        axes |= {s.name: around(law.example[s.name], s.bounds) for s in law.params}
        points = np.geomspace(low, high, 5).tolist()
        good = [{first.name: points} | point for point in grid(**axes)]
        for args in good:
            yield case("law", {"law": law.key} | args)
        middle = good[len(good) // 2] | {first.name: points[2]}
        for symbol in (*law.inputs, *law.params):
            for reason, value in beyond(symbol):
                yield case("law", {"law": law.key} | middle | {symbol.name: value},
                           refuse=f"{symbol.name} {reason}")


def around(value, bounds):
    """A parameter, and one on each side of it within its bounds."""
    low, high = bounds
    return sorted({max(low, value / 3), value, min(high, value * 1.9)} - {0.0})


def beyond(symbol):
    """Values of an argument that a law has to refuse."""
    low, high = symbol.bounds
    yield "is too small", low - 0.5
    yield "is no number", None
    if np.isfinite(high):
        yield "is too large", high + 0.5


def resources():
    """FLOPs, bytes and seconds; every argument negative once."""
    for call, axes in RESOURCES.items():
        points = grid(**axes)
        for args in points:
            yield case(call, args)
        for name in axes:
            yield case(call, points[0] | {name: -1}, refuse=f"{name} is negative")
            yield case(call, points[0] | {name: None}, refuse=f"{name} is no number")


def fits():
    """The Beta fit: status, shapes, coverage, band from given resamples, and refusals."""
    rng = np.random.default_rng(0)
    for name, (n, c) in COUNTS.items():
        args = {"n_samples": n, "n_correct": c}
        yield case("fit", args, name=name)
        size, kinds = len(c), np.unique(np.stack(np.broadcast_arrays(n, c)), axis=1,
                                        return_counts=True)[1]  # fmt: skip
        band = args | {"k": int(np.max(n)), "level": LEVEL,
                       "weights": rng.multinomial(size, kinds / size, SETS).tolist()}
        known = name in ("spread", "easy", "many samples", "all or nothing", "nothing solved")
        if known:
            yield case("fit_band", band, name=name)
        elif name in ("two solved", "like one coin", "one sample"):
            yield case("fit_band", band, name=name, refuse="the likelihood has no maximum")
    for name in ("spread", "two samples", "many samples"):
        n, c = COUNTS[name]
        yield case("fit", {"n_samples": n, "n_correct": c, "k": [1, 100, 10_000, 10**6]}, name=name)
    for name in ("like one coin", "nothing solved", "two solved"):
        n, c = COUNTS[name]
        yield case("fit", {"n_samples": n, "n_correct": c, "k": [10**6]}, name=name,
                   refuse="nothing is predicted beyond the samples drawn")
    for reason, c in (("as many parameters as problems", [0, 5]), ("a count above n", [0, 5, 10])):
        yield case("fit", {"n_samples": 9, "n_correct": c}, refuse=reason)
