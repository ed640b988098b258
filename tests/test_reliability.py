"""Reliability: the estimator on released counts, and bounds that any law must respect."""
import numpy as np
import pytest

from scaling_utils import LAWS, all_at_k, load


def test_published_values_of_tau_bench_are_recounted():
    table = load("tau_bench_airline")
    ours = all_at_k(table.n_samples, table.n_correct, [1, 2, 3, 4]).mean(axis=0)
    assert np.round(ours, 3).tolist() == [0.42, 0.273, 0.22, 0.2]


def test_law_is_the_mirror_of_the_loss():
    k = np.geomspace(1, 1e4, 30)
    mirror = LAWS["inference_loss"](k, alpha=0.6, beta=0.9)
    assert LAWS["reliability"](k, alpha=0.9, beta=0.6) == pytest.approx(mirror, rel=1e-12)


def test_law_agrees_with_the_estimator_on_drawn_tasks():
    rng, n_tasks, alpha, beta = np.random.default_rng(3), 4_000, 0.8, 0.6
    c = rng.binomial(12, rng.beta(beta, alpha, n_tasks))
    for k in (1, 4, 12):
        each = all_at_k(np.full(n_tasks, 12), c, k)
        error = each.std() / np.sqrt(n_tasks)
        assert abs(each.mean() - LAWS["reliability"](k, alpha=alpha, beta=beta)) < 4 * error
