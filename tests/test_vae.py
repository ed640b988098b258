"""The variational autoencoder: gradients, sampling, floors, and its coverage in its own band."""
from itertools import combinations

import numpy as np
import pytest
from autograd import grad
from autograd.misc.flatten import flatten
from sklearn.datasets import load_digits

from scaling_utils import coverage, reconstruct, vae

IMAGES = load_digits().images[:80].reshape(80, 64) / 16


@pytest.fixture(scope="module")
def weights():
    return vae.train(IMAGES, 8, np.random.default_rng(1), steps=300, batch=40)


@pytest.fixture(scope="module")
def errors(weights):
    """Two independent sets of 1,000 tries per image at a temperature of 1.1."""
    rng = np.random.default_rng(2)
    return [reconstruct.draw_errors(weights, IMAGES, 1.1, 1, 1000, rng)[:, 0] for _ in range(2)]


def misses(predicted, tries, threshold, ks):
    """Deviations between predicted and counted coverage, in upper bounds of their own spread."""
    n = tries.shape[1]
    c = np.sum(predicted <= threshold, axis=1)
    z = []
    for k in ks:
        here = reconstruct.solved_in_runs(tries <= threshold, k)
        expected = coverage(n, c, k)
        one_run = coverage(n, c, 2 * k) - expected  # mean of p^k - p^2k: variance of one run
        variance = one_run * (1 / (n // k) + k / n) / len(c)
        z.append((here.mean() - expected) / np.sqrt(variance))
    return np.abs(z)


def test_gradient_agrees_with_differences():
    rng = np.random.default_rng(3)
    weights = vae.train(IMAGES, 3, rng, steps=1, batch=10, n_hidden=5)
    noise = rng.standard_normal((80, 3))
    flat, back = flatten(weights)
    slope = flatten(grad(vae.loss)(weights, IMAGES, noise, 2.0))[0]
    for i in rng.choice(flat.size, 30, replace=False):
        ends = [vae.loss(back(flat + s * 1e-5 * np.eye(flat.size)[i]), IMAGES, noise, 2.0)
                for s in (1, -1)]  # fmt: skip
        assert np.isclose((ends[0] - ends[1]) / 2e-5, slope[i], rtol=1e-6, atol=1e-6)


def test_loss_adds_the_weighted_divergence_to_the_summed_misfit(weights):
    mu, log_sigma = vae.encode(weights, IMAGES)
    misfit = np.sum((vae.decode(weights, mu) - IMAGES) ** 2) / len(IMAGES)
    nats = vae.kl_per_unit(weights, IMAGES).sum()
    for weight, sd in ((0.0, 0.1), (1.0, 0.2), (5.0, 0.1)):
        value = vae.loss(weights, IMAGES, np.zeros(mu.shape), weight, sd)
        assert np.isclose(value, misfit / (2 * sd**2) + weight * nats, rtol=1e-12)


def test_divergence_agrees_with_drawn_log_ratios(weights):
    mu, log_sigma = vae.encode(weights, IMAGES[:1])
    eta = np.random.default_rng(4).standard_normal((100_000, mu.size))
    z = mu + np.exp(log_sigma) * eta
    ratios = np.sum(0.5 * (z**2 - eta**2) - log_sigma, axis=1)
    tolerance = 4 * ratios.std() / np.sqrt(len(ratios))
    assert abs(ratios.mean() - vae.kl_per_unit(weights, IMAGES[:1]).sum()) < tolerance


@pytest.mark.slow
def test_training_learns_and_is_a_function_of_its_seed(weights):
    again = vae.train(IMAGES.copy(), 8, np.random.default_rng(1), steps=300, batch=40)
    assert np.array_equal(flatten(again)[0], flatten(weights)[0])
    start = vae.train(IMAGES, 8, np.random.default_rng(1), steps=1, batch=40)
    mean = np.linalg.norm(IMAGES - IMAGES.mean(axis=0), axis=1).mean()
    first, last = (np.linalg.norm(vae.decode(w, vae.encode(w, IMAGES)[0]) - IMAGES, axis=1).mean()
                   for w in (start, weights))  # fmt: skip
    assert last < 0.6 * mean < first


@pytest.mark.slow
def test_strong_prior_silences_every_unit(weights):
    strong = vae.train(IMAGES, 8, np.random.default_rng(1), steps=300, batch=40, prior_weight=100)
    assert vae.kl_per_unit(strong, IMAGES).max() < 0.05 < vae.kl_per_unit(weights, IMAGES).max()


def test_errors_at_temperature_zero_are_those_of_the_mean(weights):
    errors = reconstruct.draw_errors(weights, IMAGES, 0.0, 2, 3, np.random.default_rng(5))
    mean = np.linalg.norm(vae.decode(weights, vae.encode(weights, IMAGES)[0]) - IMAGES, axis=1)
    assert np.allclose(errors, mean[:, None, None], rtol=1e-12, atol=0)


def test_latents_are_drawn_with_temperature_times_sigma():
    """A decoder that is linear for small latents shows what it was given."""
    encoder = ((np.zeros((1, 1)), np.zeros(1)), (np.zeros((1, 2)), np.array([0.0, np.log(0.01)])))
    weights = encoder, ((np.ones((1, 1)), np.zeros(1)), (np.ones((1, 1)), np.zeros(1)))
    errors = reconstruct.draw_errors(weights, [[0.5]], 3.0, 1, 40_000, np.random.default_rng(6))
    spread = 4 * np.sqrt(np.mean(errors**2))  # the slope of the logistic function is 1/4
    assert abs(spread / 0.03 - 1) < 4 / np.sqrt(2 * 40_000) + 1e-3  # its curvature: 0.03^2


@pytest.mark.parametrize("shared", [0.3, 0.8])
@pytest.mark.slow
def test_shared_noise_correlates_tries_and_leaves_each_alone(weights, errors, shared):
    rng = np.random.default_rng(7)
    drawn = reconstruct.draw_errors(weights, IMAGES, 1.1, 200, 5, rng, shared)
    runs = drawn.mean(axis=2)
    spread = np.sqrt(np.sum(runs.var(axis=1) / 200 + errors[0].var(axis=1) / 1000))
    assert abs(np.sum(drawn.mean(axis=(1, 2)) - errors[0].mean(axis=1))) < 4 * spread
    between, within = runs.var(axis=1).mean(), drawn.var(axis=2, ddof=1).mean()
    correlation = (between - within / 5) / (between + within * 4 / 5)
    assert shared**2 < correlation < shared  # the ends: a quadratic and a linear decoder


def test_noise_shared_in_full_repeats_one_try(weights):
    drawn = reconstruct.draw_errors(weights, IMAGES[:3], 1.1, 4, 5, np.random.default_rng(8), 1.0)
    assert np.allclose(drawn, drawn[:, :, :1], rtol=1e-12)
    assert len(np.unique(drawn[0, :, 0])) == 4


@pytest.mark.slow
def test_coverage_predicted_from_other_tries_lies_in_its_band(errors):
    for share in (0.02, 0.1, 0.4):
        threshold = np.quantile(errors[0], share)
        assert misses(*errors, threshold, [1, 3, 10, 30, 100, 300]).max() < 4


@pytest.mark.slow
def test_the_band_excludes_another_temperature_and_shared_noise(weights, errors):
    threshold = np.quantile(errors[0], 0.1)
    rng = np.random.default_rng(9)
    warmer = reconstruct.draw_errors(weights, IMAGES, 1.4, 1, 1000, rng)[:, 0]
    assert misses(errors[0], warmer, threshold, [1, 3, 10, 30]).max() > 8
    together = reconstruct.draw_errors(weights, IMAGES, 1.1, 100, 10, rng, 0.7).reshape(80, -1)
    assert misses(errors[0], together, threshold, [1]).max() < 8
    assert misses(errors[0], together, threshold, [10]).max() > 8


def test_best_of_k_is_the_mean_over_all_subsets():
    errors = np.random.default_rng(10).random((2, 7))
    for k in range(1, 8):
        subsets = [[min(c) for c in combinations(row, k)] for row in errors]
        assert np.allclose(reconstruct.best_of_k(errors, k), np.mean(subsets, axis=1), rtol=1e-12)
    assert reconstruct.best_of_k(errors, [1, 7]).shape == (2, 2)


def test_best_of_uniform_errors_has_the_extreme_value_mean():
    errors = np.random.default_rng(11).random((4000, 50))
    for k in (1, 7, 50):
        spread = np.sqrt(k / ((k + 1) ** 2 * (k + 2))) / np.sqrt(4000)
        assert abs(reconstruct.best_of_k(errors, k).mean() - 1 / (k + 1)) < 4 * spread


def test_floor_is_zero_for_images_of_the_decoder(weights):
    made = vae.decode(weights, np.random.default_rng(12).standard_normal((5, 8)))
    floor, _ = reconstruct.floors(weights, made, np.random.default_rng(13))
    assert floor.max() < 1e-3


@pytest.mark.slow
def test_floor_lies_below_every_try_and_is_reached(weights, errors):
    floor, latents = reconstruct.floors(weights, IMAGES, np.random.default_rng(14))
    assert (floor <= errors[0].min(axis=1)).all()
    reached = np.linalg.norm(vae.decode(weights, latents) - IMAGES, axis=1)
    assert np.allclose(reached, floor, rtol=1e-12)


def test_what_is_refused(weights):
    rng = np.random.default_rng(15)
    bad = IMAGES.copy()
    bad[2, 3] = 1.5
    with pytest.raises(ValueError, match=r"images\[2, 3\] = 1.5"):
        vae.train(bad, 2, rng)
    bad[2, 3] = np.nan
    with pytest.raises(ValueError, match=r"images\[2, 3\] = nan"):
        reconstruct.draw_errors(weights, bad, 1.0, 1, 1, rng)
    with pytest.raises(ValueError, match=r"shape \(64,\)"):
        vae.train(IMAGES[0], 2, rng)
    with pytest.raises(ValueError, match="batch = 100 exceeds the 80 images"):
        vae.train(IMAGES, 2, rng)
    with pytest.raises(ValueError, match="temperature = -1"):
        reconstruct.draw_errors(weights, IMAGES, -1, 1, 1, rng)
    with pytest.raises(ValueError, match="shared = 1.5"):
        reconstruct.draw_errors(weights, IMAGES, 1, 1, 1, rng, 1.5)
    with pytest.raises(ValueError, match="k = 8 exceeds"):
        reconstruct.best_of_k(np.ones((2, 7)), 8)
    with pytest.raises(ValueError, match="k = 3 exceeds"):
        reconstruct.solved_in_runs(np.ones((2, 2), bool), 3)
