"""Simulated counts have the moments of their world; tolerance 4 standard errors."""
import numpy as np
import pytest

from scaling_utils.worlds.simulate import beta_counts, draw_counts, thin_counts

DRAWS = 40_000


def near(sample, mean, variance):
    """Whether mean and variance of a sample lie within 4 standard errors of the exact ones."""
    fourth = np.mean((sample - sample.mean()) ** 4)
    assert sample.mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / sample.size))
    error = np.sqrt((fourth - variance**2) / sample.size)
    assert sample.var() == pytest.approx(variance, abs=4 * error)


def test_binomial_moments():
    c = draw_counts(np.full(DRAWS, 0.3), 20, np.random.default_rng(1))
    near(c, 6, 20 * 0.3 * 0.7)


def test_beta_binomial_moments_in_the_failure_convention():
    alpha, beta, n = 3.0, 0.5, 20
    mean, rho = beta / (alpha + beta), 1 / (alpha + beta + 1)
    c = beta_counts(DRAWS, n, alpha, beta, np.random.default_rng(2))
    near(c, n * mean, n * mean * (1 - mean) * (1 + (n - 1) * rho))


def test_thinning_is_hypergeometric():
    n, c, m = 50, 15, 20
    kept = thin_counts(np.full(DRAWS, n), np.full(DRAWS, c), m, np.random.default_rng(3))
    near(kept, m * c / n, m * (c / n) * (1 - c / n) * (n - m) / (n - 1))
    assert kept.max() <= min(c, m)


def test_all_samples_kept_gives_the_counts_back():
    c = np.array([0, 3, 10])
    np.testing.assert_array_equal(thin_counts(10, c, 10, np.random.default_rng(4)), c)


def test_a_seed_stands_for_its_generator():
    for draw in (lambda rng: draw_counts([0.2, 0.8], 30, rng),
                 lambda rng: beta_counts(4, 9, 1, 2, rng),
                 lambda rng: thin_counts(30, [10, 20], 12, rng)):
        np.testing.assert_array_equal(draw(3), draw(np.random.default_rng(3)))
    with pytest.raises(ValueError, match="rng = 'x' must be"):
        draw_counts([0.5], 10, "x")


def test_refusals():
    rng = np.random.default_rng(5)
    with pytest.raises(ValueError, match=r"rates\[1\]"):
        draw_counts([0.5, 1.5], 10, rng)
    with pytest.raises(ValueError, match=r"rates\[0\]"):
        draw_counts([np.nan], 10, rng)
    with pytest.raises(ValueError, match=r"m = 6 exceeds n_samples\[1\] = 5"):
        thin_counts([10, 5], [1, 1], 6, rng)
    with pytest.raises(ValueError, match="beta = 0 is not a positive number"):
        beta_counts(3, 10, 1.0, 0, rng)
    with pytest.raises(ValueError, match="alpha = nan"):
        beta_counts(3, 10, np.nan, 1.0, rng)
    with pytest.raises(ValueError, match="n_problems = 2.5 is not a whole number"):
        beta_counts(2.5, 10, 1.0, 1.0, rng)
