"""Search strategies, executed in a `reasoning.World`; tokens of every step are counted."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from tqdm import tqdm

from .. import _check
from ..worlds.reasoning import OPEN, Nodes, World, join
from . import allocation

DEEPEST = 25  # levels after which a search gives up unfinished prefixes


@dataclass(frozen=True, eq=False)
class Tree:
    """Every step that a search drew, a row each, parents before children."""

    nodes: Nodes
    parent: np.ndarray  # row of the prefix that the step goes on from; -1 for first steps
    scores: np.ndarray  # of the prefix, combined over its path where the search does so

    @staticmethod
    def join(parts: list[Tree]) -> Tree:
        """Several parts as one, in their order."""
        columns = ([getattr(part, name) for part in parts] for name in ("parent", "scores"))
        return Tree(join([part.nodes for part in parts]), *map(np.concatenate, columns))

    def take(self, index) -> Tree:
        """The steps at an index."""
        return Tree(self.nodes.take(index), self.parent[index], self.scores[index])

    def used(self) -> np.ndarray:
        """Which steps belong to a finished solution."""
        keep = self.nodes.done.copy()
        for depth in range(int(self.nodes.depth.max(initial=0)), 1, -1):
            keep[self.parent[keep & (self.nodes.depth == depth)]] = True
        return keep


@dataclass(frozen=True, eq=False)
class Outcome:
    """Solutions found for each problem, and what they cost.

    Rows are problems; a problem with fewer than n solutions has answer -1 (an abstention) and
    score minus infinity in the places left over, so that these neither vote nor are the best.
    """

    answers: np.ndarray  # shape (n_problems, n); 0 is correct
    scores: np.ndarray  # score of each finished solution
    left_out: np.ndarray  # shape (n_problems,): solutions found beyond n, and not returned
    drawn_tokens: np.ndarray  # shape (n_problems,): by the policy, pruned steps included
    scored_tokens: np.ndarray  # shape (n_problems,): of the steps that the scorer read
    tree: Tree | None = None  # on request

    @property
    def n_solutions(self) -> np.ndarray:
        """Finished solutions of each problem."""
        return (self.answers != OPEN).sum(axis=1)

    def flops(self, policy: float, scorer: float = 0.0) -> np.ndarray:
        """2 N per token: FLOPs of each problem for models of `policy` and `scorer` parameters."""
        return 2 * (policy * self.drawn_tokens + scorer * self.scored_tokens)


class Strategy(Protocol):
    """Anything that spends a budget in a world; the budget's unit is the strategy's own.

    `stepwise` and `mcts` are strategies, and so are they with options filled in by
    `functools.partial`.
    """

    def __call__(self, world: World, budget: int, /, *,
                 rng: int | np.random.Generator = 0) -> Outcome: ...


def stepwise(world: World, n: int, allocate: Callable = allocation.one_each, *,
             scored: bool = True, combine: Callable | None = None, temperature: float = 1.0,
             surplus: str = "cut", keep_tree: bool = False,
             rng: int | np.random.Generator = 0, progress: bool | None = None) -> Outcome:
    """Draw n first steps, then at each depth let `allocate` share what is left of the budget.

    Parameters
    ----------
    world : World
    n : int
        Solutions to find for each problem: the budget B_0.
    allocate : callable
        (scores, budget) -> steps to draw after each unfinished prefix of one problem.
    scored : bool
        Whether the scorer's reading of every step is counted. Without it, as for a plain vote,
        `scored_tokens` is 0, and the scores returned are for looking at alone.
    combine : callable, optional
        (score of the path so far, score of the step) -> score of the longer path, for instance
        numpy.multiply or numpy.minimum. Left out, a solution has the score of its last step. The
        shares of the budget go by the score of the last step in any case.
    temperature : float
        Of the policy; 0 is greedy.
    surplus : "cut" or "keep"
        What becomes of solutions beyond n, which a rule finds whose shares add up to more than
        the budget: the first n are returned and the others counted, or all are returned.
    keep_tree : bool
        Whether the outcome holds every step drawn.
    rng : int or Generator
    progress : bool, optional
        Show a bar over depths; left out, it shows in a terminal alone.

    Returns
    -------
    Outcome

    Raises
    ------
    ValueError
        If n is not a positive whole number, `surplus` is neither, or a share is negative.

    Notes
    -----
    At depth i the budget falls by the solutions finished there, B_i = B_(i-1) - C_i; the search
    of a problem ends when it is zero, no prefix is left, or 25 levels are done. A problem whose
    shares are all zero ends with fewer than n solutions.

    Examples
    --------
    >>> from scaling_utils import reasoning
    >>> easy = reasoning.simulated(2, strength=100)
    >>> stepwise(easy, 3).answers.tolist()
    [[0, 0, 0], [0, 0, 0]]
    """
    n, rng = int(_check.whole("n", n, least=1)), _check.generator(rng)
    if surplus not in ("cut", "keep"):
        raise ValueError(f"surplus = {surplus!r} must be 'cut' or 'keep'")
    budget, drawn, steps = np.full(world.n_problems, n), np.zeros(world.n_problems, int), []
    before = world.root().take(np.repeat(np.arange(world.n_problems), n))
    parent, first, path = np.full(len(before), -1), 0, None  # rows of parents, of the next step
    for _ in tqdm(range(DEEPEST), disable=None if progress is None else not progress):
        nodes = world.step(before, temperature, rng)
        scores = world.score(nodes, rng)
        path = scores if path is None or combine is None else combine(path, scores)
        part = Tree(nodes, parent, path)
        steps.append(part if keep_tree else part.take(nodes.done))
        drawn += np.bincount(nodes.problem, nodes.tokens, world.n_problems).astype(int)
        budget = budget - np.bincount(nodes.problem[nodes.done], minlength=budget.size)
        chosen = _next(nodes, scores, budget, allocate)
        if not len(chosen):
            break
        before, parent, path = nodes.take(chosen), first + chosen, path[chosen]
        first += len(nodes)
    solutions = solutions_of(world, n, Tree.join(steps), cut=surplus == "cut")
    return Outcome(*solutions, drawn, drawn * scored, Tree.join(steps) if keep_tree else None)


def greedy(world: World, *, rng: int | np.random.Generator = 0) -> Outcome:
    """One solution per problem, at temperature 0.

    Examples
    --------
    >>> from scaling_utils import reasoning
    >>> greedy(reasoning.simulated(2, strength=100)).answers.tolist()
    [[0], [0]]
    """
    return stepwise(world, 1, scored=False, temperature=0.0, rng=rng)


def _next(nodes, scores, budget, allocate):
    """Places of unfinished prefixes, repeated as often as a step is to be drawn after each."""
    left = np.flatnonzero(~nodes.done)
    left = left[np.argsort(nodes.problem[left], kind="stable")]
    if allocate is allocation.one_each:  # nothing to ask problem by problem
        return left[budget[nodes.problem[left]] > 0]
    problems, starts = np.unique(nodes.problem[left], return_index=True)
    shares = [np.zeros(0, int)]
    for problem, group in zip(problems, np.split(left, starts[1:]), strict=False):
        wanted = allocate(scores[group], int(budget[problem])) if budget[problem] > 0 else (
            np.zeros(group.size, int))
        if len(wanted) != group.size or np.min(wanted) < 0:
            raise ValueError(f"problem {problem}: shares {wanted} for {group.size} prefixes")
        shares.append(wanted)
    return np.repeat(left, np.concatenate(shares))


def solutions_of(world, n, tree, cut=False):
    """Answers and scores with a row per problem, in the order of the tree, and how many were cut.

    With `cut` the first n solutions of a problem stay.
    """
    done = np.flatnonzero(tree.nodes.done)
    done = done[np.argsort(tree.nodes.problem[done], kind="stable")]
    problem = tree.nodes.problem[done]
    place = np.arange(problem.size) - np.searchsorted(problem, problem)
    late = place >= n if cut else np.zeros(problem.size, bool)
    left_out = np.bincount(problem[late], minlength=world.n_problems)
    done, problem, place = done[~late], problem[~late], place[~late]
    width = max(n, int(place.max(initial=-1)) + 1)
    answers = np.full((world.n_problems, width), OPEN)
    scores = np.full(answers.shape, -np.inf)
    answers[problem, place], scores[problem, place] = tree.nodes.answer[done], tree.scores[done]
    return answers, scores, left_out
