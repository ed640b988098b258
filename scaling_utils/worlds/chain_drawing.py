"""Drawing from a chain model: samples that agree so far are one row with a count."""
from __future__ import annotations

import numpy as np
from scipy.special import softmax

from .chain_task import LENGTH


class Drawing:
    """Rows that are not finished, with their caches; `finished` has the columns of Solutions."""

    def __init__(self, model, rows, lengths, count):
        self.model, self.cache = model, model.empty_cache(len(rows))
        self.source, self.rows, self.at = np.arange(len(rows)), rows.copy(), lengths.copy()
        self.count, self.total = count, np.zeros(len(rows))
        self.finished = [np.empty((0, *column.shape[1:]), column.dtype) for column in self._columns]
        used = int(lengths.max())
        out = model.outputs(rows[:, :used].astype(np.intp), 0, self.cache)
        self.logits = out[np.arange(len(rows)), lengths - 1]

    @property
    def _columns(self):
        return self.source, self.rows, self.count, self.total

    @property
    def n_open(self):
        return len(self.source)

    def step(self, temperature, rng, ends):
        """Draw the next token of every row, put finished rows aside, and ask for the next."""
        score = self.model._log_softmax(self.logits)
        parent, token, count = _next_tokens(score, self.count, temperature, rng)
        at, total = self.at[parent], self.total[parent] + score[parent, token]
        source, rows = self.source[parent], self.rows[parent]
        rows[np.arange(len(at)), at] = token
        end = np.isin(token, ends) | (at == LENGTH - 1)
        done = (source[end], rows[end], count[end], total[end])
        self.finished = [np.concatenate(pair) for pair in zip(self.finished, done, strict=True)]
        order = _follow(self.cache, parent[~end], int(self.at.max()))
        self.source, self.rows, self.count, self.total, at, token = (
            column[~end][order] for column in (source, rows, count, total, at, token))
        if self.n_open:
            cache = [layer[:, : self.n_open] for layer in self.cache]
            self.logits = self.model.outputs(token[:, None], at, cache)[:, 0]
        self.at = at + 1


def _next_tokens(score, count, temperature, rng):
    """(parent, token, count) of the different next tokens, ascending by parent."""
    if temperature == 0:
        return np.arange(len(score)), score.argmax(axis=1), count
    cells = rng.multinomial(count, softmax(score / temperature, axis=1))
    parent, token = cells.nonzero()
    return parent, token, cells[parent, token]


def _follow(cache, parent, used):
    """Make row i of the cache continue row parent[i], in a new order, which is returned.

    `parent` ascends. The first child of a row stays in its place, so that only others are copied.
    """
    n = len(parent)
    if cache and n > cache[0].shape[1]:
        for i, layer in enumerate(cache):
            room = np.zeros((2, 2 * n, *layer.shape[2:]), layer.dtype)
            room[:, : layer.shape[1]] = layer
            cache[i] = room
    stay = parent < n
    stay[1:] &= parent[1:] != parent[:-1]
    free = np.ones(n, bool)
    free[parent[stay]] = False
    place = parent.copy()
    place[~stay] = free.nonzero()[0]
    for layer in cache:
        layer[:, place[~stay], :, :used] = layer[:, parent[~stay], :, :used]
    return np.argsort(place)
