"""Time of one decoding step: moving bytes against doing sums."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .._check import amount
from .memory import weight_bytes
from .model import Model, Workload

CARDS = {  # FLOPs per second in 16 bits, bytes per second, bytes as the driver reports them
    "A100-80GB": (3.12e14, 2.039e12, 81_920 * 2**20),
    "H100-80GB": (9.89e14, 3.35e12, 81_559 * 2**20),
    "TPU v5e": (1.97e14, 8.2e11, 16e9),
    "TPU v4": (2.75e14, 1.2e12, 32e9),
}


@dataclass(frozen=True)
class Device:
    """Peak speed of one card, or of several that work as one.

    Parameters
    ----------
    name : str
    flops_per_second, bytes_per_second : float
        Peak of the sums, and of the memory.
    memory_bytes : float
        Bytes of memory; an "80 GB" card has 81,920 MiB, which is 85.9e9.

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

    @classmethod
    def named(cls, name: str) -> Device:
        """A card of data-sheet speed and real memory: A100-80GB, H100-80GB, TPU v5e or TPU v4.

        Parameters
        ----------
        name : str

        Returns
        -------
        Device

        Raises
        ------
        ValueError
            If the card is none of them.

        Examples
        --------
        >>> Device.named("A100-80GB").memory_bytes / 2**30  # not 80e9 bytes
        80.0
        """
        if name not in CARDS:
            raise ValueError(f"name = {name!r} is none of {', '.join(CARDS)}: "
                             "give the speeds to Device instead")
        return cls(name, *CARDS[name])

    def __post_init__(self):
        for field in ("flops_per_second", "bytes_per_second"):
            amount(field, getattr(self, field), positive=True)
        if not self.memory_bytes > 0:
            raise ValueError(f"memory_bytes = {self.memory_bytes} must be positive")

    def times(self, n_devices: float) -> Device:
        """`n_devices` of them, without loss by communication."""
        amount("n_devices", n_devices, positive=True)
        return Device(f"{n_devices} x {self.name}", n_devices * self.flops_per_second,
                      n_devices * self.bytes_per_second, n_devices * self.memory_bytes)


def critical_batch(device: Device, bits: ArrayLike = 16) -> np.ndarray:
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


def step_seconds(device: Device, parameters: ArrayLike | Model,
                 batch: ArrayLike | Workload = 1, *, cache_bytes: ArrayLike = 0,
                 bits: ArrayLike = 16) -> np.ndarray:
    """batch cache / W + max(2 batch N / F, N bits / 8 / W): one token for every sequence.

    Parameters
    ----------
    device : Device
        F is its FLOPs per second and W its bytes per second.
    parameters : array_like of float, or Model
        N. A `Model` multiplies by its `multiplied` weights and reads `weights_read(batch)`: with
        experts and a large batch, all of them.
    batch : array_like of float, or Workload
        Sequences at once. A `Workload` needs a `Model`, brings bits and cache, and is taken at
        the middle of its answer; where the sums of attention take longer than the bytes of the
        cache, as they can in a latent or a shared one, they set the time.
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
        If a size is negative, parameters, batch or bits are 0, or a `Workload` comes without a
        `Model`.

    Examples
    --------
    >>> d = Device("d", flops_per_second=100.0, bytes_per_second=10.0)
    >>> float(step_seconds(d, 50, 1)), float(step_seconds(d, 50, 20))  # 100 bytes, 2000 FLOPs
    (10.0, 20.0)
    """
    attention = 0.0
    if isinstance(batch, Workload):
        if not isinstance(parameters, Model):
            raise ValueError("a Workload needs a Model for parameters: its cache has a shape")
        attention = _attention_seconds(device, parameters, batch)
        batch, bits = batch.batch, batch.weight_bits
    batch = amount("batch", batch, positive=True)
    used, read = (parameters.multiplied, parameters.weights_read(batch)) if isinstance(
        parameters, Model) else (parameters, parameters)
    weights = weight_bytes(read, bits) / device.bytes_per_second
    sums = 2 * batch * amount("parameters", used) / device.flops_per_second
    cache = batch * amount("cache_bytes", cache_bytes) / device.bytes_per_second
    return (attention + cache + np.maximum(sums, weights))[()]


def tokens_per_second(device: Device, parameters: ArrayLike | Model,
                      batch: ArrayLike | Workload = 1, *, cache_bytes: ArrayLike = 0,
                      bits: ArrayLike = 16) -> np.ndarray:
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
    return amount("batch", batch.batch if isinstance(batch, Workload) else batch) / seconds


def _attention_seconds(device, model, work):
    """Reading the cache of a workload, or doing its sums, whichever takes longer."""
    numbers = model.cache_numbers * work.tokens_read
    read = numbers * np.asarray(work.cache_bits) / 8 / device.bytes_per_second
    context = np.asarray(work.n_prompt) + (np.asarray(work.n_decode) + 1) / 2
    sums = np.asarray(work.batch) * model.attention_flops * context / device.flops_per_second
    return np.maximum(read, sums)
