"""Chains of arithmetic as a world of reasoning: search with a real policy and a real scorer."""
from __future__ import annotations

import numpy as np

from .chain_model import ChainModel
from .chain_task import LENGTH, LINE, PAD, PROMPT, STOP, UNREADABLE, ChainTask, decode, judge
from .reasoning import OPEN, Nodes, World

UNREAD = 10**9  # answer of a finished solution without a number to read
READINGS = "last", "least", "product"


def chain_world(task: ChainTask, policy: ChainModel, scorer: ChainModel | None = None,
                reading: str = "last") -> World:
    """A world whose steps are lines drawn from a policy, and whose scores a step scorer gives.

    Parameters
    ----------
    task : ChainTask
    policy, scorer : ChainModel
        Without a scorer every score is 0.
    reading : str
        Score of a prefix: that of its "last" line, the "least" of its lines, or their "product".

    Returns
    -------
    World
        A finished solution answers 0 if its number is right, the number plus one if it is wrong,
        and UNREAD if there is none to read. States are rows of tokens.

    Raises
    ------
    ValueError
        If there is no such reading.

    Notes
    -----
    Equal prefixes are continued together, and each is read by the scorer once: that is quicker,
    and changes no distribution. `tokens` count every step of every prefix all the same.

    Examples
    --------
    >>> task = ChainTask(["12+34="])
    >>> world = chain_world(task, ChainModel.load("chain-64x2"))
    >>> node = world.step(world.root(), 0.0, np.random.default_rng(0))
    >>> node.answer.tolist(), node.tokens.tolist()
    ([0], [9])
    """
    if reading not in READINGS:
        raise ValueError(f"reading = {reading!r} is none of {', '.join(READINGS)}")

    def root():
        rows = np.zeros((len(task), LENGTH), np.uint8)
        rows[:, :PROMPT] = task.rows
        zero = np.zeros(len(task), int)
        return Nodes(np.arange(len(task)), zero, zero, zero + OPEN, rows)

    def step(nodes, temperature, rng):
        before = _lengths(nodes.state)
        rows = _continued(policy, nodes.state, before, temperature, rng)
        after = _lengths(rows)
        return Nodes(nodes.problem, nodes.depth + 1, after - before, _answers(task, nodes, rows),
                     rows)

    def score(nodes, rng):
        if scorer is None:
            return np.zeros(len(nodes))
        rows, where = np.unique(nodes.state, axis=0, return_inverse=True)
        return read_scores(scorer.step_scores(rows), reading)[where.ravel()]

    return World(len(task), root, step, score)


def _lengths(rows):
    """Places used of each row."""
    return LENGTH - (rows[:, ::-1] != PAD).argmax(axis=1)


def _continued(policy, rows, lengths, temperature, rng):
    """Each row with one more line; equal rows get theirs in random order."""
    _, first, where, count = np.unique(rows, axis=0, return_index=True, return_inverse=True,
                                       return_counts=True)
    drawn = policy.extend(rows[first], lengths[first], count, temperature, rng, (LINE, STOP))
    copies = rng.permutation(np.repeat(np.arange(len(drawn.rows)), drawn.n_samples))
    copies = copies[np.argsort(drawn.problem[copies], kind="stable")]
    out = np.empty_like(rows)
    out[np.argsort(where.ravel(), kind="stable")] = drawn.rows[copies]
    return out


def _answers(task, nodes, rows):
    """OPEN where the last token ends a line but not the solution, else the answer."""
    last = rows[np.arange(len(rows)), _lengths(rows) - 1]
    answers = np.full(len(rows), OPEN)
    for i in np.flatnonzero(last != LINE):
        answer = judge(task.prompts[nodes.problem[i]], decode(rows[i, PROMPT:])).answer
        wrong = UNREAD if answer == UNREADABLE else answer + 1
        answers[i] = 0 if answer == task.answers[nodes.problem[i]] else wrong
    return answers


def read_scores(scores: np.ndarray, reading: str = "last") -> np.ndarray:
    """One score per row out of `ChainModel.step_scores`: the "last", "least" or "product".

    0 where a row ends no line.

    Examples
    --------
    >>> scores = np.array([[np.nan, 0.5, np.nan, 0.8]])
    >>> [read_scores(scores, reading).round(2).tolist() for reading in READINGS]
    [[0.8], [0.5], [0.4]]
    """
    there = ~np.isnan(scores)
    if reading == "last":
        place = scores.shape[1] - 1 - there[:, ::-1].argmax(axis=1)
        value = scores[np.arange(len(scores)), place]
    else:
        summary = np.min if reading == "least" else np.prod
        value = summary(np.where(there, scores, 1.0), axis=1)
    return np.where(there.any(axis=1), value, 0.0)
