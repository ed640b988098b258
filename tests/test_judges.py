"""Judges that err: the correction undoes the error, its interval holds, and it refuses."""
import numpy as np
import pytest

from scaling_utils import (
    LAWS,
    all_at_k,
    corrected_coverage,
    corrected_rate,
    fit_counts,
    g_pass_at_k,
    pass_at_k,
)


def judged(q, s, f, n, rng):
    """Samples accepted of n for each problem, by a judge with these rates."""
    right = rng.binomial(n, q)
    return rng.binomial(right, s) + rng.binomial(n - right, f)


def test_correction_undoes_known_errors():
    q, s, f, many = np.array([0.0, 0.3, 0.9]), 0.8, 0.05, 10**8
    found = corrected_rate(s * q + f * (1 - q), right=(many, int(s * many)),
                           wrong=(many, int(f * many)))
    assert found.value == pytest.approx(0.4, rel=1e-6)
    assert (found.sensitivity, found.false_positive_rate) == (0.8, 0.05)


@pytest.mark.slow
def test_intervals_of_corrected_rates_hold_the_truth():
    """In 200 worlds of 100 problems and audits of 60: within four deviations of 95 %, or above."""
    rng, hits, n_worlds = np.random.default_rng(5), 0, 200
    for _ in range(n_worlds):
        accepted = judged(rng.beta(0.7, 1.3, 100), 0.9, 0.08, 30, rng) / 30
        found = corrected_rate(accepted, right=(60, rng.binomial(60, 0.9)),
                               wrong=(60, rng.binomial(60, 0.08)), n_resamples=400, rng=rng)
        hits += found.low <= 0.35 <= found.high
    assert hits / n_worlds > 0.95 - 4 * np.sqrt(0.95 * 0.05 / n_worlds)


@pytest.mark.slow
def test_intervals_of_corrected_coverage_hold_the_truth_and_the_value_is_unbiased():
    rng, n_worlds, f, k = np.random.default_rng(6), 200, 0.01, 20
    truth = float(LAWS["beta_failure"](k, alpha=3.0, beta=0.4))
    hits, values = 0, []
    for _ in range(n_worlds):
        c = judged(rng.beta(0.4, 3.0, 100), 1.0, f, 60, rng)
        found = corrected_coverage(60, c, k, wrong=(400, rng.binomial(400, f)), n_resamples=400,
                                   rng=rng)
        hits += found.low <= truth <= found.high
        values.append(corrected_coverage(60, c, k, wrong=(10**8, 10**6), n_resamples=40).value)
    assert hits / n_worlds > 0.95 - 4 * np.sqrt(0.95 * 0.05 / n_worlds)
    assert abs(np.mean(values) - truth) < 4 * np.std(values) / np.sqrt(n_worlds)


def test_a_clean_audit_leaves_the_reported_value_as_the_top_of_what_is_possible():
    found = corrected_coverage(200, [0, 30, 60] * 30, [1, 100], wrong=(300, 0))
    np.testing.assert_allclose(found.value, found.reported, rtol=1e-14)
    assert np.all(found.low < found.value) and np.all(found.value <= found.high)
    assert found.low[1] < 1 - (1 - found.reported[1]) * 0.99**-100  # rule of three: f up to 1 %


def test_more_is_wrong_than_was_reported():
    found = corrected_coverage(100, [0, 1] * 40, 100, wrong=(100, 5))
    assert found.value == 0 and found.reported == pytest.approx(0.5)
    assert np.isnan(found.ends).all()  # every resample is at zero: no interval, not one of no width


def test_no_interval_is_a_point():
    """All solved: the exact bound of 40 problems, at the audit's ends; nothing can be said: NaN."""
    unseen = 1 - 0.025 ** (1 / 40)
    found = corrected_coverage(10, [10] * 40, [1, 5], wrong=(100, 0))
    worst = 1 - 0.025 ** (1 / 100)  # Clopper and Pearson's limit of the audit
    assert found.low == pytest.approx(1 - unseen / (1 - worst) ** np.array([1, 5]), abs=0.02)
    assert np.all(found.low < 1) and np.all(found.high == 1)
    none = corrected_coverage(10, [0] * 40, 5, wrong=(100, 50))
    assert none.value == 0 and np.isnan(none.ends).all()
    same = corrected_rate([0.0] * 40, right=(100, 90), wrong=(100, 4))
    assert same.low == same.value == 0 and 0 < same.high < 2 * unseen


@pytest.mark.parametrize("right, wrong, why", [
    ((10, 11), (10, 1), r"right = \(10, 11\): of 10 judged samples 11 cannot"),
    ((0, 0), (10, 1), r"right = \(0, 0\): of 0 judged"),
    (5, (10, 1), "right = 5 must be two numbers"),
    ((10, 6), (10, 5), "do not show that the judge accepts right samples more often"),
    ((10, 10), (10, 10), "accepts every wrong sample"),
])
def test_audits_that_say_nothing_are_refused(right, wrong, why):
    with pytest.raises(ValueError, match=why):
        corrected_rate([0.5, 0.6, 0.7], right=right, wrong=wrong)
    with pytest.raises(ValueError, match="accepted\\[1\\] = 1.2 must be between 0 and 1"):
        corrected_rate([0.5, 1.2], right=(9, 9), wrong=(9, 0))


def test_threshold_has_coverage_and_reliability_at_its_ends():
    n, c, k = 12, np.arange(13), [1, 5, 12]
    assert g_pass_at_k(n, c, k, tau=0) == pytest.approx(pass_at_k(n, c, k), abs=1e-13)
    assert g_pass_at_k(n, c, k, tau=1) == pytest.approx(all_at_k(n, c, k), abs=1e-13)
    assert g_pass_at_k(10, 7, 10, tau=0.7) == 1 and g_pass_at_k(10, 7, 10, tau=0.71) == 0
    with pytest.raises(ValueError, match="tau = 1.5 must be between 0 and 1"):
        g_pass_at_k(10, 7, 3, tau=1.5)
    with pytest.raises(ValueError, match="k = 11 exceeds n_samples"):
        g_pass_at_k(10, 7, 11, tau=0.5)


def test_threshold_counts_all_subsets():
    """By enumeration: subsets of 5 of 9 samples, 4 of them correct, with 3 correct or more."""
    from itertools import combinations

    correct = np.array([1] * 4 + [0] * 5)
    share = np.mean([correct[list(pick)].sum() >= 3 for pick in combinations(range(9), 5)])
    assert g_pass_at_k(9, 4, 5, tau=0.6) == pytest.approx(share, rel=1e-12)


def test_pass_at_k_is_a_mean_of_the_shares_that_reach_a_count():
    """1 - C(n - c, k) / C(n, k) is the sum over j to c of C(n - j, k - 1) / C(n, k)."""
    from scipy.special import comb

    n, k, j = 30, 7, np.arange(1, 31)
    weights = comb(n - j, k - 1) / comb(n, k)
    assert weights.sum() == pytest.approx(1, rel=1e-12)
    for c in range(n + 1):
        assert weights[:c].sum() == pytest.approx(float(pass_at_k(n, c, k)), abs=1e-12)


def test_likelihood_with_false_positives_is_that_of_right_and_accepted_wrong_samples():
    """The mirror of the scaled Beta law is the convolution of its two kinds of success."""
    from scipy.stats import betabinom, binom

    alpha, beta, f, n = 2.5, 0.4, 0.03, 12
    right = np.arange(n + 1)
    chance = betabinom.pmf(right, n, beta, alpha)
    for c in range(n + 1):
        total = chance @ binom.pmf(c - right, n - right, f)
        log_p = LAWS["false_positives"].difficulty.log_pmf(n, c, alpha, beta, f)
        assert np.exp(log_p) == pytest.approx(total, rel=1e-9)


def test_counts_bound_a_common_rate_from_above_and_not_from_below():
    """Unsolved problems exclude a high common rate; a rate of zero is never excluded here."""
    from scipy.stats import beta

    c = np.floor(200 * beta.ppf((np.arange(80) + 0.5) / 80, 0.3, 4.0)).astype(int)
    profile = fit_counts("false_positives", 200, c, n_resamples=0).profile("f")
    assert profile.low == 0 and 1e-4 < profile.high < 3 / 200


def test_more_is_accepted_than_right_samples_explain():
    """Every resample is at one: the low end is that of the problems at the best audited judge."""
    accepted = np.tile([0.872, 0.992], 40)
    found = corrected_rate(accepted, right=(1000, 904), wrong=(1000, 10))
    assert found.reported == pytest.approx(0.932) and (found.draws == 1).mean() > 0.98
    assert found.value == found.high == 1 and 0.98 < found.low < 1


def test_a_seed_fixes_problems_and_audit():
    options = dict(right=(100, 90), wrong=(100, 10), n_resamples=50)
    first, again, other = (corrected_rate([0.4, 0.6] * 20, rng=rng, **options) for rng in (1, 1, 2))
    np.testing.assert_array_equal(first.draws, again.draws)
    assert (first.draws != other.draws).any()
