"""pass@k and coverage: exact fractions, high precision, properties, refusals."""
import math
import sys
from fractions import Fraction
from itertools import combinations, product
from math import comb, fsum

import mpmath
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaling_utils import (
    Samples,
    all_at_k,
    coverage,
    coverage_interval,
    coverage_table,
    log_all_at_k,
    log_fail_at_k,
    pass_at_k,
)

steady = settings(deadline=None, derandomize=True)
counts_and_k = st.integers(1, 10**6).flatmap(
    lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n))
)


def running_sum(n, c, k):
    """Plain reference: log1p(-c / (n - j)) added over the draws j < k."""
    steps = np.log1p(-c / (n - np.arange(min(k, n - c))))
    return -np.inf if k > n - c else fsum(steps)


def exact(n, c, k):
    """log [C(n - c, k) / C(n, k)] at 60 digits."""
    if n - c < k:
        return -mpmath.inf
    if c == 0:
        return mpmath.mpf(0)
    with mpmath.workdps(60):
        parts = (mpmath.loggamma(z + 1) for z in (n - c, n - k, n - c - k, n))
        a, b, both, whole = parts
        return +(a + b - both - whole)


def test_all_fractions_up_to_25():
    for n in range(1, 26):
        k, c = np.arange(1, n + 1), np.arange(n + 1)
        ours = pass_at_k(n, c, k)
        for i, j in np.ndindex(ours.shape):
            right = 1 - Fraction(comb(n - int(c[i]), int(k[j])), comb(n, int(k[j])))
            assert ours[i, j] == pytest.approx(float(right), rel=1e-12, abs=0)


def test_counting_subsets_by_hand():
    """Of the subsets of size k, those that hold a correct sample."""
    correct = [True, True, False, False, False, False]
    for k in (1, 2, 3, 5):
        hits = [any(correct[i] for i in s) for s in combinations(range(6), k)]
        assert float(pass_at_k(6, 2, k)) == pytest.approx(np.mean(hits), rel=1e-14)


def test_all_correct_is_a_fraction_too():
    for n in range(1, 21):
        k, c = np.arange(1, n + 1), np.arange(n + 1)
        ours = all_at_k(n, c, k)
        right = [[comb(i, j) / comb(n, j) for j in k.tolist()] for i in c.tolist()]
        np.testing.assert_allclose(ours, right, rtol=1e-12, atol=0)
        np.testing.assert_allclose(log_all_at_k(n, c[-2:], k), log_fail_at_k(n, n - c[-2:], k))


def test_all_correct_at_high_precision():
    for n, c, k in ((10**6, 999_000, 500), (10**9, 10**8, 7), (5_000, 4_999, 4_999), (40, 39, 20)):
        assert float(log_all_at_k(n, c, k)) == pytest.approx(float(exact(n, n - c, k)), rel=1e-12)
    assert all_at_k(10, 3, 4) == 0 and log_all_at_k(10, 3, 4) == -np.inf
    assert all_at_k(10, 10, 10) == 1 and log_all_at_k(10, 10, 10) == 0
    assert float(all_at_k(7, 3, 1)) == pytest.approx(3 / 7, rel=1e-14)


def test_all_correct_is_unbiased_and_the_plug_in_is_not():
    n, q, k = 12, 0.6, 5
    c = np.arange(n + 1)
    weight = np.array([comb(n, int(x)) * q**x * (1 - q) ** (n - x) for x in c])
    assert weight @ all_at_k(n, c, k) == pytest.approx(q**k, rel=1e-12)
    assert weight @ (c / n) ** k > q**k + 0.01


def test_both_ends_keep_their_digits():
    assert float(pass_at_k(1_000_000, 1, 1)) == pytest.approx(1e-6, rel=1e-12, abs=0)
    assert float(log_fail_at_k(10_000, 50, 9_000)) == pytest.approx(-116.25228009360, rel=1e-12)
    assert float(pass_at_k(10_000, 50, 9_000)) == 1.0


def hold_against_exact(n, c, k):
    """Both ends within 1e-12 of 60 digits, or exact where no failure is possible."""
    right = exact(n, c, k)
    if right == -mpmath.inf:
        assert float(log_fail_at_k(n, c, k)) == -np.inf and float(pass_at_k(n, c, k)) == 1.0
        return
    with mpmath.workdps(60):
        passed = float(-mpmath.expm1(right))
    assert float(log_fail_at_k(n, c, k)) == pytest.approx(float(right), rel=1e-12, abs=0)
    assert float(pass_at_k(n, c, k)) == pytest.approx(passed, rel=1e-12, abs=0)


@steady
@given(counts_and_k)
def test_against_high_precision(case):
    hold_against_exact(*case)


@pytest.mark.parametrize("n", [40, 10**4, 10**6, 10**9])
def test_near_every_end_of_c_and_k(n):
    ends = np.unique([1, 2, 17, 40, math.isqrt(n), n // 1000 + 1, n // 2, n - 16, n - 1, n])
    for c, k in product(ends.tolist(), repeat=2):
        hold_against_exact(n, c, k)


@pytest.mark.parametrize("left", [-1, 0, 1, 15, 16, 17])
@pytest.mark.parametrize("c", [1, 5, 500, 9_000])
def test_the_seam_between_the_two_forms(left, c):
    n = 10_000
    k = n - c - left
    right = exact(n, c, k)
    assert float(log_fail_at_k(n, c, k)) == pytest.approx(float(right), rel=1e-12)


def test_fast_path_equals_the_running_sum():
    rng = np.random.default_rng(7)
    for _ in range(200):
        n = int(rng.integers(1, 5000))
        c, k = int(rng.integers(0, n + 1)), int(rng.integers(1, n + 1))
        assert float(log_fail_at_k(n, c, k)) == pytest.approx(running_sum(n, c, k), rel=1e-12)


@steady
@given(counts_and_k)
def test_grows_with_k_and_with_c(case):
    n, c, k = case
    here = float(log_fail_at_k(n, c, k))
    slack = 1e-12 * abs(here) if np.isfinite(here) else 0.0
    if k < n:
        assert float(log_fail_at_k(n, c, k + 1)) <= here + slack
    if c < n:
        assert float(log_fail_at_k(n, c + 1, k)) <= here + slack
    assert 0 <= float(pass_at_k(n, c, k)) <= 1


def test_ends():
    k = np.array([1, 4, 10])
    for n in (10, 40, 1000):
        np.testing.assert_array_equal(log_fail_at_k(n, 0, k), 0.0)
        assert not np.signbit(pass_at_k(n, 0, k)).any()
    np.testing.assert_array_equal(pass_at_k(10, 10, k), 1.0)
    np.testing.assert_allclose(pass_at_k(10, np.arange(11), 1), np.arange(11) / 10, rtol=1e-13)


def test_shapes():
    n, c = np.full((3, 1), 20), np.array([[1, 2, 3, 4]])
    assert pass_at_k(n, c, np.ones((2, 5), int)).shape == (3, 4, 2, 5)
    assert pass_at_k(20, [1, 2], 3).shape == (2,)
    assert np.shape(pass_at_k(20, 1, 3)) == ()
    assert coverage(20, c[0], [[1, 2]]).shape == (1, 2)
    assert np.shape(coverage(20, [1, 2], 3)) == ()


def test_coverage_is_the_mean_over_problems_in_any_order():
    rng = np.random.default_rng(8)
    n = rng.integers(20, 30, 50)
    c = rng.binomial(n, 0.2)
    k = np.array([1, 5, 20])
    before = n.copy(), c.copy()
    order = rng.permutation(50)
    np.testing.assert_allclose(coverage(n, c, k), pass_at_k(n, c, k).mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(coverage(n[order], c[order], k), coverage(n, c, k), rtol=1e-13)
    np.testing.assert_array_equal((n, c), before)


def test_problems_with_different_numbers_of_samples():
    n, c = np.array([10, 40, 10_000, 40]), np.array([3, 3, 9_000, 0])
    k = np.array([1, 5, 10])
    alone = [log_fail_at_k(*counts, k) for counts in zip(n, c, strict=True)]
    np.testing.assert_allclose(log_fail_at_k(n, c, k), alone, rtol=1e-13)


def test_unbiased():
    """The binomial average of the estimator is 1 - (1 - q)^k; that of the plug-in is not."""
    n, q, k = 12, 0.15, 9
    c = np.arange(n + 1)
    weight = np.array([comb(n, int(x)) * q**x * (1 - q) ** (n - x) for x in c])
    truth = 1 - (1 - q) ** k
    assert weight @ pass_at_k(n, c, k) == pytest.approx(truth, rel=1e-12)
    assert weight @ (1 - (1 - c / n) ** k) < truth - 0.01


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((10, [1, 2, 11], 1), r"n_correct\[2\] = 11 exceeds n_samples\[2\] = 10"),
        ((10, [1, 2], [1, 20]), r"k\[1\] = 20 exceeds n_samples = 10"),
        ((10, 3, 11), "k = 11 exceeds n_samples = 10"),
        (([10, 5], [1, 2], 7), r"k = 7 exceeds n_samples\[1\] = 5"),
        ((10, [3, -1], 1), r"n_correct\[1\] = -1 is below 0"),
        ((10, [1.5], 1), r"n_correct\[0\] = 1.5 is not a whole number"),
        ((10, [1, np.nan], 1), r"n_correct\[1\] = nan is not a number"),
        ((np.inf, 3, 1), "n_samples = inf is not a number"),
        ((10, 3, 0), "k = 0 is below 1"),
        ((0, 0, 1), "n_samples = 0 is below 1"),
        (([10, 4 * 10**9], 3, 1), r"n_samples\[1\] = 4000000000 is above 1,000,000,000"),
        ((10, 3, 1e300), "k = 1e\\+300 is above"),
        ((10**30, 3, 1), "n_samples must hold whole numbers"),
        (([[1], [1, 2]], 1, 1), "n_samples must be an array"),
        ((10, None, 1), "n_correct must hold whole numbers"),
        ((10, [], 1), "n_correct is empty"),
        ((10, ["3"], 1), "n_correct must hold whole numbers"),
        ((10, [True], 1), "n_correct must hold whole numbers"),
        (([1, 2, 3], [1, 2], 1), "do not broadcast"),
    ],
)
@pytest.mark.parametrize("function", [log_fail_at_k, pass_at_k, coverage, all_at_k, log_all_at_k])
def test_refusals_name_argument_and_position(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)


@pytest.mark.parametrize(("n_samples", "n_correct"), [
    (100, np.ones((128, 100), int)), (np.full((3, 1), 4), [1, 2, 3]), (5, [[1, 2]]),
])
def test_tables_are_no_counts_of_problems(n_samples, n_correct):
    with pytest.raises(ValueError, match=r"give one count per problem; of 0/1 .* \.sum\(axis=1\)"):
        coverage(n_samples, n_correct, 1)


def test_masked_counts_and_clashing_labels_are_refused():
    with pytest.raises(ValueError, match=r"n_correct\[1\] is masked: drop"):
        coverage(10, np.ma.array([1, 9], mask=[False, True]), 1)
    assert float(coverage(10, np.ma.array([1, 9]), 1)) == pytest.approx(0.5)
    n, c = pd.Series([10, 20], index=["a", "b"]), pd.Series([3, 4], index=["b", "a"])
    with pytest.raises(ValueError, match="n_samples and n_correct have different indices"):
        pass_at_k(n, c, 1)
    assert float(coverage(n, c.reindex(n.index), 1)) == pytest.approx((4 / 10 + 3 / 20) / 2)
    np.testing.assert_allclose(pass_at_k(n, c.to_numpy(), 1), [0.3, 0.2])


def test_samples_in_place_of_counts():
    samples = Samples.from_counts([10, 20], [3, 4])
    for function in (log_fail_at_k, pass_at_k, coverage, all_at_k, log_all_at_k):
        np.testing.assert_array_equal(function(samples, [1, 5]), function([10, 20], [3, 4], [1, 5]))
        np.testing.assert_array_equal(function(samples, k=2), function([10, 20], [3, 4], 2))
    for wrong in (lambda: coverage(samples), lambda: coverage(samples, 1, 2),
                  lambda: coverage(10, 3)):
        with pytest.raises(TypeError, match="Samples and k"):
            wrong()
    np.testing.assert_array_equal(coverage_interval(samples, [1, 5]),
                                  coverage_interval([10, 20], [3, 4], [1, 5]))


@pytest.mark.parametrize("function", [log_fail_at_k, pass_at_k, coverage, all_at_k, log_all_at_k,
                                      coverage_interval, coverage_table])
def test_other_designs_are_refused_by_those_that_count_subsets(function):
    stopped = Samples.from_counts([3, 5], [1, 0], design="first_success", cap=5)
    with pytest.raises(ValueError, match=f"{function.__name__}: .*first success.*solved_by"):
        function(stopped, k=1)
    with pytest.raises(ValueError, match=f"{function.__name__}: .*take a fit"):
        function(Samples.from_counts([3, 5], [1, 0], design="adaptive"), k=1)


def test_many_problems_go_through_in_blocks(monkeypatch):
    rng = np.random.default_rng(9)
    n = rng.integers(30, 300, 500)
    c, k = rng.binomial(n, 0.3), np.arange(1, 31)
    whole = coverage(n, c, k)
    monkeypatch.setattr(sys.modules[coverage.__module__], "BLOCK", 200)
    np.testing.assert_allclose(coverage(n, c, k), whole, rtol=1e-13)


@pytest.mark.parametrize(("c", "k"), [(18800, 19200), (18500, 30000), (17000, 100000)])
def test_the_longest_series_keeps_its_digits(c, k):
    """Shares just below a fiftieth, where the series for small ones is used for the last time."""
    assert log_fail_at_k(10**6, c, k) == pytest.approx(float(exact(10**6, c, k)), rel=1e-14)
