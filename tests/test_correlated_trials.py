"""Laws of correlated trials: exact sums, possible worlds, and worlds that were drawn."""
import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaling_utils import LAWS, fit_curve, simulate
from scaling_utils.laws.harmonic_trials import harmonic

KAPPAS = {"effective_trials": "kappa", "harmonic_trials": "kappa", "design_effect": "rho"}
GAMMA = dict(k0=14.0, kappa=0.3)
SIZE = 200_000


def worth(key, k, **params):
    """log F(k) / log F(1): how many independent attempts k attempts are worth."""
    law = LAWS[key]
    return np.log1p(-law(k, **params)) / np.log1p(-law(1.0, **params))


@pytest.mark.parametrize("kappa", [0, 1e-9, 0.3, 1 - 1e-9, 1, 1 + 1e-7, 1.5, 3])
@pytest.mark.parametrize("k", [0, 1, 2, 5, 30, 1000])
def test_harmonic_number_is_the_sum(k, kappa):
    exact = mpmath.fsum(mpmath.mpf(j) ** -mpmath.mpf(kappa) for j in range(1, k + 1))
    assert harmonic(k, kappa) == pytest.approx(float(exact), rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("kappa", [1.2, 2.0, 4.0])
def test_harmonic_number_between_whole_numbers(kappa):
    exact = mpmath.zeta(kappa) - mpmath.zeta(kappa, 13.5)
    assert harmonic(12.5, kappa) == pytest.approx(float(exact), rel=1e-11)


@settings(deadline=None)
@given(st.sampled_from(sorted(KAPPAS)), st.floats(0.02, 0.98), st.floats(0.02, 0.9))
def test_exchangeable_attempts_are_worth_less_and_less(key, p, shape):
    h = worth(key, np.arange(1.0, 8), p=p, **{KAPPAS[key]: shape})
    gains = np.diff(np.r_[0, h])
    assert h[0] == pytest.approx(1, rel=1e-9) and (np.diff(gains) < 1e-7).all()


def test_gamma_law_is_worth_less_and_less_and_has_a_beta_twin():
    gains = np.diff(np.r_[0, worth("gamma_exponential", np.arange(1.0, 50), **GAMMA)])
    assert (np.diff(gains) < 0).all()
    k = np.geomspace(1, 1e4, 30)
    gap = (LAWS["gamma_exponential"](k, k0=50 - 0.35, kappa=0.3)
           - LAWS["beta_failure"](k, alpha=50.0, beta=0.3))  # fmt: skip
    assert np.abs(gap).max() < 1e-5


def stable(kappa, size, rng):
    """Positive stable draws after Kanter (1975)."""
    theta, w = rng.uniform(0, np.pi, size), rng.exponential(size=size)
    s = np.sin(kappa * theta) / np.sin(theta) ** (1 / kappa)
    return s * (np.sin((1 - kappa) * theta) / w) ** ((1 - kappa) / kappa)


def rates(key, size, rng):
    """Decay rates u of problems in a world of the law."""
    lam = -np.log(0.9)
    if key == "effective_trials":
        return lam ** (1 / 0.4) * stable(0.4, size, rng)
    if key == "gamma_exponential":
        return rng.gamma(GAMMA["kappa"], 1 / GAMMA["k0"], size)
    n = rng.poisson(lam / 0.02, size)
    return np.where(n > 0, rng.gamma(np.maximum(n, 1)), 0) * 0.02 / 0.98


WORLDS = {"effective_trials": dict(p=0.9, kappa=0.4), "gamma_exponential": GAMMA,
          "design_effect": dict(p=0.9, rho=0.02)}  # fmt: skip


@pytest.mark.parametrize("key", WORLDS)
@pytest.mark.parametrize("k", [1, 7, 300])
def test_difficulty_drawn_as_the_chapter_says_gives_the_law(key, k):
    fail = np.exp(-k * rates(key, SIZE, np.random.default_rng(k)))
    exact = 1 - float(LAWS[key](k, **WORLDS[key]))
    assert fail.mean() == pytest.approx(exact, abs=4 * fail.std() / np.sqrt(SIZE))


@pytest.mark.parametrize("k", [1, 7, 60])
def test_harmonic_attempts_drawn_one_by_one_give_the_law(k):
    chance = 0.9 ** (np.arange(1, k + 1) ** -0.6)
    alive = (np.random.default_rng(k).random((SIZE // 4, k)) < chance).all(axis=1)
    exact = 1 - float(LAWS["harmonic_trials"](k, p=0.9, kappa=0.6))
    error = 4 * np.sqrt(exact * (1 - exact) / alive.size)
    assert alive.mean() == pytest.approx(exact, abs=error)


@pytest.mark.parametrize("k", [1, 5, 40])
def test_urn_fails_like_the_beta_law(k):
    rng, size = np.random.default_rng(k), SIZE // 4
    red, alive = np.full(size, 2.0), np.ones(size, bool)
    for j in range(k):
        failed = rng.random(size) < red / (2.0 + 0.5 + j)
        red, alive = red + failed, alive & failed
    exact = 1 - float(LAWS["beta_failure"](k, alpha=2.0, beta=0.5))
    assert alive.mean() == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / size))


@pytest.mark.slow
@pytest.mark.parametrize("key", ["effective_trials", "gamma_exponential"])
def test_intervals_from_resampled_problems_hold_the_truth(key):
    """At least 80 % of nominal 95 % intervals; 40 worlds have a binomial spread of 3.4 %."""
    rng, truth = np.random.default_rng(20241021), WORLDS[key]
    k = np.unique(np.geomspace(1, 3000, 15).astype(int))
    held = []
    for _ in range(40):
        c = simulate.draw_counts(-np.expm1(-rates(key, 128, rng)), 3000, rng)
        fit = fit_curve(LAWS[key], (k,), counts=(3000, c), n_resamples=150, rng=rng)
        held.append([low < truth[name] < high for name, (low, high) in fit.intervals.items()])
    assert np.mean(held, axis=0).min() > 0.8
