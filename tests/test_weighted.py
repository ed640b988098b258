"""Weighted votes of any weights: exact where claimed, within the stated error elsewhere."""
from itertools import combinations
from math import comb

import numpy as np
import pytest

from scaling_utils import best_of_n, majority_at_k, weighted_majority_at_k
from scaling_utils.estimate import weighted

FAMILIES = {
    "uniform": lambda rng, n: rng.random(n),
    "products of scores": lambda rng, n: rng.beta(2, 2, n) ** 8,
    "exp(score / 0.05)": lambda rng, n: np.exp(rng.random(n) / 0.05),
    "log-normal": lambda rng, n: np.exp(3 * rng.standard_normal(n)),
    "geometric": lambda rng, n: 1.2 ** -rng.permutation(n),
    "one heavy": lambda rng, n: np.r_[1e4, rng.uniform(1, 2, n - 1)],
    "two heavy": lambda rng, n: np.r_[1e9, 0.9e9, rng.uniform(1, 2, n - 2)],
    "nearly one step": lambda rng, n: rng.integers(1, 5, n) * (1 + 0.01 * rng.random(n)),
}


def table(name, seed, n=16):
    rng = np.random.default_rng(seed)
    return rng.integers(-1, 3, n), FAMILIES[name](rng, n)


def over_subsets(answers, weights, k):
    """The definition: mean over all subsets, ties within one part in 10^12."""
    wins = []
    for subset in map(list, combinations(range(len(answers)), k)):
        sums = np.array([weights[subset][answers[subset] == a].sum() for a in range(3)])
        best = sums >= sums.max() * (1 - 1e-12)
        wins.append(best[0] / best.sum() if sums.max() > 0 else 0)
    return np.mean(wins)


@pytest.mark.parametrize("name", FAMILIES)
def test_subsets_are_enumerated(name):
    answers, weights = table(name, 1, n=10)
    k = [1, 2, 5, 9, 10]
    value, error = weighted_majority_at_k([answers], [weights], k, return_error=True)
    assert (error == 0).all()
    np.testing.assert_allclose(value[0], [over_subsets(answers, weights, x) for x in k], atol=1e-12)


@pytest.mark.parametrize("name", FAMILIES)
def test_random_subsets_meet_the_stated_error(name, monkeypatch):
    """Nine tables each of 16 samples, 12,870 subsets of 8: enumerated, then drawn at random."""
    tables = [table(name, seed) for seed in range(9)]
    answers, weights = map(np.array, zip(*tables, strict=True))
    exact, none = weighted_majority_at_k(answers, weights, 8, return_error=True)
    monkeypatch.setattr(weighted, "SUBSETS", 0)
    value, error = weighted_majority_at_k(answers, weights, 8, return_error=True)
    assert (none == 0).all() and (error <= 1e-3).all() and (error > 0).any()
    assert (np.abs(value - exact) <= 4.5 * error + 1e-12).all()


def test_the_error_is_neither_too_small_nor_too_large(monkeypatch):
    """Deviations in units of the error, with coarse steps and so many draws: mean square one."""
    answers, weights = map(np.array, zip(*[table("uniform", s) for s in range(8)], strict=True))
    exact = weighted_majority_at_k(answers, weights, 8)
    monkeypatch.setattr(weighted, "SUBSETS", 0)
    monkeypatch.setattr(weighted, "STEPS", 16)
    squares = []
    for seed in range(20):
        value, error = weighted_majority_at_k(answers, weights, 8, return_error=True, rng=seed,
                                              max_error=2e-3)
        squares += (((value - exact) / error) ** 2).tolist()
    assert np.mean(squares) == pytest.approx(1, abs=5 * np.sqrt(2 / len(squares)))


def test_steps_keep_the_weight_of_every_answer():
    """Half a step at most, however many samples share it; a sample is off by less than one."""
    rng, unit = np.random.default_rng(7), 0.1
    codes, weights = rng.integers(0, 3, 90), rng.random(90)
    steps = weighted._steps(codes, weights, 3, unit)
    for answer in range(3):
        own = codes == answer
        assert abs(unit * steps[own].sum() - weights[own].sum()) <= unit / 2
    assert np.abs(unit * steps - weights).max() < unit


@pytest.mark.parametrize("k", [1, 5, 39, 40])
def test_geometric_weights_are_the_best_of_k(k):
    """The heaviest drawn outweighs all lighter ones together."""
    answers = np.random.default_rng(1).integers(0, 2, 40)
    weights = 3.0 ** -np.arange(40)
    value, error = weighted_majority_at_k([answers], [weights], k, return_error=True)
    closed = sum((answers[r] == 0) * comb(39 - r, k - 1) for r in range(40)) / comb(40, k)
    assert error[0] == 0 and value[0] == pytest.approx(closed, rel=1e-12)
    assert value[0] == pytest.approx(best_of_n([weights], [answers == 0], k)[0], rel=1e-12)


@pytest.mark.parametrize("k", [2, 1500, 2998])
def test_one_sample_that_outweighs_thousands(k):
    answers, weights = np.r_[0, np.ones(2999, int)], np.r_[1.0, np.full(2999, 1e-9)]
    value, error = weighted_majority_at_k([answers], [weights], k, return_error=True)
    assert error[0] == 0 and value[0] == pytest.approx(k / 3000, rel=1e-12)


def test_a_large_uneven_table_within_its_error_of_random_subsets():
    rng = np.random.default_rng(3)
    n, k, draws = 3000, 12, 40_000
    answers, weights = rng.integers(0, 3, n), np.exp(2 * rng.standard_normal(n))
    value, error = weighted_majority_at_k([answers], [weights], k, return_error=True)
    chosen = rng.integers(0, n, (draws, k))
    chosen = chosen[[len(set(row)) == k for row in chosen.tolist()]]  # without repeats
    sums = np.stack([(weights[chosen] * (answers[chosen] == a)).sum(axis=1) for a in range(3)])
    wins = sums.argmax(axis=0) == 0
    spread = np.hypot(wins.std() / np.sqrt(len(wins)), error[0])
    assert 0 < error[0] <= 1e-3 and value[0] == pytest.approx(wins.mean(), abs=4.5 * spread)


def test_equal_weights_of_thousands_are_a_plain_vote():
    counts = np.array([1300, 1250, 450])
    answers = np.repeat([0, 1, 2], counts)
    value, error = weighted_majority_at_k([answers], [np.full(3000, 0.3)], 1501, return_error=True)
    assert error[0] == 0 and value[0] == pytest.approx(majority_at_k([counts], 1501)[0], abs=1e-12)


def test_scores_with_two_decimals_are_exact():
    rng = np.random.default_rng(4)
    answers, weights = rng.integers(0, 3, 40), rng.integers(1, 30, 40) / 100
    value, error = weighted_majority_at_k([answers], [weights], 12, return_error=True)
    times, _ = weighted_majority_at_k([answers], [100 * weights], 12, return_error=True)
    assert error[0] == 0 and value[0] == pytest.approx(times[0], abs=1e-12)


@pytest.mark.parametrize("scale", [1e308 / 9, 1e-300, 5e-324])
def test_weights_near_the_ends_of_the_range(scale):
    rng = np.random.default_rng(5)
    answers, whole = rng.integers(0, 3, 30), rng.integers(1, 9, 30)
    np.testing.assert_allclose(weighted_majority_at_k([answers], [whole * scale], 7),
                               weighted_majority_at_k([answers], [whole], 7), atol=1e-12)


def test_ratios_beyond_the_range_of_numbers():
    answers = np.r_[1, 0, 0, 1, 1]
    value = weighted_majority_at_k([answers], [[1e308, 3e-320, 2e-320, 1e-320, 1e-320]], [2, 4])
    np.testing.assert_allclose(value[0], [0.6 * 5 / 6, 0.2])


def test_a_weight_that_vanishes_beside_others_still_votes():
    """Two samples of weight 1e308 for wrong answers, two for the right one that would round to 0:
    of the six pairs these two win theirs."""
    weights = [[1e308, 1e308, 1e-300, 1e-300]]
    assert weighted_majority_at_k([[1, 2, 0, 0]], weights, 2)[0] == pytest.approx(1 / 6, abs=1e-12)


def test_what_abstains_needs_no_weight():
    """The outcome of a search: places left over have answer -1 and score minus infinity."""
    value = weighted_majority_at_k([[0, 1, -1, -1]], [[0.9, 0.3, -np.inf, np.nan]], [1, 2, 4])
    np.testing.assert_allclose(value[0], [1 / 4, 1 / 2, 1])
    assert weighted_majority_at_k([[0, 1]], [[0, 0]], 2)[0] == 0
    assert weighted_majority_at_k([[1, 2, 2]], [[0.1, 0.2, 0.35]], 2)[0] == 0


def test_seeds():
    answers, weights = table("uniform", 3, n=40)
    call = [weighted_majority_at_k([answers], [weights], 20, rng=seed)[0]
            for seed in (0, 0, 1, np.random.default_rng(0))]
    assert call[0] == call[1] == call[3] != call[2]


@pytest.mark.parametrize("max_error", [3e-3, 2e-4])
def test_the_error_asked_for(max_error):
    answers, weights = table("log-normal", 3, n=40)
    options = {"return_error": True, "max_error": max_error}
    value, error = weighted_majority_at_k([answers], [weights], 10, **options)
    finest, _ = weighted_majority_at_k([answers], [weights], 10, return_error=True, max_error=1e-4)
    assert 0.3 * max_error < error[0] <= max_error
    assert value[0] == pytest.approx(finest[0], abs=4.5 * max_error)
    with pytest.raises(ValueError, match="max_error = 0 must be between"):
        weighted_majority_at_k([answers], [weights], 10, max_error=0)


def test_shapes_with_error():
    value, error = weighted_majority_at_k([[0, 1]], [[1, 2]], [[1, 2]], return_error=True)
    assert value.shape == error.shape == (1, 1, 2)


def test_enumerated_subsets_are_kept_in_bounded_memory():
    for n in (300, 400, 500, 600):
        weighted_majority_at_k([np.arange(n) % 2], [1 + np.arange(n) / 7e3], n - 1)
    kept = weighted._subsets.cache_info()
    assert kept.currsize <= kept.maxsize == 2
    assert weighted._subsets(600, 599).nbytes <= 1 << 25


def test_weights_that_differ_by_a_tenth_of_a_millionth_are_not_equal():
    """All four are drawn; the two right ones together weigh more by 1e-7."""
    assert weighted_majority_at_k([[0, 0, 1, 1]], [[1 + 1e-7, 1, 1, 1]], 4)[0] == 1
    assert weighted_majority_at_k([[0, 0, 1, 1]], [[1 + 1e-14, 1, 1, 1]], 4)[0] == 0.5


def test_a_control_that_is_the_vote_itself_leaves_no_error():
    wins = np.array([1.0, 0.0, 0.5, 1.0])
    mean, error = weighted._controlled(wins, wins, 0.3, 1e-9)
    assert mean == pytest.approx(0.3, abs=1e-15) and error == 1e-9


def test_weights_that_are_no_numbers_are_named():
    with pytest.raises(ValueError, match="weights must hold numbers"):
        weighted_majority_at_k([[0, 1]], [["a", "b"]], 1)
