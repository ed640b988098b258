"""Votes and best-of-n against all subsets, closed forms and limits."""
from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
from scipy.special import betainc
from scipy.stats import hypergeom

from scaling_utils import (
    Samples,
    best_of_n,
    majority_at_k,
    pass_at_k,
    saturation,
    weighted_majority_at_k,
)


def all_subsets(answers, weights, k):
    """Chance that answer 0 has the largest sum of weights, by enumeration in fractions."""
    chances = []
    for subset in combinations(range(len(answers)), k):
        sums = {}
        for i in subset:
            if answers[i] >= 0 and weights[i] > 0:
                sums[answers[i]] = sums.get(answers[i], 0) + Fraction(float(weights[i]))
        best = [a for a, s in sums.items() if s == max(sums.values())]
        chances.append(Fraction(int(0 in best), max(len(best), 1)))
    return float(sum(chances) / len(chances))


def problems(seed, n_problems, most=9):
    """Random samples of answers -1 to 3."""
    rng = np.random.default_rng(seed)
    return [rng.integers(-1, 4, rng.integers(1, most + 1)) for _ in range(n_problems)]


@pytest.mark.parametrize("answers", problems(1, 25), ids=str)
def test_majority_is_the_mean_over_all_subsets(answers):
    counts = np.bincount(answers + 1, minlength=5)
    k = np.arange(1, answers.size + 1)
    exact = [all_subsets(answers, np.ones(answers.size), size) for size in k]
    got = majority_at_k([counts[1:]], k, [counts[0]])
    np.testing.assert_allclose(got[0], exact, rtol=0, atol=1e-13)


def test_many_ties_are_split_evenly():
    """One sample for each of m answers: k of them tie, and each wins equally often."""
    for m, k in ((2, 2), (9, 7), (40, 1), (40, 25)):
        np.testing.assert_allclose(majority_at_k([np.ones(m, int)], k), 1 / m, atol=1e-13)


def test_two_answers_are_a_hypergeometric_tail():
    n, c, k = 10_000, 5_200, 101
    exact = hypergeom.sf(k // 2, n, c, k)
    np.testing.assert_allclose(majority_at_k([[c, n - c]], k), exact, rtol=1e-12)


@pytest.mark.parametrize("n", [20_000, pytest.param(200_000, marks=pytest.mark.slow)])
def test_rare_wins_keep_their_digits(n):
    """Two correct samples among answers of their own: of 200,000 both come with chance 1.5e-10."""
    k = 3
    one, two = 2 * comb(n - 2, 2) / comb(n, 3), (n - 2) / comb(n, 3)
    got = majority_at_k([np.r_[2, np.ones(n - 2, int)]], k)[0]
    assert got == pytest.approx(one / 3 + two, abs=1e-13) and two > 1e-10


def test_large_votes_tend_to_condorcet():
    """n -> infinity at fixed k: I_q((k + 1) / 2, (k + 1) / 2), with an error of order k / n."""
    k, q = 25, 0.55
    gaps = []
    for n in (10**4, 10**6):
        exact = betainc((k + 1) / 2, (k + 1) / 2, q)
        gaps.append(abs(majority_at_k([[int(q * n), n - int(q * n)]], k)[0] - exact))
    assert gaps[0] < 1e-3 and gaps[1] < gaps[0] / 50


def test_two_votes_are_worth_one():
    rng = np.random.default_rng(3)
    counts = rng.multinomial(30, [0.4, 0.3, 0.2, 0.1], 20)
    got = majority_at_k(counts, [1, 2])
    np.testing.assert_allclose(got[:, 0], counts[:, 0] / 30, atol=1e-13)
    np.testing.assert_allclose(got[:, 1], got[:, 0], atol=1e-13)


def test_all_votes_elect_the_mode():
    assert majority_at_k([[3, 2, 2], [2, 3, 0], [2, 2, 2]], 7 - 1, [0, 1, 0])[1:] == pytest.approx(
        [0, 1 / 3]
    )
    assert majority_at_k([[3, 2, 2]], 7) == pytest.approx(1)


def test_wrong_answers_may_be_relabelled_and_padded():
    rng = np.random.default_rng(4)
    counts = rng.multinomial(16, [0.3, 0.25, 0.25, 0.1, 0.1], 8)
    shuffled = np.concatenate([counts[:, :1], rng.permuted(counts[:, 1:], axis=1)], axis=1)
    padded = np.pad(shuffled, ((0, 0), (0, 3)))
    k = [1, 3, 8, 16]
    np.testing.assert_allclose(majority_at_k(counts, k), majority_at_k(padded, k), atol=1e-13)


def test_abstentions_do_not_vote():
    """A lone correct sample among abstentions wins whenever it is drawn."""
    got = majority_at_k([[1]], [1, 3, 5], n_abstain=4)
    np.testing.assert_allclose(got[0], [0.2, 0.6, 1.0], atol=1e-13)
    against_others = majority_at_k([[1, 1, 1, 1, 1]], 5)  # each a wrong answer of its own
    np.testing.assert_allclose(against_others, 0.2, atol=1e-13)


def test_convergence_to_the_limit_at_the_rate():
    """Wu et al., Theorem 1: the error of a problem falls at least like exp(-k delta^2 / 2)."""
    share, n = np.array([0.5, 0.3, 0.2]), 10**6
    k = np.array([50, 100, 200, 400])
    miss = 1 - majority_at_k([(share * n).astype(int)], k)[0]
    delta = share[0] - share[1]
    assert (miss <= 2 * np.exp(-k * delta**2 / 2)).all()
    exact_rate = -np.log(1 - (np.sqrt(share[0]) - np.sqrt(share[1])) ** 2)  # Chernoff, two answers
    slope = -np.diff(np.log(miss)) / np.diff(k)
    assert slope[-1] == pytest.approx(exact_rate, rel=0.1)
    assert abs(slope[-1] - exact_rate) < abs(slope[0] - exact_rate)


def test_against_subsets_drawn_at_random():
    """A large table, within 5 standard errors of 20,000 random subsets."""
    rng = np.random.default_rng(5)
    counts, k, draws = np.r_[900, 850, 400, np.full(40, 20)], 60, 20_000
    drawn = rng.multivariate_hypergeometric(counts, k, size=draws)
    best = drawn.max(axis=1)
    wins = (drawn[:, 0] == best) / (drawn == best[:, None]).sum(axis=1)
    error = wins.std() / np.sqrt(draws)
    assert majority_at_k([counts], k)[0] == pytest.approx(wins.mean(), abs=5 * error)


@pytest.mark.parametrize("answers", problems(6, 20), ids=str)
@pytest.mark.parametrize("lattice", [True, False])
def test_weighted_vote_is_the_mean_over_all_subsets(answers, lattice):
    rng = np.random.default_rng(answers.size)
    weights = rng.integers(0, 5, answers.size) / 4 if lattice else rng.random(answers.size)
    k = np.arange(1, answers.size + 1)
    exact = [all_subsets(answers, weights, size) for size in k]
    got = weighted_majority_at_k([answers], [weights], k)
    np.testing.assert_allclose(got[0], exact, rtol=0, atol=1e-13)


def test_equal_weights_are_a_plain_vote():
    rng = np.random.default_rng(8)
    answers = rng.integers(-1, 4, (5, 24))
    counts = np.stack([np.bincount(a + 1, minlength=5) for a in answers])
    plain = majority_at_k(counts[:, 1:], [1, 6, 24], counts[:, 0])
    weighted = weighted_majority_at_k(answers, np.full(answers.shape, 3.7), [1, 6, 24])
    np.testing.assert_allclose(weighted, plain, atol=1e-12)


def test_weights_that_know_the_answer_give_coverage():
    rng = np.random.default_rng(9)
    answers = rng.integers(0, 5, (4, 12))
    got = weighted_majority_at_k(answers, answers == 0, [1, 5, 12])
    exact = pass_at_k(12, (answers == 0).sum(axis=1), [1, 5, 12])
    np.testing.assert_allclose(got, exact, atol=1e-12)


@pytest.mark.parametrize("seed", range(10))
def test_best_of_n_is_the_mean_over_all_subsets(seed):
    rng = np.random.default_rng(seed)
    scores, correct = rng.integers(0, 4, 7), rng.integers(0, 2, 7)
    for n in range(1, 8):
        chosen = []
        for subset in map(list, combinations(range(7), n)):
            best = scores[subset] == scores[subset].max()
            chosen.append(correct[subset][best].mean())
        got = best_of_n([scores], [correct], n)
        assert got[0] == pytest.approx(np.mean(chosen), abs=1e-13)


def test_best_of_n_limits():
    rng = np.random.default_rng(11)
    correct = rng.random((6, 40)) < 0.3
    n = [1, 5, 40]
    np.testing.assert_allclose(best_of_n(correct * 1.0, correct, n),
                               pass_at_k(40, correct.sum(axis=1), n), atol=1e-12)  # an oracle
    blind = best_of_n(np.zeros_like(correct, float), correct, n)
    np.testing.assert_allclose(blind, correct.mean(axis=1)[:, None] + np.zeros(3), atol=1e-12)
    worst = best_of_n(-1.0 * correct, correct, n)
    assert (np.diff(worst, axis=1) <= 1e-13).all()


def test_minus_infinity_is_the_last_in_rank():
    got = best_of_n([[-np.inf, -3.0, -2.0]], [[1, 0, 1]], [1, 3])
    np.testing.assert_allclose(got, best_of_n([[-9.0, -3.0, -2.0]], [[1, 0, 1]], [1, 3]))
    np.testing.assert_allclose(best_of_n([[-np.inf, -np.inf]], [[1, 0]], [1, 2]), 0.5)


def test_a_single_row_is_one_problem():
    np.testing.assert_array_equal(best_of_n([0.9, 0.5, 0.1], [0, 1, 1], [1, 2]),
                                  best_of_n([[0.9, 0.5, 0.1]], [[0, 1, 1]], [1, 2]))


def rows(n_each, seed=5):
    """A table of samples with answers and scores."""
    rng = np.random.default_rng(seed)
    parts = [pd.DataFrame({"problem": i, "answer": rng.integers(0, 4, n), "score": rng.random(n)})
             for i, n in enumerate(n_each)]
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(correct=frame.answer == 0)


def test_samples_in_place_of_tables():
    frame = rows([9, 9])
    samples = Samples.from_rows(frame)
    answers, scores = (frame[x].to_numpy().reshape(2, 9) for x in ("answer", "score"))
    counts = [np.bincount(row, minlength=4) for row in answers]
    k = [1, 4, 9]
    np.testing.assert_allclose(majority_at_k(samples, k), majority_at_k(counts, k), atol=1e-13)
    np.testing.assert_allclose(best_of_n(samples, k), best_of_n(scores, answers == 0, k))
    np.testing.assert_allclose(best_of_n(samples, n=k), best_of_n(scores, answers == 0, k))
    np.testing.assert_allclose(weighted_majority_at_k(samples, k),
                               weighted_majority_at_k(answers, scores, k))


def test_problems_with_different_numbers_of_samples():
    samples = Samples.from_rows(rows([9, 6]))
    parts = [samples.take([i]) for i in (0, 1)]
    for function in (majority_at_k, best_of_n, weighted_majority_at_k):
        together = np.concatenate([function(part, [2, 6]) for part in parts])
        np.testing.assert_allclose(function(samples, [2, 6]), together, atol=1e-13)
        with pytest.raises(ValueError, match=r"= 7 exceeds n_samples\[1\] = 6"):
            function(samples, 7)


def test_votes_of_a_stopped_design_are_refused():
    frame = pd.DataFrame({"problem": [0, 0, 1], "correct": [0, 1, 1], "answer": [1, 0, 0],
                          "score": 1.0})
    stopped = Samples.from_rows(frame, design="first_success")
    for function in (majority_at_k, best_of_n, weighted_majority_at_k):
        with pytest.raises(ValueError, match=f"{function.__name__}: .*first success"):
            function(stopped, 1)


def test_shapes():
    counts = [[3, 1], [2, 2]]
    assert majority_at_k(counts, 2).shape == (2,)
    assert majority_at_k(counts, [[1, 2, 3]]).shape == (2, 1, 3)
    assert weighted_majority_at_k([[0, 1]], [[1, 1]], [1, 2]).shape == (1, 2)
    assert best_of_n([[1, 2]], [[0, 1]], [1, 2]).shape == (1, 2)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: majority_at_k([[3, 1], [2, -1]], 1), r"answer_counts\[1, 1\] = -1 .*problem 1"),
    (lambda: majority_at_k([[3, 1], [2, np.nan]], 1), r"answer_counts\[1, 1\] = nan .*problem 1"),
    (lambda: majority_at_k([[3, 1], [1, 1]], 3), r"k = 3 exceeds n_samples\[1\] = 2"),
    (lambda: majority_at_k([[3, 1], [0, 0]], 1), r"exceeds n_samples\[1\] = 0"),
    (lambda: majority_at_k([[3, 1]], 1, [1, 2]), "n_abstain"),
    (lambda: majority_at_k([3, 1], 1), "n_problems, n_answers"),
    (lambda: majority_at_k([[3, 1]], 0), "k = 0 is below 1"),
    (lambda: majority_at_k([[3, 1]], 1, -1), "n_abstain = -1 is below 0"),
    (lambda: weighted_majority_at_k([[0, 1], [0, 1]], [[1, 1], [1, -2.0]], 1),
     r"weights\[1, 1\] = -2 is negative \(problem 1\)"),
    (lambda: weighted_majority_at_k([[0, 1]], [[1, np.nan]], 1), r"weights\[0, 1\].*problem 0"),
    (lambda: weighted_majority_at_k([[0, 1]], [[1]], 1), "one shape"),
    (lambda: weighted_majority_at_k([[0, -2]], [[1, 1]], 1), r"answers\[0, 1\] = -2 .*problem 0"),
    (lambda: weighted_majority_at_k([[0, 1]], [[1, 1]], 3), r"exceeds n_samples\[0\] = 2"),
    (lambda: best_of_n([[1, np.nan]], [[0, 1]], 1), r"scores\[0, 1\] = nan .*problem 0"),
    (lambda: best_of_n([[1, 2], [1, 2]], [[0, 1], [0, 2]], 1),
     r"correct\[1, 1\] = 2 .*problem 1"),
    (lambda: best_of_n([[1, 2]], [[0, 1, 1]], 1), "one shape"),
    (lambda: best_of_n([[1, 2]], [["a", "b"]], 1), "^correct must hold numbers"),
    (lambda: best_of_n([["a", "b"]], [[0, 1]], 1), "^scores must hold numbers"),
    (lambda: best_of_n([[1, 2], [1]], [[0, 1], [1]], 1),
     r"scores .* row 0 holds 2, row 1 holds 1 \(problem 1\)"),
    (lambda: best_of_n([[1, np.inf]], [[0, 1]], 1), r"scores\[0, 1\] = inf is infinite"),
    (lambda: weighted_majority_at_k([[0, 1]], [[1, np.inf]], 1), r"weights\[0, 1\] = inf"),
    (lambda: best_of_n([[1, 2]], [[0, 1]], 3), "n = 3 exceeds"),
])
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.slow
def test_saturation_recovers_and_covers():
    """95 % intervals of the limit hold the truth in 19 of 20 worlds, within 4 deviations."""
    k = np.array([1, 2, 4, 8, 16, 32, 64, 128])
    worlds, hits = 60, 0
    for seed in range(worlds):
        rng = np.random.default_rng(seed)
        limit = rng.beta(4, 2, 400)
        table = limit[:, None] * (1 - 0.5 * k**-0.6)
        found = saturation(k, table, n_resamples=200, rng=seed)
        assert found.rate == pytest.approx(0.6, rel=1e-5)
        low, high = found.intervals["limit"]
        hits += low <= 4 / 6 <= high
    assert hits / worlds == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / worlds))


def test_saturation_of_a_curve_alone():
    """Exact on its own law; told as extrapolated where the share lies beyond the last k."""
    k = np.array([1, 4, 16, 64, 256])
    near, far = (saturation(k, 0.6 - 0.3 * k**-0.5, share=s) for s in (0.9, 0.99))
    assert near.k_max == far.k_max == 256 and near.why and near.intervals is None
    assert near.k_at_share == pytest.approx((0.3 / 0.06) ** 2, rel=1e-5) and not near.extrapolated
    assert far.k_at_share == pytest.approx((0.3 / 0.006) ** 2, rel=1e-5) and far.extrapolated
    assert "data end at 256" in str(far) and "data end" not in str(near)


def level_votes(rng, k, n_problems=200):
    """Vote curves that start flat, since two votes with fair ties are worth one, and level off."""
    right = rng.beta(0.6, 1.2, n_problems)
    votes = [rng.multinomial(256, [q, *((1 - q) * rng.dirichlet(np.full(8, 0.4)))]) for q in right]
    return majority_at_k(votes, k)


@pytest.mark.slow
def test_saturation_leaves_out_the_first_votes():
    """From four votes on the limit is the level of the curve; from one on it is far above it."""
    k = 2 ** np.arange(9)
    table = level_votes(np.random.default_rng(0), k)
    found, all_votes = (saturation(k, table, first=n, n_resamples=200) for n in (4, 1))
    assert found.first == 4 and abs(found.limit - table[:, -1].mean()) < 0.01
    assert all_votes.limit > found.limit + 0.02 and all_votes.k_at_share > 10 * found.k_at_share
    assert all_votes.chance < 0.01 < found.chance  # which the scatter of the problems tells
    assert found.predict([16, 64]) == pytest.approx(
        found.limit - found.A * np.array([16, 64.0]) ** -found.rate)
    assert "Fitted from 4 votes on" in str(found) and "Misfit" in found._repr_markdown_()
    low, high = found.intervals["limit"]
    half = saturation(k, table, n_resamples=200, level=0.5).intervals["limit"]
    assert low < half[0] < half[1] < high
    with pytest.raises(ValueError, match=r"k = 2 is below the first 4 votes"):
        found.predict(2)


@pytest.mark.slow
def test_the_chance_of_a_misfit_is_uniform_where_the_law_holds():
    """Problems with limits and noise of their own: one chance in five is below a fifth."""
    k, rng = np.array([4, 8, 16, 32, 64]), np.random.default_rng(4)
    chances = []
    for _ in range(60):
        level = rng.uniform(0.4, 0.8, 100)[:, None]
        table = np.clip(level * (1 - 0.4 * k**-0.7) + 0.05 * rng.standard_normal((100, 5)), 0, 1)
        chances.append(saturation(k, table, n_resamples=100, rng=rng).chance)
    assert np.mean(np.array(chances) < 0.2) == pytest.approx(0.2, abs=4 * np.sqrt(0.16 / 60))


def test_saturation_says_what_it_cannot_know():
    k = np.array([1, 4, 16, 64, 70])
    curve = 0.6 - 0.3 * k**-0.5
    alone = saturation(k, curve)
    assert alone.intervals is None and "curve alone" in alone.why
    assert str(alone).startswith("limit: 0.6 (-)")
    assert "| limit | 0.6 | - |" in alone._repr_markdown_()
    assert alone.k_at_share == pytest.approx(100, rel=1e-6) and alone.extrapolated
    assert "Extrapolated" in alone._repr_markdown_()
    falling = saturation(k, 0.3 + 0.3 * k**-0.5)
    assert falling.k_at_share == 1 and falling.limit == pytest.approx(0.3, abs=1e-6)
    rng = np.random.default_rng(2)
    counts = np.stack([rng.multinomial(16, rng.dirichlet([1, 1, 1, 1])) for _ in range(45)])
    few = saturation([1, 2, 4, 8, 12, 16], majority_at_k(counts, [1, 2, 4, 8, 12, 16]))
    low, high = few.intervals["limit"]
    assert high - low > 0.2  # 16 votes on 45 problems do not fix a limit


@pytest.mark.parametrize(("k", "table", "message"), [
    ([1, 2, 3, 4, 5], [0.1, 0.2, 0.3, 0.4, 0.5], "k has 2 different values from 4"),
    ([1, 2, 3, 4], [0.1, 0.2, 0.3], "table"),
    ([1, 2, 3, 4], [[0.1, 0.2, 0.3, 1.3]], r"table\[0, 3\] = 1.3 .*problem 0"),
    ([0, 2, 3, 4], [0.1, 0.2, 0.3, 0.4], r"k\[0\] = 0"),
])
def test_saturation_refuses(k, table, message):
    with pytest.raises(ValueError, match=message):
        saturation(k, table)


def test_saturation_of_problems_that_share_a_rate():
    """Each problem on its own law with one exponent: so is every mean, and refits find it to the
    last step of their grid of exponents, 2e-4."""
    k, rng = np.array([1, 4, 16, 64, 256]), np.random.default_rng(3)
    limit = rng.beta(4, 2, 40)
    table = limit[:, None] * (1 - 0.5 * k**-0.6)
    found = saturation(k, table, first=1, n_resamples=200, level=0.8, rng=9)
    weights = np.random.default_rng(9).multinomial(40, np.full(40, 1 / 40), 200)
    ends = np.quantile(weights @ limit / 40, [0.1, 0.9], method="lower")
    assert found.intervals["limit"] == pytest.approx(tuple(ends), rel=2e-4)
    assert found.intervals["rate"] == pytest.approx((0.6, 0.6), rel=2e-4)
    assert found.predict([16, 64]) == pytest.approx(limit.mean() * (1 - 0.5 * k[2:4] ** -0.6))
    assert str(found).splitlines()[-2] == "Status CONVERGED: use values and their errors."
    noisy = np.clip(table + 0.05 * rng.standard_normal(table.shape), 0, 1)
    assert 0.01 < saturation(k, noisy, first=1, n_resamples=200).chance < 0.99
    with pytest.raises(ValueError, match=r"^table\[0, 0\] = nan"):
        saturation(k, table * np.nan)
    with pytest.raises(ValueError, match="^share = 1 must be"):
        saturation(k, table, share=1.0)
