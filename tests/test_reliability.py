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


def test_published_means_of_thresholds_lie_where_the_thresholds_allow():
    """(g_75 + g_100) / 2 to (3 g_50 + 4 g_75 + g_100) / 8, since the tail falls with tau."""
    table, digit = load("g_pass"), 0.1
    low = (table.g_75 + table.g_100) / 2
    high = (3 * table.g_50 + 4 * table.g_75 + table.g_100) / 8
    outside = table[(table.mg < low - digit) | (table.mg > high + digit)]
    assert outside[["benchmark", "model"]].values.tolist() == [  # named in the card
        ["AIME2024-45", "Qwen2.5-Math-7B-Instruct"]]


def test_a_vote_beats_the_threshold_of_one_half():
    """Equal with two answers, above it where wrong answers differ."""
    from scaling_utils import g_pass_at_k, majority_at_k

    half = g_pass_at_k(9, [4], 5, tau=0.6)
    assert majority_at_k([[4, 5]], [5])[:, 0] == pytest.approx(half, rel=1e-12)
    assert majority_at_k([[4, 3, 2]], [5])[:, 0] > half + 0.05
