"""Small transformers that solve chains of arithmetic, run in NumPy from shipped weights.

A policy gives the next token, a step scorer a number between 0 and 1 at the end of each line.
Samples that agree so far are one row with a count: its next tokens are drawn as often as it
counts, and only those that differ part. This is independent sampling, exactly, at the cost of the
different solutions alone.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_softmax

from ..data import datasets
from .chain_drawing import Drawing
from .chain_task import LENGTH, LINE, PAD, PROMPT, STOP, decode, encode

HEAD = 32  # width of a head
EPSILON = 1e-5  # of the norms
GROUP = 512  # rows that go through a model together: beyond it caches leave the processor


@dataclass(frozen=True)
class Solutions:
    """Different solutions drawn, with how often."""

    problem: np.ndarray  # position of the prompt
    rows: np.ndarray  # tokens of prompt and solution, shape (n, LENGTH)
    n_samples: np.ndarray  # samples that were this solution
    log_probability: np.ndarray  # natural logarithm, at temperature 1, of what was drawn

    @property
    def texts(self) -> list[str]:
        """The solutions as text."""
        return [decode(row[PROMPT:]) for row in self.rows]

    @property
    def n_tokens(self) -> np.ndarray:
        """Tokens of each solution."""
        return (self.rows[:, PROMPT:] != PAD).sum(axis=1)


class ChainModel:
    """A transformer of the family.

    Parameters
    ----------
    weights : dict of str to ndarray
        By the names of the experiment, for instance "blocks.0.qkv.weight".

    Examples
    --------
    >>> policy = ChainModel.load("chain-64x2")
    >>> policy.n_params, policy.greedy(["12+34="])
    (109504, ['12+34=46.'])
    """

    def __init__(self, weights: dict[str, np.ndarray]):
        self.weights = {name: np.ascontiguousarray(w.astype(np.float32).T if w.ndim == 2 else
                                                   w.astype(np.float32))
                        for name, w in weights.items()}
        self.token, self.place = (np.ascontiguousarray(self.weights[f"{name}.weight"].T)
                                  for name in ("token", "place"))
        self.width = self.token.shape[1]
        self.n_layers = sum(name.endswith("qkv.weight") for name in weights)

    @classmethod
    def load(cls, name: str) -> ChainModel:
        """A model that ships with the package.

        Raises
        ------
        ValueError
            If there is none of that name; the message lists those there are.
        """
        names = datasets.load("chain_weights").model.tolist()
        if name not in names:
            raise ValueError(f"there is no model {name!r}; there are {', '.join(names)}")
        with (datasets.FOLDER / "chain_weights" / f"{name}.npz").open("rb") as stream:
            with np.load(stream) as file:
                return cls(dict(file))

    @property
    def n_params(self) -> int:
        """Number of trained numbers."""
        return sum(weight.size for weight in self.weights.values())

    def outputs(self, ids: np.ndarray, at: np.ndarray | int = 0, cache=None) -> np.ndarray:
        """Numbers of the head at each of the tokens `ids` (n, t), shape (n, t, outputs).

        Parameters
        ----------
        ids : ndarray of int, shape (n, t)
        at : int or ndarray of int, shape (n,)
            Place of the first token of each row; an array needs t = 1.
        cache : list of ndarray, optional
            One per layer, shape (2, n, heads, LENGTH, HEAD): keys and values of the tokens before,
            to which those of `ids` are added.
        """
        n, t = ids.shape
        places = np.asarray(at)[..., None] + np.arange(t)
        x = self.token[ids] + self.place[places]
        for layer in range(self.n_layers):
            x = self._block(x, f"blocks.{layer}.", places, None if cache is None else cache[layer])
        return _norm(x, self.weights["norm.weight"]) @ self.weights["head.weight"]

    def _block(self, x, name, places, cache):
        """Attention, and a layer of four times the width."""
        w, (n, t, width) = self.weights, x.shape
        mixed = _norm(x, w[name + "a.weight"]).reshape(n * t, width) @ w[name + "qkv.weight"]
        q, k, v = mixed.reshape(n, t, 3, -1, HEAD).transpose(2, 0, 3, 1, 4)
        if cache is not None:
            if t == 1:
                cache[:, np.arange(n), :, places.ravel()] = mixed.reshape(n, 3, -1, HEAD)[
                    :, 1:].transpose(0, 1, 2, 3)
            else:
                cache[0, :, :, places], cache[1, :, :, places] = (
                    part.transpose(2, 0, 1, 3) for part in (k, v))
            k, v = cache[:, :, :, : places.max() + 1]
        y = _attend(q, k, v, places).transpose(0, 2, 1, 3).reshape(n * t, width)
        x = x + (y @ w[name + "out.weight"]).reshape(n, t, width)
        up = _norm(x, w[name + "b.weight"]).reshape(n * t, width) @ w[name + "up.weight"]
        return x + (_gelu(up) @ w[name + "down.weight"]).reshape(n, t, width)

    def empty_cache(self, rows: int) -> list[np.ndarray]:
        """Room for keys and values of `rows` sequences, by layer."""
        shape = (2, rows, self.width // HEAD, LENGTH, HEAD)
        return [np.zeros(shape, np.float32) for _ in range(self.n_layers)]

    def log_probability(self, prompts: Sequence[str], solutions: Sequence[str],
                        temperature: float = 1.0) -> np.ndarray:
        """log P(solution | prompt) = sum over its tokens of log p, natural logarithm.

        Examples
        --------
        >>> policy = ChainModel.load("chain-64x2")
        >>> policy.log_probability(["12+34="], ["12+34=46."]).round(1).tolist()
        [-0.0]
        """
        rows = np.stack([encode(*pair) for pair in zip(prompts, solutions, strict=True)])
        out = np.empty(len(rows))
        for part in _parts(len(rows)):
            ids = rows[part].astype(np.intp)
            score = self._log_softmax(self.outputs(ids[:, :-1])[:, PROMPT - 1:], temperature)
            got = np.take_along_axis(score, ids[:, PROMPT:, None], 2)[..., 0]
            out[part] = np.where(ids[:, PROMPT:] != PAD, got, 0).sum(axis=1)
        return out

    def step_scores(self, rows: np.ndarray) -> np.ndarray:
        """A number between 0 and 1 at the end of each line, nan elsewhere.

        A step scorer gives its own, a policy the probability of the line after all that precedes.

        Parameters
        ----------
        rows : ndarray of int, shape (n, LENGTH)
            Tokens of prompts and solutions, or of their beginnings.

        Returns
        -------
        ndarray, shape (n, LENGTH)
        """
        out = np.full(rows.shape, np.nan)
        for part in _parts(len(rows)):
            ids = rows[part].astype(np.intp)
            used = int((ids != PAD).any(axis=0).nonzero()[0].max()) + 1
            given = self.outputs(ids[:, :used])
            if given.shape[2] == 1:
                out[part, :used] = expit(given[..., 0].astype(float))
            else:
                out[part, :used] = self._line_probabilities(given, ids[:, :used])
        return np.where((rows == LINE) | (rows == STOP), out, np.nan)

    def _line_probabilities(self, logits, ids):
        """Probability of the tokens since the end of the last line, at each place."""
        score = np.take_along_axis(self._log_softmax(logits[:, PROMPT - 1:-1]),
                                   ids[:, PROMPT:, None], 2)[..., 0]
        total = np.cumsum(np.where(ids[:, PROMPT:] != PAD, score, 0), axis=1)
        before = np.where(ids[:, PROMPT:] == LINE, total, 0)  # falls from line to line
        before = np.minimum.accumulate(np.pad(before, ((0, 0), (1, 0)))[:, :-1], axis=1)
        return np.pad(np.exp(total - before), ((0, 0), (PROMPT, 0)))

    def greedy(self, prompts: Sequence[str]) -> list[str]:
        """The most likely token at every place."""
        return self.sample(prompts, 1, temperature=0).texts

    def sample(self, prompts: Sequence[str], n_samples: int, temperature: float = 1.0,
               rng: int | np.random.Generator = 0) -> Solutions:
        """Different solutions among `n_samples` of each prompt, in the order of the prompts.

        Raises
        ------
        ValueError
            If n_samples is not positive, or the temperature is negative.

        Examples
        --------
        >>> drawn = ChainModel.load("chain-64x2").sample(["12+34=", "12*34="], 100)
        >>> np.bincount(drawn.problem, drawn.n_samples).tolist()
        [100.0, 100.0]
        """
        if n_samples < 1:
            raise ValueError(f"n_samples = {n_samples} must be positive")
        rows = np.stack([encode(prompt) for prompt in prompts])
        drawn = self.extend(rows, np.full(len(rows), PROMPT), np.full(len(rows), n_samples),
                            temperature, rng)
        order = np.argsort(drawn.problem, kind="stable")
        return Solutions(*(getattr(drawn, name)[order] for name in drawn.__dataclass_fields__))

    def extend(self, rows: np.ndarray, lengths: np.ndarray, n_samples: np.ndarray,
               temperature: float = 1.0, rng: int | np.random.Generator = 0,
               ends: tuple[int, ...] = (STOP,)) -> Solutions:
        """Different continuations of rows up to a token of `ends` or the last place.

        Parameters
        ----------
        rows : ndarray of int, shape (n, LENGTH)
            Tokens so far, then padding.
        lengths : ndarray of int, shape (n,)
            Places used of each row.
        n_samples : ndarray of int, shape (n,)
            Continuations to draw of each row.
        temperature, rng, ends :
            Temperature 0 takes the most likely token.

        Returns
        -------
        Solutions
            `problem` is the row continued.
        """
        if temperature < 0:
            raise ValueError(f"temperature = {temperature} must not be negative")
        rng, parts = np.random.default_rng(rng), []
        for index in _groups(n_samples):
            drawn = Drawing(self, rows[index], lengths[index], n_samples[index])
            while drawn.n_open:
                drawn.step(temperature, rng, ends)
            parts.append([index[drawn.finished[0]], *drawn.finished[1:]])
        return Solutions(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def _log_softmax(self, logits, temperature=1.0):
        """Log-probabilities of the next token; padding is never drawn."""
        logits = logits.astype(float)
        logits[..., PAD] = -np.inf
        return log_softmax(logits / temperature, axis=-1)


def _attend(q, k, v, places):
    """softmax(q k / sqrt(HEAD)) v over the places up to each query's own."""
    weight = np.matmul(q, k.swapaxes(-1, -2)) / np.float32(np.sqrt(HEAD))
    later = np.arange(k.shape[2]) > places[..., None]  # (t, T), or (n, 1, T) for rows of their own
    weight[np.broadcast_to(later[:, None] if later.ndim == 3 else later, weight.shape)] = -np.inf
    weight -= weight.max(axis=-1, keepdims=True)
    np.exp(weight, out=weight)
    weight /= weight.sum(axis=-1, keepdims=True)
    return np.matmul(weight, v)


def _norm(x, weight):
    """Layer norm without a shift."""
    centred = x - x.mean(axis=-1, keepdims=True)
    size = np.einsum("...i,...i->...", centred, centred)[..., None] / np.float32(x.shape[-1])
    return centred / np.sqrt(size + np.float32(EPSILON)) * weight


def _gelu(x):
    """x P(normal < x), in the usual form with a hyperbolic tangent."""
    inner = x * x
    inner *= np.float32(0.044715 * 0.7978845608)
    inner += np.float32(0.7978845608)
    inner *= x
    np.tanh(inner, out=inner)
    inner += 1
    inner *= x
    inner *= np.float32(0.5)
    return inner


def _parts(n):
    """Slices of at most GROUP rows."""
    return [slice(i, i + GROUP) for i in range(0, n, GROUP)]


def _groups(n_samples):
    """Positions of rows in groups of about GROUP samples, or of one row."""
    edge = (np.cumsum(n_samples) - 1) // GROUP
    return [np.flatnonzero(edge == group) for group in np.unique(edge)]
