"""Strategies executed: hand-computed shares, a tree by hand, limits where strategies must agree."""
from functools import partial

import numpy as np
import pytest
from scipy.special import logit

from scaling_utils import (
    allocation,
    best_of_n,
    majority_at_k,
    pass_at_k,
    reasoning,
    weighted_majority_at_k,
)
from scaling_utils.search import mcts as mcts_room
from scaling_utils.search.allocation import beam, one_each, rebase, rebase_sequential
from scaling_utils.search.mcts import mcts, uct
from scaling_utils.search.tree import DEEPEST, greedy, stepwise


def test_rebase_by_hand():
    """Weights 5 : 3 : 2; of 8 they claim 4, 2.4 and 1.6."""
    scores = 0.1 * np.log([5, 3, 2])
    assert rebase(scores, 8).tolist() == [4, 2, 2]
    assert rebase(scores, 6).tolist() == [3, 2, 1]
    assert rebase_sequential(scores, 8).tolist() == [4, 3, 1]  # 4; 4 * 3/5 = 2.4, up; what is left
    assert rebase_sequential(scores[::-1], 8).tolist() == [1, 3, 4]
    assert rebase([0.5, 0.5, 0.5], 4).tolist() == [1, 1, 1]  # one short of the budget


def test_rounded_shares_may_all_be_zero_or_too_many():
    assert rebase([0.5, 0.5, 0.5], 1).tolist() == [0, 0, 0]
    assert rebase([0.5, 0.5], 1).tolist() == [0, 0]  # halves to the even number
    assert rebase([0.5, 0.5], 3).tolist() == [2, 2]
    assert rebase_sequential([0.5, 0.5, 0.5], 1).tolist() == [1, 0, 0]


@pytest.mark.parametrize("seed", range(20))
def test_sequential_shares_add_up_to_the_budget(seed):
    rng = np.random.default_rng(seed)
    scores, budget = rng.random(rng.integers(1, 40)), int(rng.integers(1, 300))
    shares = rebase_sequential(scores, budget, balance=rng.choice([0.01, 0.1, 0.2, 5]))
    assert shares.sum() == budget and (shares >= 0).all()
    ranked = shares[np.argsort(-scores)]
    exact = budget * np.exp(scores / 0.1) / np.exp(scores / 0.1).sum()
    near = rebase_sequential(scores, budget)
    assert (np.abs(near - exact) <= near.size).all() and ranked[0] == ranked.max()


def test_balance_goes_from_even_to_greedy():
    scores = [0.2, 0.9, 0.5]
    assert rebase(scores, 12, balance=1e6).tolist() == [4, 4, 4]
    assert rebase(scores, 12, balance=1e-3).tolist() == [0, 12, 0]


def test_beam_keeps_the_best():
    assert beam([0.3, 0.1, 0.9, 0.2], 8, width=4).tolist() == [4, 0, 4, 0]
    assert beam([0.3, 0.9], 3, width=4).tolist() == [0, 3]
    assert beam([0.5, 0.5, 0.1], 5, width=2).tolist() == [3, 2, 0]


@pytest.mark.parametrize(("call", "message"), [
    (lambda: rebase([0.1, np.nan], 3), r"scores\[1\] = nan"),
    (lambda: rebase([0.1], 3, balance=0), "balance = 0 must be positive"),
    (lambda: rebase([], 3), "entry per prefix"),
    (lambda: rebase_sequential([0.5, 0.4], -4), "budget = -4 is below 0"),
    (lambda: rebase([0.5, 0.4], -4), "budget = -4 is below 0"),
    (lambda: beam([0.5, 0.4], -4, width=2), "budget = -4 is below 0"),
    (lambda: beam([0.5, 0.4], 4, width=0), "width = 0 is below 1"),
    (lambda: stepwise(reasoning.simulated(1), 0), "n = 0"),
    (lambda: stepwise(reasoning.simulated(1), 1.5), "n = 1.5"),
    (lambda: stepwise(reasoning.simulated(1), 1, surplus="all"), "surplus = 'all'"),
    (lambda: stepwise(reasoning.simulated(1), 1, rng="x"), "rng = 'x'"),
    (lambda: stepwise(reasoning.simulated(2), 2, lambda scores, budget: -np.ones(2, int)),
     "problem 0: shares"),
    (lambda: reasoning.simulated(0), "n_problems = 0"),
    (lambda: reasoning.simulated(1, stop=1.5), "stop = 1.5"),
    (lambda: reasoning.simulated(1, tau=-0.5), "tau = -0.5"),
    (lambda: mcts(reasoning.simulated(1), 33), "root_children = 0"),
])
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def toy(depth=3):
    """A world behind plain functions: a step is a digit, the answer the sum of the digits."""
    def draw(problem, steps, temperature, rng):
        digit = int(rng.integers(0, 3))
        last = len(steps) + 1 == depth
        return digit, 10 + problem, sum(steps) + digit if last else None

    def score(problem, steps):
        return 1 - sum(steps) / (2 * depth)

    return reasoning.from_functions(2, draw, score)


def test_a_policy_and_a_scorer_of_the_user():
    found = stepwise(toy(), 4, allocation.rebase_sequential, rng=1)
    assert found.answers.shape == (2, 4) and (found.n_solutions == 4).all()
    assert found.drawn_tokens.tolist() == [4 * 3 * 10, 4 * 3 * 11]
    assert found.scored_tokens.tolist() == found.drawn_tokens.tolist()
    np.testing.assert_allclose(found.scores, 1 - found.answers / 6)  # the score of the solution
    assert found.flops(7).tolist() == [2 * 7 * 120, 2 * 7 * 132]
    assert found.flops(7, 34).tolist() == [2 * 41 * 120, 2 * 41 * 132]


def test_an_impossible_step_names_its_problem():
    world = reasoning.from_functions(2, lambda i, *_: ("x", 5 - 5 * i, None), lambda *_: 0.5)
    with pytest.raises(ValueError, match="problem 1: a step needs tokens"):
        stepwise(world, 1)


def test_search_that_never_ends_is_cut():
    world = reasoning.from_functions(1, lambda *_: ("on", 1, None), lambda *_: 0.5)
    found = stepwise(world, 2)
    assert found.n_solutions.tolist() == [0] and found.drawn_tokens.tolist() == [2 * 25]


def halves():
    """Half of the prefixes go on: a search for 8 that ends with 4, scored by log-probability."""
    def draw(problem, steps, temperature, rng):
        return ("a", 1, None) if not steps else ("b", 1, int(rng.random() < 0.3))

    def allocate(scores, budget):
        return np.arange(len(scores)) % 2

    world = reasoning.from_functions(300, draw, lambda problem, steps: -1.0 - 0.1 * len(steps))
    return stepwise(world, 8, allocate, rng=1)


def test_places_left_over_never_win():
    """All scores are equal and negative, so the best of all is a random solution: 70 % right."""
    found = halves()
    assert (found.n_solutions == 4).all() and (found.left_out == 0).all()
    right = found.answers == 0
    share = right.sum() / found.n_solutions.sum()
    assert best_of_n(found.scores, right, 8).mean() == pytest.approx(share, abs=1e-12)
    positive = np.where(found.scores < 0, np.exp(found.scores), 0)
    plain = majority_at_k(np.stack([right.sum(1), (found.answers == 1).sum(1)], 1), 8, 4)
    np.testing.assert_allclose(weighted_majority_at_k(found.answers, positive, 8), plain)


@pytest.mark.parametrize("surplus", ["cut", "keep"])
def test_a_search_returns_at_most_n_and_says_what_it_left_out(surplus):
    """Two steps after each prefix, whatever the budget: 3, 6, 12 prefixes, 12 solutions."""
    found = stepwise(toy(), 3, lambda scores, budget: np.full(len(scores), 2), surplus=surplus)
    assert found.answers.shape == (2, 3 if surplus == "cut" else 12)
    assert found.left_out.tolist() == ([9, 9] if surplus == "cut" else [0, 0])
    assert found.drawn_tokens.tolist() == [21 * 10, 21 * 11]
    everything = stepwise(toy(), 3, lambda scores, budget: np.full(len(scores), 2), surplus="keep")
    np.testing.assert_array_equal(found.answers[:, :3], everything.answers[:, :3])


def trace(world):
    """The world, and a list that fills with the states before and after each step."""
    log = []

    def step(nodes, temperature, rng):
        after = world.step(nodes, temperature, rng)
        log.extend(zip(nodes.problem, nodes.state, after.state, strict=True))
        return after

    return reasoning.World(world.n_problems, world.root, step, world.score), log


@pytest.mark.parametrize("strategy", [
    partial(stepwise, n=6, allocate=rebase_sequential), partial(stepwise, n=5, allocate=rebase),
    partial(mcts, expansions=12, root_children=3),
])
def test_the_tree_holds_every_step_and_its_parent(strategy):
    world, log = trace(toy())
    found = strategy(world, keep_tree=True, rng=2)
    tree = found.tree
    for i, parent in enumerate(tree.parent):
        before = () if parent < 0 else tree.nodes.state[parent]
        assert tree.nodes.state[i][:-1] == before and parent < i
        assert parent < 0 or tree.nodes.problem[parent] == tree.nodes.problem[i]
    steps = sorted((int(p), s) for p, s in zip(tree.nodes.problem, tree.nodes.state, strict=True))
    assert steps == sorted((int(p), after) for p, _, after in log)
    assert strategy(toy(), rng=2).tree is None
    np.testing.assert_allclose(tree.scores, [world.score(tree.nodes.take([i]), None)[0]
                                             for i in range(len(tree.parent))])


def test_steps_used_are_those_that_lead_to_a_solution():
    tree = stepwise(toy(), 4, partial(beam, width=4), keep_tree=True).tree
    ends = [(p, s) for p, s, done in zip(tree.nodes.problem, tree.nodes.state, tree.nodes.done,
                                         strict=True) if done]
    leads = {(p, s[:i]) for p, s in ends for i in (1, 2, 3)}
    own = [(p, s) in leads for p, s in zip(tree.nodes.problem, tree.nodes.state, strict=True)]
    used = tree.used()
    assert used.sum() < len(used) and (used <= own).all()
    assert used.sum() == 2 * (1 + 1 + 4)  # of the four first steps one goes on, and so deeper


def test_scored_tokens_only_where_a_scorer_reads():
    found = stepwise(toy(), 4, scored=False)
    assert found.scored_tokens.tolist() == [0, 0] and (found.drawn_tokens > 0).all()
    assert greedy(toy()).scored_tokens.tolist() == [0, 0]


def test_values_go_up_each_in_its_own_problem():
    """Two problems with a root and a child that is the leaf; two new values each."""
    def table(*rows):
        return np.array(rows * 2)

    tree = {"visits": table([2.0, 1.0, 1.0, 1.0]), "value": table([0.6, 0.2, 0.0, 0.0]),
            "first": table([1, 2, -1, -1]), "kids": table([1, 2, 0, 0]),
            "closed": np.array([[0, 0, 1, 1], [0, 0, 1, 0]], bool)}
    mcts_room._back_up(tree, np.array([0, 1]), np.array([[0, 1], [0, 1]]),
                       np.array([[0.3, 0.7], [0.9, 0.8]]))
    assert tree["visits"].tolist() == [[4, 3, 1, 1]] * 2
    np.testing.assert_allclose(tree["value"][:, :2], [[2.2 / 4, 1.2 / 3], [2.9 / 4, 1.9 / 3]])
    assert tree["closed"].tolist() == [[True] * 4, [False, False, True, False]]


@pytest.mark.parametrize("T", [0.5, 1.0, 2.0])
def test_temperature_divides_the_logit(T):
    """Without spread or bumps the first step is sound with chance expit(strength / T)."""
    world = reasoning.simulated(20_000, strength=1.0, spread=0.0, ruggedness=0.0)
    sound = world.step(world.root(), T, np.random.default_rng(1)).state[:, 0]
    chance = 1 / (1 + np.exp(-1 / T))
    assert sound.mean() == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / 20_000))


def test_the_scorer_errs_about_a_prefix_as_about_its_parent():
    """Noise of child and parent correlate by 1 / sqrt(2), and the variance stays one."""
    world, rng = reasoning.simulated(20_000, quality=0.0), np.random.default_rng(2)
    nodes, noise = world.root(), []
    for _ in range(9):
        nodes = world.step(nodes, 1.0, rng)
        noise.append(logit(world.score(nodes, rng)))
    assert np.var(noise[-1]) == pytest.approx(1, abs=0.05)
    assert np.corrcoef(noise[-1], noise[-2])[0, 1] == pytest.approx(np.sqrt(0.5), abs=0.02)
    assert np.corrcoef(noise[-1], noise[-3])[0, 1] == pytest.approx(0.5, abs=0.03)


def test_same_seed_same_result_and_other_seed_other():
    world = reasoning.simulated(20)
    for run in (partial(stepwise, world, 8, rebase), partial(mcts, world, 32)):
        a, b, c = run(rng=3), run(rng=3), run(rng=4)
        assert np.array_equal(a.answers, b.answers) and np.array_equal(a.scores, b.scores)
        assert not np.array_equal(a.scores, c.scores)


def test_one_sample_is_the_same_under_every_allocation():
    world = reasoning.simulated(50)
    plain = stepwise(world, 1)
    for allocate in (rebase, rebase_sequential, partial(beam, width=4)):
        other = stepwise(world, 1, allocate)
        np.testing.assert_array_equal(plain.answers, other.answers)
        np.testing.assert_array_equal(plain.drawn_tokens, other.drawn_tokens)


def test_a_scorer_that_says_nothing_makes_rebase_sampling():
    """Equal scores: one step after each prefix, so that the search is plain sampling."""
    world = reasoning.simulated(50)
    blind = reasoning.World(50, world.root, world.step, lambda nodes, rng: np.full(len(nodes), 0.5))
    plain = stepwise(blind, 8)
    for allocate in (rebase, rebase_sequential):
        np.testing.assert_array_equal(stepwise(blind, 8, allocate).answers, plain.answers)


def test_a_perfect_scorer_makes_every_choice_coverage():
    world = reasoning.simulated(60, quality=np.inf)
    for found in (stepwise(world, 8), stepwise(world, 8, rebase_sequential)):
        right = found.answers == 0
        covered = right.any(axis=1)
        np.testing.assert_allclose(weighted_majority_at_k(found.answers, found.scores, 8), covered)
        np.testing.assert_allclose(best_of_n(found.scores, right, 8), covered)


def test_search_with_a_good_scorer_beats_sampling():
    """Weighted vote of 16 on 500 problems: by far more than 4 standard errors."""
    world = reasoning.simulated(500, quality=2.0)
    wins = [weighted_majority_at_k(found.answers, found.scores, 16)
            for found in (stepwise(world, 16), stepwise(world, 16, rebase_sequential))]
    gain = wins[1] - wins[0]
    assert gain.mean() > 4 * gain.std() / np.sqrt(500)


def test_the_voting_curve_of_the_world_is_the_exact_estimator():
    """64 samples give the curve; 40 fresh votes of 8 agree within 4 standard errors."""
    world = reasoning.simulated(120)
    found = stepwise(world, 64, scored=False)
    counts = np.stack([np.bincount(row, minlength=32) for row in found.answers])
    exact = majority_at_k(counts, 8).mean()
    fresh = [majority_at_k([np.bincount(row, minlength=32) for row in votes.answers], 8).mean()
             for votes in (stepwise(world, 8, scored=False, rng=seed) for seed in range(1, 41))]
    error = np.hypot(np.std(fresh) / np.sqrt(40), np.std(fresh) / np.sqrt(8))
    assert exact == pytest.approx(np.mean(fresh), abs=4 * error)
    coverage = pass_at_k(64, (found.answers == 0).sum(axis=1), 1).mean()
    assert coverage == pytest.approx((found.answers == 0).mean())


def test_stronger_policies_and_temperature_zero():
    weak, strong = (stepwise(reasoning.simulated(300, strength=s), 16, scored=False)
                    for s in (0.5, 2.5))
    assert (strong.answers == 0).mean() > (weak.answers == 0).mean() + 0.1
    world = reasoning.simulated(400, ruggedness=0.0, recovery=0.0)
    share = (greedy(world).answers == 0).mean()
    assert share == pytest.approx(
        np.mean(1.5 * np.random.default_rng(0).standard_normal(400) <= 1.5)
    )


def test_depths_and_tokens_of_the_world():
    """Depth from 3 on with chance 0.3 to stop, cut at 16: mean 3 + 7/3; 45 tokens a step."""
    found = stepwise(reasoning.simulated(400), 64, scored=False)
    stop, rest = 0.3, 16 - 3
    depth = 3 + sum((1 - stop) ** j for j in range(1, rest + 1))
    error = 45 * np.sqrt(depth * 1.5 / (400 * 64)) * 2
    assert found.drawn_tokens.mean() / 64 == pytest.approx(45 * depth, abs=5 * error)
    assert found.scored_tokens.sum() == 0


def test_scores_of_steps_are_combined_along_the_path():
    """Steps score 1/2, 1/3, 1/4, ...; the third ends the solution."""
    world = reasoning.from_functions(
        2, lambda i, steps, *_: ("x", 1, 0 if len(steps) == 2 else None),
        lambda i, steps: 1 / (1 + len(steps)))
    for combine, want in ((None, 1 / 4), (np.multiply, 1 / 24), (np.minimum, 1 / 4),
                          (np.maximum, 1 / 2)):
        found = stepwise(world, 3, partial(beam, width=3), combine=combine)
        np.testing.assert_allclose(found.scores, want)


def test_combined_scores_follow_their_prefix_and_leave_the_search_alone():
    """The product of a path is at most its last score, and answers do not change."""
    world = reasoning.simulated(60)
    last, product = (stepwise(world, 8, rebase_sequential, combine=c) for c in (None, np.multiply))
    np.testing.assert_array_equal(last.answers, product.answers)
    assert (product.scores < last.scores).all() and (product.scores > 0).all()


def test_a_broken_prefix_keeps_its_answer_to_the_end():
    """Without mending the answer of a solution is settled where it breaks, whatever is drawn."""
    world = reasoning.simulated(40, recovery=0.0, cap=6)
    rng, nodes = np.random.default_rng(0), world.root()
    leads = [nodes.state[:, 3]]
    for _ in range(6):
        leads.append((nodes := world.step(nodes, 1.0, rng)).state[:, 3])
    before, after = np.array(leads[:-1]), np.array(leads[1:])
    np.testing.assert_array_equal(after[before > 0], before[before > 0])
    np.testing.assert_array_equal(nodes.answer, after[-1])
    assert (nodes.answer > 0).any() and (nodes.state[:, 0] == (nodes.answer == 0)).all()


@pytest.mark.parametrize("tau", [0.0, 0.8])
def test_solutions_with_one_answer_share_the_error_of_the_scorer(tau):
    """Means of logit scores by problem and answer vary by tau, beside the noise of the samples."""
    world = reasoning.simulated(200, quality=1.0, tau=tau)
    found = stepwise(world, 64)
    error = logit(found.scores) - ((found.answers == 0) - 0.5)
    groups = [error[i, found.answers[i] == a] for i in range(200) for a in (0, 1, 2)]
    groups = [g for g in groups if g.size >= 5]
    means, noise = np.array([g.mean() for g in groups]), np.mean([1 / g.size for g in groups])
    spread = np.sqrt(2 / len(groups)) * (tau**2 + noise)
    assert np.var(means) == pytest.approx(tau**2 + noise, abs=5 * spread)


def test_a_shared_error_changes_scores_and_no_samples():
    plain, shared = (stepwise(reasoning.simulated(30, tau=t), 8) for t in (0.0, 1.0))
    np.testing.assert_array_equal(plain.answers, shared.answers)
    assert not np.allclose(plain.scores, shared.scores)


def reference(draw, score, expansions, root_children, children, exploration):
    """Tree search as written on paper: one problem, recursion over dictionaries."""
    def grow(steps, answer=None):
        return {"steps": steps, "answer": answer, "N": 0, "Q": 0.0, "kids": []}

    def closed(node):
        if node["answer"] is not None or len(node["steps"]) >= DEEPEST:
            return True
        return bool(node["kids"]) and all(map(closed, node["kids"]))

    root = grow(())
    for turn in range(expansions):
        if closed(root):
            break
        path = [root]
        while path[-1]["kids"]:
            open_kids = [kid for kid in path[-1]["kids"] if not closed(kid)]
            path.append(max(open_kids, key=lambda kid: kid["Q"] + exploration * np.sqrt(
                np.log(path[-1]["N"]) / kid["N"])))
        for _ in range(root_children if turn == 0 else children):
            text, _, answer = draw(0, path[-1]["steps"], 1.0, None)
            kid = grow((*path[-1]["steps"], text), answer)
            path[-1]["kids"].append(kid)
            for node in [kid, *path]:
                node["N"] += 1
                node["Q"] = ((node["N"] - 1) * node["Q"] + score(0, kid["steps"])) / node["N"]
    return root


def leaves(node):
    """Answers of the finished solutions below a node."""
    below = [a for kid in node["kids"] for a in leaves(kid)]
    return ([node["answer"]] if node["answer"] is not None else []) + below


@pytest.mark.parametrize(("expansions", "exploration"), [
    (1, 1.0), (2, 1.0), (5, 1.0), (12, 1.0), (40, 1.0), (12, 0.0), (40, 0.1), (40, 5.0),
])
def test_tree_search_against_the_tree_by_hand(expansions, exploration):
    """A fixed sequence of steps, so that both must expand the same prefixes in the same order."""
    def machine():
        drawn = iter(np.random.default_rng(7).integers(0, 50, 1000).tolist())

        def draw(problem, steps, temperature, rng):
            step = next(drawn)
            return step, 3, step % 4 if len(steps) + 1 >= 2 + step % 3 else None

        return draw, lambda problem, steps: 0.5 + 0.5 * np.sin(sum(steps))

    tree = reference(*machine(), expansions, 3, 2, exploration)
    found = mcts(reasoning.from_functions(1, *machine()), expansions, 3, 2,
                 exploration=exploration)
    want = sorted(leaves(tree))
    assert sorted(found.answers[found.answers >= 0].tolist()) == want
    assert found.drawn_tokens.tolist() == [3 * tree["N"]]


def test_uct_by_hand():
    assert uct(0.25, visits=4, parent_visits=np.e**4) == pytest.approx(1.25)
    assert uct(0.25, 4, np.e**4, exploration=0.5) == pytest.approx(0.75)


def test_all_prefixes_of_a_level():
    assert one_each([0.2, 0.4, 0.1], 99).tolist() == [1, 1, 1]


def test_equal_scores_keep_their_order():
    """Two scores in turn, forty times: an unstable sort would mix those that are equal."""
    scores, best = np.tile([0.5, 0.4], 40), np.isin(np.arange(80), [0, 2, 4])
    assert beam(scores, 6, width=2).tolist() == (2 * best).tolist()
    assert rebase_sequential(scores, 3).tolist() == best.astype(int).tolist()


def test_solutions_stand_in_the_order_in_which_they_were_drawn():
    """Even samples end with their first step and odd ones with their second, naming themselves."""
    names = iter(range(80))

    def draw(problem, steps, *_):
        name = steps[0] if steps else next(names)
        return name, 1, name if steps or name % 2 == 0 else None

    found = stepwise(reasoning.from_functions(2, draw, lambda *_: 0.5), 40)
    even = np.r_[0:40:2, 1:40:2]
    np.testing.assert_array_equal(found.answers, [even, even + 40])


@pytest.mark.parametrize(("strategy", "temperature"), [
    (partial(stepwise, n=3, temperature=0.6), 0.6), (greedy, 0.0),
    (partial(mcts, expansions=4, root_children=2), 1.0),
])
def test_the_policy_is_asked_at_the_temperature(strategy, temperature):
    asked = []

    def draw(problem, steps, temperature, rng):
        asked.append(temperature)
        return "x", 1, 0 if len(steps) == 2 else None

    strategy(reasoning.from_functions(1, draw, lambda *_: 0.5))
    assert set(asked) == {temperature}


def test_a_tree_of_one_solution_is_one_wide():
    world = reasoning.simulated(2, strength=100, least=1, stop=1)
    assert mcts(world, 1, root_children=1).answers.tolist() == [[0], [0]]
