"""A world in which search strategies are executed: problems as trees of reasoning steps.

A world draws the next step of a prefix, scores a prefix, and says when a solution is finished and
what it answers. `simulated` makes one with a policy and a scorer of adjustable quality;
`from_functions` puts a real policy and scorer behind the same interface.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from .. import _check

OPEN = -1  # answer of a prefix that is not finished; 0 is the correct answer, 1, 2, ... are wrong


@dataclass(frozen=True)
class Nodes:
    """Prefixes, possibly of many problems, as columns of one length.

    Examples
    --------
    >>> nodes = simulated(3).root()
    >>> len(nodes), nodes.take([0, 2]).problem.tolist(), nodes.done.any()
    (3, [0, 2], np.False_)
    """

    problem: np.ndarray  # number of the problem
    depth: np.ndarray  # steps so far
    tokens: np.ndarray  # tokens of the last step
    answer: np.ndarray  # OPEN, or the answer of a finished solution
    state: np.ndarray  # what the world needs to go on; any dtype, first axis as the others

    def __len__(self) -> int:
        return len(self.problem)

    def take(self, index: ArrayLike) -> Nodes:
        """The nodes at an index, a mask or an array of indices with repeats."""
        return Nodes(*(getattr(self, name)[index] for name in self.__dataclass_fields__))

    @property
    def done(self) -> np.ndarray:
        """Which prefixes are finished solutions."""
        return self.answer != OPEN


def join(parts: list[Nodes]) -> Nodes:
    """Several `Nodes` as one.

    Examples
    --------
    >>> root = simulated(2).root()
    >>> join([root, root]).problem.tolist()
    [0, 1, 0, 1]
    """
    return Nodes(*(np.concatenate([getattr(part, name) for part in parts])
                   for name in Nodes.__dataclass_fields__))


@dataclass(frozen=True)
class World:
    """What a strategy may ask for.

    Parameters
    ----------
    n_problems : int
    root : callable
        () -> Nodes of depth 0, one per problem.
    step : callable
        (Nodes, temperature, rng) -> Nodes: one next step of each unfinished prefix.
    score : callable
        (Nodes, rng) -> ndarray of float: score of each prefix, higher is better.

    Examples
    --------
    >>> world = simulated(2, quality=np.inf)  # a scorer that knows
    >>> world.score(world.root(), np.random.default_rng(0)).tolist()
    [1.0, 1.0]
    """

    n_problems: int
    root: Callable
    step: Callable
    score: Callable


def simulated(n_problems: int, strength: float = 1.5, quality: float = 2.0, *, tau: float = 0.0,
              spread: float = 1.5, ruggedness: float = 1.0, recovery: float = 0.02,
              collision: float = 1.0, n_wrong: int = 30, tokens: float = 45, least: int = 3,
              stop: float = 0.3, cap: int = 16, seed: int = 0) -> World:
    """A world of trees: P(next step sound | sound so far) = expit(strength - difficulty - bump).

    Parameters
    ----------
    n_problems : int
    strength : float
        Of the policy, in logits of a sound step; difficulties of problems are normal around 0.
    quality : float
        Of the scorer: distance, in standard deviations of its noise, between sound and broken
        prefixes; 0 is a scorer of no value, inf a perfect one.
    tau : float
        Standard deviation of the error that the scorer makes about an answer of a problem, the
        same in all prefixes that lead there; 0 is a scorer whose errors no two samples share.
    spread : float
        Standard deviation of the difficulty over problems, in logits.
    ruggedness : float
        Standard deviation of the bump, the difficulty of the step after one particular prefix.
    recovery : float
        Chance that the step after a broken prefix mends it.
    collision : float
        A prefix that breaks leads to wrong answer j with a chance that goes as j^(-collision).
    n_wrong : int
        Wrong answers of a problem.
    tokens : float
        Mean tokens of a step, geometrically distributed from 1 on.
    least, stop, cap : int, float, int
        A solution may finish from depth `least` on, at each step with chance `stop`, and does at
        depth `cap`.
    seed : int
        Of the difficulties and of the shared errors.

    Returns
    -------
    World

    Raises
    ------
    ValueError
        If a number is outside its range.

    Notes
    -----
    Whether a prefix is sound is hidden from the strategies; a finished solution is correct if it
    is sound, and a broken one leads to one wrong answer from the step on at which it broke. The
    score is expit(quality (sound - 1/2) + noise + tau u), where u is a standard normal number of
    the problem and of the answer that the prefix leads to, and the noise of a prefix is the sum of
    a normal number of its own and the noise of its parent, over sqrt(2): a scorer that errs about a
    prefix tends to err about what follows it. At temperature 0 the step is sound if its chance is
    at least one half.

    Examples
    --------
    >>> world = simulated(3, strength=100)
    >>> world.step(world.root(), 1.0, np.random.default_rng(0)).depth.tolist()
    [1, 1, 1]
    """
    _check_ranges(n_problems, quality, recovery, n_wrong, tokens, least, stop, cap, tau)
    rng = np.random.default_rng(seed)
    difficulty = spread * rng.standard_normal(n_problems)
    shared = tau * rng.standard_normal((n_problems, n_wrong + 1))
    weight = np.arange(1, n_wrong + 1.0) ** -collision
    share = np.cumsum(weight / weight.sum())

    def root():
        zero = np.zeros(n_problems, int)
        state = np.column_stack([np.ones(n_problems), np.zeros((n_problems, 3))])
        return Nodes(np.arange(n_problems), zero, zero, zero + OPEN, state)

    def step(nodes, temperature, rng):
        before, bump, noise, lead = nodes.state.T
        logit = strength - difficulty[nodes.problem] - ruggedness * bump
        chance = expit(logit / temperature) if temperature else 1.0 * (logit >= 0)
        sound = rng.random(len(nodes)) < np.where(before > 0, chance, recovery)
        noise = (noise + rng.standard_normal(len(nodes))) / np.sqrt(2)
        bump = rng.standard_normal(len(nodes))
        depth = nodes.depth + 1
        finish = (depth >= cap) | ((depth >= least) & (rng.random(len(nodes)) < stop))
        wrong = 1 + np.minimum(np.searchsorted(share, rng.random(len(nodes))), n_wrong - 1)
        lead = np.where(sound, 0, np.where(before > 0, wrong, lead)).astype(int)
        state = np.column_stack([sound, bump, noise, lead])
        drawn = rng.geometric(1 / tokens, len(nodes))
        return Nodes(nodes.problem, depth, drawn, np.where(finish, lead, OPEN), state)

    return World(n_problems, root, step, partial(_noisy_score, quality, shared))


def _noisy_score(quality, shared, nodes, rng):
    """Score of a scorer that errs about a prefix and about the answer that it leads to."""
    sound, _, noise, lead = nodes.state.T
    error = noise + shared[nodes.problem, lead.astype(int)]
    return sound if np.isinf(quality) else expit(quality * (sound - 0.5) + error)


def from_functions(n_problems: int, draw: Callable, score: Callable) -> World:
    """A world behind two plain functions, for instance calls to a served model.

    Parameters
    ----------
    n_problems : int
    draw : callable
        (problem, steps, temperature, rng) -> (step, tokens, answer): the next step of a prefix,
        its number of tokens, and the answer if it ends the solution, else None. `steps` is a tuple
        of the steps so far; answers are whole numbers, 0 for the correct one.
    score : callable
        (problem, steps) -> float.

    Returns
    -------
    World

    Raises
    ------
    ValueError
        From `step`, if an answer is negative or a step has no tokens; the problem is named.

    Examples
    --------
    >>> world = from_functions(1, lambda *_: ("so 4", 3, 0), lambda problem, steps: 0.9)
    >>> node = world.step(world.root(), 1.0, np.random.default_rng(0))
    >>> node.state[0], node.answer.tolist(), world.score(node, None).tolist()
    (('so 4',), [0], [0.9])
    """
    def root():
        zero = np.zeros(n_problems, int)
        return Nodes(np.arange(n_problems), zero, zero, zero + OPEN, _objects([()] * n_problems))

    def step(nodes, temperature, rng):
        drawn = [_drawn(draw, int(i), steps, temperature, rng)
                 for i, steps in zip(nodes.problem, nodes.state, strict=True)]
        texts, tokens, answers = zip(*drawn, strict=True)
        state = _objects([(*s, t) for s, t in zip(nodes.state, texts, strict=True)])
        return Nodes(nodes.problem, nodes.depth + 1, np.array(tokens), np.array(answers), state)

    def scores(nodes, rng):
        pairs = zip(nodes.problem, nodes.state, strict=True)
        return np.array([float(score(int(i), steps)) for i, steps in pairs])

    return World(n_problems, root, step, scores)


def _drawn(draw, problem, steps, temperature, rng):
    """One checked step."""
    text, tokens, answer = draw(problem, steps, temperature, rng)
    if tokens < 1 or (answer is not None and answer < 0):
        raise ValueError(f"problem {problem}: a step needs tokens, and an answer that is not "
                         f"negative; got tokens = {tokens}, answer = {answer}")
    return text, int(tokens), OPEN if answer is None else int(answer)


def _objects(values):
    """A flat array of objects."""
    array = np.empty(len(values), object)
    array[:] = values
    return array


def _check_ranges(n_problems, quality, recovery, n_wrong, tokens, least, stop, cap, tau):
    """A ValueError that names the first number outside its range."""
    ranges = {
        "n_problems": (n_problems, 1, np.inf), "quality": (quality, 0, np.inf),
        "recovery": (recovery, 0, 1), "n_wrong": (n_wrong, 1, np.inf),
        "tokens": (tokens, 1, np.inf), "least": (least, 1, cap), "stop": (stop, 0, 1),
        "tau": (tau, 0, np.inf),
    }  # fmt: skip
    for name, bounded in ranges.items():
        _check.between(name, *bounded)
