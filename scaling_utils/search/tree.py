"""Search strategies, executed in a `reasoning.World`; tokens of every step are counted."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from ..worlds.reasoning import OPEN, join
from . import allocation

DEEPEST = 25  # levels after which a search gives up unfinished prefixes


@dataclass(frozen=True)
class Outcome:
    """Solutions found for each problem, and what they cost.

    Rows are problems; a problem with fewer than n solutions has answer -1 (an abstention) and
    score 0 in the places left over.
    """

    answers: np.ndarray  # shape (n_problems, n); 0 is correct
    scores: np.ndarray  # score of each finished solution
    drawn_tokens: np.ndarray  # shape (n_problems,): by the policy, pruned steps included
    scored_tokens: np.ndarray  # shape (n_problems,): of the steps that the scorer read

    @property
    def n_solutions(self):
        """Finished solutions of each problem."""
        return (self.answers != OPEN).sum(axis=1)

    def flops(self, policy, scorer=0.0):
        """2 N per token: FLOPs of each problem for models of `policy` and `scorer` parameters."""
        return 2 * (policy * self.drawn_tokens + scorer * self.scored_tokens)


def stepwise(world, n, allocate=allocation.one_each, *, scored=True, combine=None,
             temperature=1.0, rng=0, progress=None):
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
    rng : int or Generator
    progress : bool, optional
        Show a bar over depths; left out, it shows in a terminal alone.

    Returns
    -------
    Outcome

    Raises
    ------
    ValueError
        If n is not a positive whole number, or a share is negative.

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
    if n != int(n) or n < 1:
        raise ValueError(f"n = {n} must be a positive whole number")
    rng = np.random.default_rng(rng)
    budget = np.full(world.n_problems, int(n))
    nodes, finished = world.root().take(np.repeat(np.arange(world.n_problems), int(n))), []
    path = None
    drawn, read = np.zeros((2, world.n_problems), int)
    for _ in tqdm(range(DEEPEST), disable=None if progress is None else not progress):
        nodes = world.step(nodes, temperature, rng)
        drawn += _sum(nodes, nodes.tokens, world)
        scores = world.score(nodes, rng)
        path = scores if path is None or combine is None else combine(path, scores)
        finished.append((nodes.take(nodes.done), path[nodes.done]))
        budget = budget - np.bincount(nodes.problem[nodes.done], minlength=budget.size)
        read += _sum(nodes, nodes.tokens, world) if scored else 0
        onward = _next(nodes, scores, budget, allocate)
        nodes, path = nodes.take(onward), path[onward]
        if not len(nodes):
            break
    ends = join([part for part, _ in finished])
    return outcome(world, int(n), ends, np.concatenate([s for _, s in finished]), drawn, read)


def greedy(world, *, rng=0):
    """One solution per problem, at temperature 0.

    Examples
    --------
    >>> from scaling_utils import reasoning
    >>> greedy(reasoning.simulated(2, strength=100)).answers.tolist()
    [[0], [0]]
    """
    return stepwise(world, 1, scored=False, temperature=0.0, rng=rng)


def _next(nodes, scores, budget, allocate):
    """Places of the unfinished prefixes, each as often as a step is to be drawn after it."""
    left = np.flatnonzero(~nodes.done)
    left = left[np.argsort(nodes.problem[left], kind="stable")]
    problems, starts = np.unique(nodes.problem[left], return_index=True)
    shares = [np.zeros(0, int)]
    for problem, group in zip(problems, np.split(left, starts[1:]), strict=False):
        wanted = allocate(scores[group], int(budget[problem])) if budget[problem] > 0 else (
            np.zeros(group.size, int))
        if len(wanted) != group.size or np.min(wanted) < 0:
            raise ValueError(f"problem {problem}: shares {wanted} for {group.size} prefixes")
        shares.append(wanted)
    return np.repeat(left, np.concatenate(shares))


def _sum(nodes, values, world):
    """Sum of `values` over the nodes of each problem."""
    return np.bincount(nodes.problem, values, world.n_problems).astype(int)


def outcome(world, n, ends, scores, drawn, read):
    """Solutions as a table with a row per problem, in the order in which they were finished."""
    order = np.argsort(ends.problem, kind="stable")
    problem = ends.problem[order]
    place = np.arange(problem.size) - np.searchsorted(problem, problem)
    width = max(n, int(place.max(initial=-1)) + 1)
    answers, table = np.full((world.n_problems, width), OPEN), np.zeros((world.n_problems, width))
    answers[problem, place], table[problem, place] = ends.answer[order], scores[order]
    return Outcome(answers, table, drawn, read)
