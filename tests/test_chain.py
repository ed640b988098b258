"""Chains of arithmetic: exact checks, models in NumPy against stored samples, search."""
from functools import partial
from hashlib import sha256

import numpy as np
import pytest
from scipy.stats import binom, chi2

from scaling_utils import allocation, load
from scaling_utils.data import datasets
from scaling_utils.search import mcts, tree
from scaling_utils.worlds import chain_model, chain_task, chain_world
from scaling_utils.worlds.chain_model import ChainModel
from scaling_utils.worlds.chain_task import PROMPT, ChainTask, decode, encode, judge

POLICIES = ["chain-64x2", "chain-96x3", "chain-128x4"]
TASK = ChainTask.benchmark()


@pytest.fixture(scope="module", params=[
    POLICIES[0], *(pytest.param(name, marks=pytest.mark.slow) for name in POLICIES[1:])])
def policy(request):
    return request.param, ChainModel.load(request.param)


@pytest.fixture(scope="module")
def small():
    return ChainModel.load("chain-64x2")


def test_solutions_are_right_in_whole_numbers_of_any_size():
    rng = np.random.default_rng(3)
    for _ in range(300):
        prompt = chain_task.draw(rng, int(rng.integers(1, 7)))
        value, operations = chain_task.read(prompt)
        for operator, operand in operations:  # the interpreter, from left to right
            value = eval(f"({value}){operator}{operand}")
        verdict = judge(prompt, chain_task.solve(prompt))
        assert verdict == (value, len(operations), len(operations)) and verdict.sound
        assert 0 < value < 10**6


def test_numbers_beyond_64_bits_are_checked_exactly():
    prompt = f"{10**30 + 1}*{10**30 + 3}="
    line = f"{10**30 + 1}*{10**30 + 3}={(10**30 + 1) * (10**30 + 3)}"
    assert chain_task.lines(prompt) == (line,)
    assert judge(prompt, line + ".").n_right == 1
    assert judge(prompt, line[:-1] + "0.").n_right == 0


@pytest.mark.parametrize("text, verdict", [
    ("5+6=11;11*2=22.", (22, 2, 2)),
    ("5+6=12;12*2=22.", (22, 0, 2)),  # right by luck
    ("5+6=11;11*2=23.", (23, 1, 2)),
    ("5+6=11.", (11, 0, 1)),  # ends too early
    ("5+6=11;11*2=22;22+1=23.", (23, 2, 3)),  # goes on
    ("5+6=11;11*2=22", (-1, 1, 2)),  # never ends
    ("5+6=11;.", (-1, 1, 2)),
    ("", (-1, 0, 1)),
])
def test_judge(text, verdict):
    assert judge("5+6*2=", text) == verdict


@pytest.mark.parametrize("prompt", ["5+6", "+6=", "5+=", "a+1=", "="])
def test_what_is_no_chain_is_refused(prompt):
    with pytest.raises(ValueError, match="is not a chain"):
        chain_task.read(prompt)


def test_codes_go_round():
    for prompt, solution in zip(TASK.prompts, TASK.solutions, strict=True):
        row = encode(prompt, solution)
        assert (decode(row[:PROMPT]), decode(row[PROMPT:])) == (prompt, solution)
    with pytest.raises(ValueError, match="prompt"):
        encode("1" * 29)


def test_shipped_weights_are_those_of_the_card():
    for row in load("chain_weights").itertuples():
        path = datasets.FOLDER / "chain_weights" / f"{row.model}.npz"
        assert sha256(path.read_bytes()).hexdigest() == row.sha256
        model = ChainModel.load(row.model)
        assert (model.n_params, model.width, model.n_layers) == row[5:6] + row[3:5]
    with pytest.raises(ValueError, match="chain-scorer-64x2"):
        ChainModel.load("chain")


def test_one_token_at_a_time_is_the_whole_at_once(policy):
    rows = np.stack([encode(*pair) for pair in zip(TASK.prompts[:5], TASK.solutions[:5],
                                                   strict=True)]).astype(int)
    whole, cache = policy[1].outputs(rows[:, :50]), policy[1].empty_cache(5)
    parts = [policy[1].outputs(rows[:, :PROMPT], 0, cache)]
    for place in range(PROMPT, 50):
        at = np.full(5, place)
        parts.append(policy[1].outputs(rows[:, place:place + 1], at, cache))
    np.testing.assert_allclose(np.concatenate(parts, 1), whole, atol=3e-4)


def test_exact_probabilities_are_those_of_the_experiment(policy):
    stored = load("chain_exact").query("run == 0 and step == 1320 and model == @policy[0]")
    for temperature in (1.0, 0.5):
        want = stored[stored.temperature == temperature].log_probability[:40]
        got = policy[1].log_probability(TASK.prompts[:40], TASK.solutions[:40], temperature)
        np.testing.assert_allclose(got, want, atol=0.01)


@pytest.mark.slow
def test_samples_agree_with_the_stored_counts(policy):
    name, model = policy
    n, first = 48, np.arange(20)
    stored = load("chain_counts").query("run == 0 and model == @name").n_correct[:20] / 10_000
    drawn = model.sample([TASK.prompts[i] for i in first], n, rng=11)
    right = [judge(TASK.prompts[p], text).answer == TASK.answers[p]
             for p, text in zip(drawn.problem, drawn.texts, strict=True)]
    got = np.bincount(drawn.problem, drawn.n_samples * right, 20)
    variance = (n * stored * (1 - stored)).sum() + n**2 * (stored * (1 - stored)).sum() / 10_000
    assert abs(got.sum() - n * stored.sum()) < 4 * np.sqrt(variance)
    assert (binom.sf(got - 1, n, stored + 1e-3) > 1e-5).all()
    assert (binom.cdf(got, n, stored) > 1e-5).all()


def test_drawn_solutions_carry_their_probability(small):
    drawn = small.sample(TASK.prompts[:4], 20, rng=2)
    prompts = [TASK.prompts[p] for p in drawn.problem]
    want = small.log_probability(prompts, drawn.texts)
    np.testing.assert_allclose(drawn.log_probability, want, atol=1e-3)
    assert np.bincount(drawn.problem, drawn.n_samples).tolist() == [20] * 4
    assert len({(p, t) for p, t in zip(drawn.problem, drawn.texts, strict=True)}) == len(prompts)


def test_counts_of_a_shared_beginning_are_multinomial(small):
    """Frequencies of whole short solutions against their exact probabilities."""
    drawn = small.sample(["12+34="], 4000, rng=5)
    expected = 4000 * np.exp(drawn.log_probability)
    often = expected > 5
    statistic = ((drawn.n_samples - expected)[often] ** 2 / expected[often]).sum()
    assert statistic < chi2.ppf(0.9999, often.sum())


def test_temperature_zero_is_the_limit(small):
    cold = small.sample(TASK.prompts[:5], 3, temperature=1e-3, rng=1)
    assert cold.texts == small.greedy(TASK.prompts[:5])
    assert (cold.n_samples == 3).all()
    with pytest.raises(ValueError, match="temperature"):
        small.sample(TASK.prompts[:1], 1, temperature=-1)
    with pytest.raises(ValueError, match="n_samples"):
        small.sample(TASK.prompts[:1], 0)


def test_line_probabilities_multiply_to_that_of_the_solution(small):
    rows = np.stack([encode(*pair) for pair in zip(TASK.prompts[:9], TASK.solutions[:9],
                                                   strict=True)])
    scores = small.step_scores(rows)
    assert (np.isfinite(scores).sum(axis=1) == TASK.depths[:9]).all()
    want = small.log_probability(TASK.prompts[:9], TASK.solutions[:9])
    np.testing.assert_allclose(np.log(chain_world.read_scores(scores, "product")), want, atol=1e-4)


@pytest.mark.slow
def test_scorer_agrees_with_the_stored_scores(small):
    """Mean last score of samples of the same problems, NumPy beside the experiment."""
    stored = load("chain_solutions").query("model == 'chain-64x2' and problem < 12")
    drawn = small.sample(TASK.prompts[:12], 64, rng=3)
    scores = ChainModel.load("chain-scorer-64x2").step_scores(drawn.rows)
    got = np.average(chain_world.read_scores(scores), weights=drawn.n_samples)
    want = np.average(stored.last_small, weights=stored.n_samples)
    spread = np.sqrt(np.cov(stored.last_small, fweights=stored.n_samples))
    assert abs(got - want) < 4 * spread * np.sqrt(1 / (12 * 64) + 1 / (12 * 256))


@pytest.fixture(scope="module")
def world(small):
    task = ChainTask(TASK.prompts[:6])
    return chain_world.chain_world(task, small, ChainModel.load("chain-scorer-64x2"))


@pytest.mark.slow
def test_search_on_a_real_policy_adds_up(world):
    """Every way of sharing finds its number of solutions and counts each step's tokens."""
    for share in (allocation.one_each, partial(allocation.beam, width=2),
                  allocation.rebase_sequential):
        seen = []

        def spied(scores, budget, share=share, seen=seen):
            shares = share(scores, budget)
            seen.append((int(shares.sum()), budget, len(scores)))
            return shares

        found = tree.stepwise(world, 6, spied, rng=1)
        assert (found.n_solutions == 6).all()
        assert (found.drawn_tokens > 0).all() and (found.scores >= 0).all()
        if share is not allocation.one_each:
            assert all(total == budget for total, budget, _ in seen)
    assert (found.drawn_tokens == found.scored_tokens).all()


def test_tree_search_on_a_real_policy(world):
    found = mcts.mcts(world, 4, root_children=3, rng=1)
    assert (found.drawn_tokens > 0).all()
    assert (found.n_solutions <= 3 + 2 * 3).all()


def test_plain_search_is_plain_sampling(small):
    """Share of right solutions, step by step, against whole solutions."""
    task = ChainTask(TASK.prompts[:2])
    found = tree.stepwise(chain_world.chain_world(task, small), 200, scored=False, rng=4)
    p = load("chain_counts").query("run == 0 and model == 'chain-64x2'").n_correct[:2] / 10_000
    right = (found.answers == 0).sum(axis=1)
    assert (np.abs(right - 200 * p) < 4.5 * np.sqrt(200 * p * (1 - p))).all()


def test_unfinished_and_unreadable_answers():
    world = chain_world.chain_world(ChainTask(["5+6="]), None)
    nodes = world.root()
    texts = ["5+6=11.", "5+6=12.", "5+6.", "5+6=11;"]
    rows = np.stack([encode("5+6=", text) for text in texts])
    answers = chain_world._answers(ChainTask(["5+6="]), nodes.take([0] * 4), rows)
    assert answers.tolist() == [0, 13, chain_world.UNREAD, -1]
    with pytest.raises(ValueError, match="last, least, product"):
        chain_world.chain_world(ChainTask(["5+6="]), None, reading="mean")


def test_groups_hold_every_row_once():
    n = np.array([3, 600, 1, 1, 511, 40])
    groups = chain_model._groups(n)
    assert sorted(np.concatenate(groups).tolist()) == list(range(6))
