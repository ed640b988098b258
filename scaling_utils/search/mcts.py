"""Monte Carlo tree search by upper confidence bounds, for all problems of a world in step."""
from __future__ import annotations

import numpy as np
from tqdm import tqdm

from .. import _check
from ..worlds.reasoning import Nodes, World
from .tree import DEEPEST, Outcome, Tree, solutions_of

ROOT_CHILDREN = {32: 4, 64: 8, 128: 16}  # of the expansions that Wu et al. tried


def uct(value: np.typing.ArrayLike, visits: np.typing.ArrayLike,
        parent_visits: np.typing.ArrayLike, exploration: float = 1.0) -> np.ndarray:
    """UCT(s) = Q(s) + C sqrt(ln N(parent) / N(s)).

    Parameters
    ----------
    value, visits, parent_visits : array_like of float
        Q(s), N(s) and N of the parent; they broadcast.
    exploration : float
        C.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> float(uct(0.5, visits=1, parent_visits=1))
    0.5
    """
    return value + exploration * np.sqrt(np.log(parent_visits) / visits)


def mcts(world: World, expansions: int, root_children: int | None = None, children: int = 2, *,
         exploration: float = 1.0, keep_tree: bool = False,
         rng: int | np.random.Generator = 0, progress: bool | None = None) -> Outcome:
    """Expand, score and back up: N <- N + 1, Q <- ((N - 1) Q + V) / N.

    Parameters
    ----------
    world : World
    expansions : int
        Prefixes expanded for each problem.
    root_children : int, optional
        First steps drawn; left out: 4, 8 or 16 for 32, 64 or 128 expansions.
    children : int
        Steps drawn at every later expansion.
    exploration : float
        C of the bound.
    keep_tree : bool
        Whether the outcome holds every step drawn.
    rng : int or Generator
    progress : bool, optional
        Show a bar over expansions; left out, it shows in a terminal alone.

    Returns
    -------
    Outcome
        The finished solutions of the tree; as wide as the most that a problem has.

    Raises
    ------
    ValueError
        If a number of expansions or children is not positive, or `root_children` is left out for
        expansions that have no setting.

    Notes
    -----
    Each child drawn is scored, and its score V is backed up along its path, one child after the
    other. Finished solutions and prefixes of 25 steps are closed; so is a prefix whose children
    are all closed, and the search goes to the best child that is not. Equal bounds go to the
    first. Only drawn steps cost tokens.

    Examples
    --------
    >>> from scaling_utils import reasoning
    >>> found = mcts(reasoning.simulated(1, strength=100, least=1, stop=1), 1, root_children=3)
    >>> found.answers.tolist()  # one expansion, three solutions of one step
    [[0, 0, 0]]
    """
    root_children = root_children or ROOT_CHILDREN.get(expansions, 0)
    if min(expansions, root_children, children) < 1:
        raise ValueError(f"expansions = {expansions}, root_children = {root_children} and "
                         f"children = {children} must be positive")
    rng = _check.generator(rng)
    size = 1 + root_children + children * (expansions - 1)
    nodes, tree = _planted(world, size)
    bar = tqdm(range(expansions), disable=None if progress is None else not progress)
    for turn in bar:
        problems = np.flatnonzero(~tree["closed"][:, 0])
        if not problems.size:
            break
        path = _selected(tree, problems, exploration)
        _expand(world, nodes, tree, problems, path, children if turn else root_children, rng)
    steps = _as_drawn(nodes, tree)
    tokens = np.bincount(steps.nodes.problem, steps.nodes.tokens, world.n_problems).astype(int)
    return Outcome(*solutions_of(world, 1, steps), tokens, tokens, steps if keep_tree else None)


def _as_drawn(nodes, tree):
    """The steps drawn as a `Tree`, problem by problem in the order in which they were drawn."""
    n_problems, size = tree["parent"].shape
    drawn = np.flatnonzero(tree["parent"].ravel() >= 0)
    row = np.full(n_problems * size, -1)  # of each slot; the roots keep -1
    row[drawn] = np.arange(drawn.size)
    above = drawn // size * size + tree["parent"].ravel()[drawn]
    return Tree(_rows(nodes, drawn), row[above], tree["own"].ravel()[drawn])


def _planted(world, size):
    """Room for `size` nodes per problem with the root in slot 0, and the statistics of the tree."""
    root = world.root()
    nodes = {name: np.empty((world.n_problems * size, *column.shape[1:]), column.dtype)
             for name, column in vars(root).items()}
    for name, column in vars(root).items():
        nodes[name][::size] = column
    whole, real = np.full((2, world.n_problems, size), -1), np.zeros((3, world.n_problems, size))
    tree = {"parent": whole[0], "first": whole[1], "visits": real[0], "value": real[1],
            "own": real[2], "closed": np.zeros((world.n_problems, size), bool),
            "used": np.ones(world.n_problems, int), "kids": np.zeros_like(whole[0])}
    return nodes, tree


def _rows(nodes, index):
    """The nodes in the given places."""
    return Nodes(*(nodes[name][index] for name in Nodes.__dataclass_fields__))


def _selected(tree, problems, exploration):
    """Path of slots from the root of each problem to a prefix without children, shape (., depth).

    A path that ends early repeats its last slot.
    """
    at = np.zeros(problems.size, int)
    path = [at]
    while (tree["first"][problems, at] >= 0).any():
        inner = np.flatnonzero(tree["first"][problems, at] >= 0)
        p, parent = problems[inner], at[inner]
        kids = tree["first"][p, parent][:, None] + np.arange(tree["kids"][p, parent].max())
        real = np.arange(kids.shape[1]) < tree["kids"][p, parent][:, None]
        kids = np.where(real, kids, kids[:, :1])
        bound = uct(tree["value"][p[:, None], kids], tree["visits"][p[:, None], kids],
                    tree["visits"][p, parent][:, None], exploration)
        bound[~real | tree["closed"][p[:, None], kids]] = -np.inf
        at = at.copy()
        at[inner] = kids[np.arange(inner.size), bound.argmax(axis=1)]
        path.append(at)
    return np.stack(path, axis=1)


def _expand(world, nodes, tree, problems, path, number, rng):
    """Draw, score and back up `number` children of the last prefix of each path."""
    size, leaf = tree["parent"].shape[1], path[:, -1]
    before = _rows(nodes, np.repeat(problems * size + leaf, number))
    drawn = world.step(before, 1.0, rng)
    value = world.score(drawn, rng).reshape(-1, number)
    first = tree["used"][problems]
    slots = first[:, None] + np.arange(number)
    for name in nodes:
        nodes[name][(problems[:, None] * size + slots).ravel()] = getattr(drawn, name)
    tree["first"][problems, leaf], tree["kids"][problems, leaf] = first, number
    tree["used"][problems] += number
    rows = problems[:, None]
    tree["parent"][rows, slots] = leaf[:, None]
    tree["own"][rows, slots] = tree["value"][rows, slots] = value
    tree["visits"][rows, slots] = 1
    tree["closed"][rows, slots] = (drawn.done | (drawn.depth >= DEEPEST)).reshape(-1, number)
    _back_up(tree, problems, path, value)


def _back_up(tree, problems, path, value):
    """Mean of all values below, and whether all children are closed, from the leaf to the root."""
    for level in range(path.shape[1] - 1, -1, -1):
        fresh = slice(None) if level == path.shape[1] - 1 else path[:, level] != path[:, level + 1]
        p, slot, v = problems[fresh], path[fresh, level], value[fresh]
        visits = tree["visits"][p, slot]
        total = visits * tree["value"][p, slot] + v.sum(axis=1)
        tree["visits"][p, slot] = visits + v.shape[1]
        tree["value"][p, slot] = total / (visits + v.shape[1])
        kids = tree["first"][p, slot][:, None] + np.arange(tree["kids"][p, slot].max(initial=0))
        real = np.arange(kids.shape[1]) < tree["kids"][p, slot][:, None]
        kids = np.where(real, kids, kids[:, :1])
        tree["closed"][p, slot] = tree["closed"][p[:, None], kids].all(axis=1)
