"""Rules that stop a vote: oracles by enumeration, by ruin, and values of released programs."""
from itertools import product

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta

from scaling_utils.estimate import stopping
from scaling_utils.estimate.stopping import stop_vote, tally

RULES = [stopping.posterior, stopping.certified, stopping.window, stopping.lead, stopping.share,
         stopping.decided]


def votes_of(first, second):
    """Votes of so many first answers, then second ones, then some that cannot be read."""
    place, first, second = np.arange(np.max(first + second)), first[:, None], second[:, None]
    return tally(np.select([place < first, place < first + second], [0, 1], -1))


def test_tally_is_that_of_counting_after_every_answer():
    rng = np.random.default_rng(3)
    answers = rng.integers(-1, 4, size=(200, 12))
    vote = tally(answers)
    for row, leader, first, second in zip(answers, vote.leader, vote.first, vote.second,
                                          strict=True):
        for t in range(12):
            seen = row[:t + 1]
            counts = sorted((int((seen == a).sum()) for a in range(4)), reverse=True)
            assert [first[t], second[t]] == counts[:2]
            assert (leader[t] == -1) == (counts[0] == 0)
            assert counts[0] == 0 or (seen == leader[t]).sum() == counts[0]


def test_a_tie_stays_with_the_answer_that_led_first():
    assert tally([[5, 9, 9, 5]]).leader.tolist() == [[5, 5, 9, 9]]


@pytest.mark.parametrize("first, second, value", [
    (4, 0, 0.96875), (3, 0, 0.9375), (5, 1, 0.9375), (6, 1, 0.96484375), (8, 2, 0.96728515625)])
def test_posterior_is_the_integral_of_the_released_program(first, second, value):
    answers = [[0] * first + [1] * second]
    stop = lambda level: stopping.posterior(tally(answers), level)[0, -1]  # noqa: E731
    assert beta.sf(0.5, first + 1, second + 1) == pytest.approx(value, abs=1e-12)
    assert stop(value - 1e-9) and not stop(value + 1e-9)


@pytest.mark.parametrize("p1, alpha, beta_", [(0.5001, 0.05, 1 - 0.05 - 0.000024)])
def test_lead_is_the_sequential_test_of_the_released_program(p1, alpha, beta_):
    up = np.log((1 - beta_) / alpha)
    first, second = np.array([pair for pair in product(range(1, 60), range(60))
                              if pair[0] >= pair[1]]).T
    ratio = first * np.log(2 * p1) + second * np.log(2 * (1 - p1))
    np.testing.assert_array_equal(ratio >= up, stopping.lead(votes_of(first, second))[:, -1])


def test_lead_errs_as_a_gambler_is_ruined():
    """P(the rarer answer wins) = 1 / (1 + (p / q)^m) for two answers and no last vote."""
    p, margin, n = 0.6, 3, 20_000
    answers = (np.random.default_rng(1).random((n, 90)) > p).astype(int)
    stopped = stop_vote(tally(answers), lambda vote: stopping.lead(vote, margin))
    odds = (p / (1 - p)) ** margin
    wrong = 1 / (1 + odds)
    assert abs(np.mean(stopped.answer == 1) - wrong) < 4 * np.sqrt(wrong * (1 - wrong) / n)
    drawn = margin * (odds - 1) / ((2 * p - 1) * (odds + 1))
    assert abs(stopped.n_drawn.mean() - drawn) < 4 * stopped.n_drawn.std() / np.sqrt(n)


def test_certificate_is_the_integral_and_keeps_its_promise():
    """The mean of the likelihood ratio by quadrature; the error at a fair coin by enumeration."""
    pairs = [(a, m - a) for m in range(1, 61) for a in range((m + 1) // 2, m + 1)]
    stops, edge = stopping.certified(votes_of(*np.array(pairs).T))[:, -1], {}
    for (a, b), stop in zip(pairs, stops, strict=True):
        mean = 2 * quad(lambda x, a=a, b=b: (2 * x)**a * (2 - 2 * x)**b, 0.5, 1)[0]
        assert (mean >= 20) == stop
        if mean >= 20:
            edge[a + b] = min(edge.get(a + b, a + b + 1), a - b)
    chance, wrong = {0: 1.0}, 0.0
    for m in range(1, 61):
        new = {}
        for lead, p in chance.items():
            for step in (-1, 1):
                new[lead + step] = new.get(lead + step, 0) + p / 2
        wrong += sum(p for lead, p in new.items() if lead >= edge.get(m, m + 1))
        chance = {lead: p for lead, p in new.items() if abs(lead) < edge.get(m, m + 1)}
    assert 0.01 < wrong <= 0.05


@pytest.mark.parametrize("n", [5_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_window_of_two_equal_answers_stops_as_counted_by_hand(n):
    """Windows agree with chance p^w + q^w, so the number drawn is geometric in windows."""
    p, size = 0.7, 3
    answers = (np.random.default_rng(2).random((n, 150)) > p).astype(int)
    drawn = stop_vote(tally(answers), lambda vote: stopping.window(vote, size)).n_drawn
    assert (drawn % size == 0).all()
    agree = p**size + (1 - p) ** size
    assert abs(drawn.mean() - size / agree) < 4 * drawn.std() / np.sqrt(n)


def test_decided_never_changes_the_vote_and_stops_as_early_as_can_be():
    answers = np.array(list(product(range(-1, 3), repeat=6)))
    vote = tally(answers)
    stopped = stop_vote(vote, stopping.decided)
    assert (stopped.answer == vote.leader[:, -1]).all()
    for row, n in zip(answers, stopped.n_drawn, strict=True):
        if n > 1:  # one answer earlier some continuation would have overtaken or tied
            counts = np.sort(np.bincount(row[:n - 1][row[:n - 1] >= 0], minlength=3))
            assert counts[-2] + 6 - (n - 1) >= counts[-1]


@pytest.mark.parametrize("rule", RULES)
def test_unanimous_votes_stop_and_unreadable_ones_never_do(rule):
    same, unread = tally(np.ones((1, 12), int)), tally(np.full((1, 12), -1))
    assert stop_vote(same, rule).n_drawn[0] < 12
    stopped = stop_vote(unread, rule)
    assert stopped.n_drawn[0] == 12 and stopped.answer[0] == -1


@pytest.mark.parametrize("rule", RULES)
def test_rules_do_not_depend_on_the_names_of_answers(rule):
    answers = np.random.default_rng(5).integers(0, 3, size=(100, 20))
    names = np.array([70, 4, 31])
    one, two = stop_vote(tally(answers), rule), stop_vote(tally(names[answers]), rule)
    assert (one.n_drawn == two.n_drawn).all() and (names[one.answer] == two.answer).all()


@pytest.mark.parametrize("rule, options", [
    (stopping.posterior, {"level": 0.8}), (stopping.window, {"size": 3}),
    (stopping.certified, {"error": 0.2}), (stopping.lead, {"margin": 2}),
    (stopping.share, {"level": 0.6})])
def test_a_laxer_rule_stops_no_later(rule, options):
    vote = tally(np.random.default_rng(6).integers(0, 3, size=(300, 30)))
    lax = stop_vote(vote, lambda v: rule(v, **options)).n_drawn.mean()
    assert lax < stop_vote(vote, rule).n_drawn.mean()


@pytest.mark.parametrize("call, words", [
    (lambda: tally([1, 2]), "n_votes"), (lambda: tally([[1.5]]), "answers"),
    (lambda: tally([[-2]]), "answers"), (lambda: stopping.lead(tally([[1]]), 0), "margin"),
    (lambda: stopping.window(tally([[1]]), 1), "size"),
    (lambda: stopping.posterior(tally([[1]]), 1.0), "level"),
    (lambda: stopping.certified(tally([[1]]), 0), "error"),
    (lambda: stopping.share(tally([[1]]), 0.5), "level"),
    (lambda: stop_vote(tally([[1, 1]]), lambda vote: [True]), "rule")])
def test_refusals_name_the_argument(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_other_tools_hold_what_this_package_says_of_the_same_counts():
    """The rows of scaling-utils in `other_tools`, two of them, computed again."""
    from scaling_utils import forecast, load
    from scaling_utils.worlds import simulate
    told = load("other_tools").query("package == 'scaling-utils'").set_index("model")
    groups = load("monkeys_counts").groupby(["benchmark", "model"], sort=False)
    for i, ((_, model), g) in enumerate(groups):
        if i in (1, 6):
            kept = simulate.thin_counts(g.n_samples.to_numpy(), g.n_correct.to_numpy(), 100,
                                        np.random.default_rng([15, i]))
            made = forecast((100, kept), 10_000)
            row = told.loc[model]
            assert [made.low[0], made.high[0]] == pytest.approx([row.low, row.high], abs=2e-6)


def test_a_window_of_right_answers_stops_as_one_of_wrong_ones():
    for answer in (0, 3):
        assert stopping.window(tally([[answer] * 4]), 2).tolist() == [[False, True, False, True]]
    assert not stopping.window(tally([[-1] * 4]), 2).any()
