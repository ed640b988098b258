"""Bytes of a transformer that writes: weights, cache of keys and values, and what fits a card."""
import numpy as np
from numpy.typing import ArrayLike

from .._check import amount
from .model import Model, Workload

GIB = 2**30  # bytes


def weight_bytes(parameters: ArrayLike | Model, bits: ArrayLike = 16) -> np.ndarray:
    """Parameters times bits / 8.

    Parameters
    ----------
    parameters : array_like of float, or Model
        All that are held, those of unused experts too.
    bits : array_like of float
        Bits per weight, scales and offsets of a quantisation included.

    Returns
    -------
    ndarray
        Bytes.

    Raises
    ------
    ValueError
        If a number is not positive; the message names argument and position.

    Examples
    --------
    >>> float(weight_bytes(7e9, bits=4))
    3500000000.0
    """
    if isinstance(parameters, Model):
        parameters = parameters.parameters
    parameters, bits = (amount(name, x, positive=True)
                        for name, x in (("parameters", parameters), ("bits", bits)))
    return (parameters * bits / 8)[()]


def kv_cache_bytes(tokens: ArrayLike | Workload, layers: ArrayLike | Model,
                   kv_heads: ArrayLike | None = None, head_dim: ArrayLike | None = None, *,
                   batch: ArrayLike = 1, bits: ArrayLike = 16) -> np.ndarray:
    """2 layers kv_heads head_dim (bits / 8) tokens batch: keys and values of every token.

    Parameters
    ----------
    tokens : array_like of float, or Workload
        Tokens of one sequence, prompt and output. A `Workload` brings batch and bits too, and
        the prompt that several samples share is counted once.
    layers : array_like of float, or Model
        Layers. A `Model` brings heads and widths too, and a latent cache has no factor 2.
    kv_heads, head_dim : array_like of float
        Heads that keep keys and values, and width of a head.
    batch : array_like of float
        Sequences at once.
    bits : array_like of float
        Bits per number.

    Returns
    -------
    ndarray
        Bytes.

    Raises
    ------
    ValueError
        If a size is not positive, tokens or batch are negative, or a number is given twice.

    Examples
    --------
    >>> float(kv_cache_bytes(10, layers=1, kv_heads=2, head_dim=3))  # 2 * 1 * 2 * 3 * 2 * 10
    240.0
    >>> float(kv_cache_bytes(1, Model(671e9, layers=61, latent=512, rotary=64)))  # 61 * 576 * 2
    70272.0
    """
    if isinstance(tokens, Workload):
        if np.any(np.asarray(batch) != 1) or np.any(np.asarray(bits) != 16):
            raise ValueError("batch and bits are the Workload's own: leave them out beside it")
        work = tokens
        tokens, bits = work.tokens_held, work.cache_bits
    tokens, batch = amount("tokens", tokens), amount("batch", batch)
    each = _numbers(layers, kv_heads, head_dim) * amount("bits", bits, positive=True) / 8
    return (each * tokens * batch)[()]


def largest_batch(memory_bytes: ArrayLike, parameters: ArrayLike | Model,
                  tokens: ArrayLike | Workload, layers: ArrayLike | None = None,
                  kv_heads: ArrayLike | None = None, head_dim: ArrayLike | None = None, *,
                  bits: ArrayLike = 16, cache_bits: ArrayLike = 16,
                  overhead_bytes: ArrayLike = 0) -> np.ndarray:
    """floor[(memory - weights - overhead) / cache of one sequence]; 0 where nothing fits.

    Parameters
    ----------
    memory_bytes : array_like of float
        Memory of the card.
    parameters, bits :
        As in `weight_bytes`.
    tokens, layers, kv_heads, head_dim :
        As in `kv_cache_bytes`; with a `Model` for `parameters` the last three are its own, and a
        `Workload` for `tokens` brings the bits. Its batch is not used, and whole prompts of
        `samples` sequences are served.
    cache_bits : array_like of float
        Bits per number of the cache.
    overhead_bytes : array_like of float
        What the software takes besides, whatever the batch.

    Returns
    -------
    ndarray of int
        Sequences.

    Raises
    ------
    ValueError
        As in `weight_bytes` and `kv_cache_bytes`; and if tokens are 0 or memory is not positive.

    Examples
    --------
    >>> int(largest_batch(1000, 100, tokens=10, layers=1, kv_heads=2, head_dim=3))  # 800 / 240
    3
    >>> one = Model(100, layers=1, kv_heads=2, head_dim=3)  # 24 bytes a token
    >>> int(largest_batch(1000, one, Workload(n_prompt=8, n_decode=2, batch=2, samples=2)))
    4
    """
    samples = 1
    if isinstance(tokens, Workload):
        samples, work = np.asarray(tokens.samples), tokens
        tokens = work.n_prompt + samples * np.asarray(work.n_decode)  # of one prompt
        bits, cache_bits = work.weight_bits, work.cache_bits
    shape = parameters if isinstance(parameters, Model) else layers
    memory = amount("memory_bytes", memory_bytes, positive=True)
    tokens = amount("tokens", tokens, positive=True)
    left = memory - weight_bytes(parameters, bits) - amount("overhead_bytes", overhead_bytes)
    each = kv_cache_bytes(tokens, shape, kv_heads, head_dim, bits=cache_bits)
    return (samples * np.maximum(np.floor(left / each), 0)).astype(int)[()]


def tokens_that_fit(memory_bytes: ArrayLike, parameters: ArrayLike | Model,
                    layers: ArrayLike | None = None, kv_heads: ArrayLike | None = None,
                    head_dim: ArrayLike | None = None, *, batch: ArrayLike = 1,
                    bits: ArrayLike = 16, cache_bits: ArrayLike = 16,
                    overhead_bytes: ArrayLike = 0) -> np.ndarray:
    """(memory - weights - overhead) / (cache of one token, times batch): the longest context.

    Parameters
    ----------
    memory_bytes, parameters, layers, kv_heads, head_dim, bits, cache_bits, overhead_bytes :
        As in `largest_batch`.
    batch : array_like of float
        Sequences at once.

    Returns
    -------
    ndarray of int
        Tokens of each sequence; 0 where the weights alone do not fit.

    Raises
    ------
    ValueError
        As in `largest_batch`.

    Examples
    --------
    >>> int(tokens_that_fit(1000, 100, layers=1, kv_heads=2, head_dim=3))  # 800 / 24
    33
    """
    batch = amount("batch", batch, positive=True)
    return largest_batch(memory_bytes, parameters, batch, layers, kv_heads, head_dim, bits=bits,
                         cache_bits=cache_bits, overhead_bytes=overhead_bytes)


def _numbers(layers, kv_heads, head_dim):
    """Numbers that a token leaves in the cache, from three sizes or from a model."""
    if isinstance(layers, Model):
        if kv_heads is not None or head_dim is not None:
            raise ValueError("kv_heads and head_dim are the Model's own: leave them out beside it")
        return amount("cache_numbers", layers.cache_numbers, positive=True)
    if layers is None or kv_heads is None or head_dim is None:
        raise ValueError("layers, kv_heads and head_dim go together: give all three, or a Model")
    layers, kv_heads, head_dim = (amount(name, x, positive=True) for name, x in (
        ("layers", layers), ("kv_heads", kv_heads), ("head_dim", head_dim)))
    return 2 * layers * kv_heads * head_dim


def bits_per_weight(file_bytes: ArrayLike, parameters: ArrayLike) -> np.ndarray:
    """8 bytes / parameters: what a quantised file spends on each weight.

    Parameters
    ----------
    file_bytes : array_like of float
    parameters : array_like of float

    Returns
    -------
    ndarray
        Bits.

    Raises
    ------
    ValueError
        If there are no parameters, or a size is negative.

    Examples
    --------
    >>> float(bits_per_weight(3.5e9, 7e9))
    4.0
    """
    parameters = amount("parameters", parameters, positive=True)
    return (8 * amount("file_bytes", file_bytes) / parameters)[()]
