"""Exact checks of drawn solutions, on many cores, and labels for the step scorers."""
from __future__ import annotations

import numpy as np

from scaling_utils.worlds.chain_task import LENGTH, LINE, PROMPT, STOP, decode, judge

NO_END = 2  # label of a token that ends no line
PART = 1024  # rows that one worker checks at a time


def verdicts(prompts: list[str], traces: np.ndarray) -> np.ndarray:
    """Columns answer, n_right, n_lines, sound, tokens of solutions (n, TRACE) of prompts."""
    out = np.empty((len(traces), 5), np.int64)
    for i, (prompt, trace) in enumerate(zip(prompts, traces, strict=True)):
        text = decode(trace)
        verdict = judge(prompt, text)
        out[i] = *verdict, verdict.sound, len(text)
    return out


def labels(rows: np.ndarray) -> np.ndarray:
    """At the end of each line whether all is right so far, else NO_END; rows (n, LENGTH)."""
    out = np.full((len(rows), LENGTH), NO_END, np.uint8)
    for row, label in zip(rows, out, strict=True):
        verdict = judge(decode(row[:PROMPT]), decode(row[PROMPT:]))
        ends = PROMPT + np.flatnonzero((row[PROMPT:] == LINE) | (row[PROMPT:] == STOP))
        label[ends] = np.arange(len(ends)) < verdict.n_right
    return out


def in_parts(pool, function, *columns) -> np.ndarray:
    """`function` of columns of one length, by the workers of `pool`, PART rows at a time."""
    starts = range(0, len(columns[0]), PART)
    jobs = [tuple(column[i:i + PART] for column in columns) for i in starts]
    return np.concatenate(pool.starmap(function, jobs))
