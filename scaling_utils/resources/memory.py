"""Bytes of a transformer that writes: weights, cache of keys and values, and what fits a card."""
import numpy as np

from .._check import amount

GIB = 2**30  # bytes


def weight_bytes(parameters, bits=16):
    """Parameters times bits / 8.

    Parameters
    ----------
    parameters : array_like of float
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
    parameters, bits = (amount(name, x, positive=True)
                        for name, x in (("parameters", parameters), ("bits", bits)))
    return (parameters * bits / 8)[()]


def kv_cache_bytes(tokens, layers, kv_heads, head_dim, *, batch=1, bits=16):
    """2 layers kv_heads head_dim (bits / 8) tokens batch: keys and values of every token.

    Parameters
    ----------
    tokens : array_like of float
        Tokens of one sequence, prompt and output.
    layers, kv_heads, head_dim : array_like of float
        Layers, heads that keep keys and values, and width of a head.
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
        If a size is not positive, or tokens or batch are negative.

    Examples
    --------
    >>> float(kv_cache_bytes(10, layers=1, kv_heads=2, head_dim=3))  # 2 * 1 * 2 * 3 * 2 * 10
    240.0
    """
    shape = [amount(name, x, positive=True) for name, x in
             (("layers", layers), ("kv_heads", kv_heads), ("head_dim", head_dim), ("bits", bits))]
    tokens, batch = amount("tokens", tokens), amount("batch", batch)
    layers, kv_heads, head_dim, bits = shape
    return (2 * layers * kv_heads * head_dim * bits / 8 * tokens * batch)[()]


def largest_batch(memory_bytes, parameters, tokens, layers, kv_heads, head_dim, *, bits=16,
                  cache_bits=16, overhead_bytes=0):
    """floor[(memory - weights - overhead) / cache of one sequence]; 0 where nothing fits.

    Parameters
    ----------
    memory_bytes : array_like of float
        Memory of the card.
    parameters, bits :
        As in `weight_bytes`.
    tokens, layers, kv_heads, head_dim :
        As in `kv_cache_bytes`.
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
    """
    memory = amount("memory_bytes", memory_bytes, positive=True)
    tokens = amount("tokens", tokens, positive=True)
    left = memory - weight_bytes(parameters, bits) - amount("overhead_bytes", overhead_bytes)
    each = kv_cache_bytes(tokens, layers, kv_heads, head_dim, bits=cache_bits)
    return np.maximum(np.floor(left / each), 0).astype(int)[()]


def tokens_that_fit(memory_bytes, parameters, layers, kv_heads, head_dim, *, batch=1, bits=16,
                    cache_bits=16, overhead_bytes=0):
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


def bits_per_weight(file_bytes, parameters):
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
