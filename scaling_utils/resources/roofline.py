"""Time of one decoding step: moving bytes against doing sums."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._check import amount
from .memory import weight_bytes


@dataclass(frozen=True)
class Device:
    """Peak speed of one card, or of several that work as one.

    Raises
    ------
    ValueError
        If a number is not positive.

    Examples
    --------
    >>> Device("two steps a second", 2.0, 1.0).times(4).flops_per_second
    8.0
    """

    name: str
    flops_per_second: float
    bytes_per_second: float  # of memory
    memory_bytes: float = np.inf

    def __post_init__(self):
        for field in ("flops_per_second", "bytes_per_second"):
            amount(field, getattr(self, field), positive=True)
        if not self.memory_bytes > 0:
            raise ValueError(f"memory_bytes = {self.memory_bytes} must be positive")

    def times(self, n_devices):
        """`n_devices` of them, without loss by communication."""
        amount("n_devices", n_devices, positive=True)
        return Device(f"{n_devices} x {self.name}", n_devices * self.flops_per_second,
                      n_devices * self.bytes_per_second, n_devices * self.memory_bytes)


def critical_batch(device, bits=16):
    """(FLOPs per second / bytes per second) bits / 16: where sums take as long as the weights.

    Parameters
    ----------
    device : Device
    bits : array_like of float
        Bits per weight; a token takes 2 FLOPs per weight.

    Returns
    -------
    ndarray
        Sequences.

    Raises
    ------
    ValueError
        If bits are not positive.

    Examples
    --------
    >>> float(critical_batch(Device("d", flops_per_second=240.0, bytes_per_second=1.0)))
    240.0
    """
    intensity = device.flops_per_second / device.bytes_per_second
    return (intensity * amount("bits", bits, positive=True) / 16)[()]


def step_seconds(device, parameters, batch, *, cache_bytes=0, bits=16):
    """batch cache / W + max(2 batch N / F, N bits / 8 / W): one token for every sequence.

    Parameters
    ----------
    device : Device
        F is its FLOPs per second and W its bytes per second.
    parameters : array_like of float
        N.
    batch : array_like of float
        Sequences at once.
    cache_bytes : array_like of float
        Keys and values of one sequence, read at every step.
    bits : array_like of float
        Bits per weight.

    Returns
    -------
    ndarray
        Seconds at peak speed: a lower bound where attention does not overlap the sums.

    Raises
    ------
    ValueError
        If a size is negative, or parameters, batch or bits are 0.

    Examples
    --------
    >>> d = Device("d", flops_per_second=100.0, bytes_per_second=10.0)
    >>> float(step_seconds(d, 50, 1)), float(step_seconds(d, 50, 20))  # 100 bytes, 2000 FLOPs
    (10.0, 20.0)
    """
    weights = weight_bytes(parameters, bits) / device.bytes_per_second
    batch = amount("batch", batch, positive=True)
    sums = 2 * batch * amount("parameters", parameters) / device.flops_per_second
    cache = batch * amount("cache_bytes", cache_bytes) / device.bytes_per_second
    return (cache + np.maximum(sums, weights))[()]


def tokens_per_second(device, parameters, batch, *, cache_bytes=0, bits=16):
    """batch / step_seconds: tokens of the whole batch, an upper bound.

    Parameters
    ----------
    device, parameters, batch, cache_bytes, bits :
        As in `step_seconds`.

    Returns
    -------
    ndarray
        Tokens per second.

    Raises
    ------
    ValueError
        As in `step_seconds`.

    Examples
    --------
    >>> d = Device("d", flops_per_second=100.0, bytes_per_second=10.0)
    >>> float(tokens_per_second(d, 50, 20))  # 20 tokens in 20 seconds
    1.0
    """
    seconds = step_seconds(device, parameters, batch, cache_bytes=cache_bytes, bits=bits)
    return amount("batch", batch) / seconds


def bandwidth_share(device, parameters, tokens_per_second, *, cache_bytes=0, bits=16):
    """tokens per second times bytes per token / W: share of the bandwidth that one stream used.

    Parameters
    ----------
    device, parameters, cache_bytes, bits :
        As in `step_seconds`, for a batch of one.
    tokens_per_second : array_like of float
        As measured.

    Returns
    -------
    ndarray
        Above 1 only if the numbers are wrong.

    Raises
    ------
    ValueError
        As in `step_seconds`.

    Examples
    --------
    >>> d = Device("d", flops_per_second=100.0, bytes_per_second=10.0)
    >>> float(bandwidth_share(d, 1, tokens_per_second=2.5))  # 2 bytes a token
    0.5
    """
    each = weight_bytes(parameters, bits) + amount("cache_bytes", cache_bytes)
    return (amount("tokens_per_second", tokens_per_second) * each / device.bytes_per_second)[()]
