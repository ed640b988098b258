"""Bytes and seconds: printed examples, units, limits, refusals."""
import numpy as np
import pytest

from scaling_utils.resources.memory import (
    bits_per_weight,
    kv_cache_bytes,
    largest_batch,
    tokens_that_fit,
    weight_bytes,
)
from scaling_utils.resources.roofline import (
    Device,
    critical_batch,
    step_seconds,
    tokens_per_second,
)

V5E = Device("TPU v5e", 1.97e14, 8.2e11)
SHAPE = dict(layers=40, kv_heads=40, head_dim=128)  # Llama-2-13B


def test_printed_sizes():
    """jax-ml/scaling-book: 6.7 GB for 8,192 tokens of Llama-2-13B, 26 GB for its weights."""
    assert kv_cache_bytes(8192, **SHAPE) / 1e9 == pytest.approx(6.7, abs=0.05)
    assert weight_bytes(13e9) == 26e9
    assert critical_batch(V5E) == pytest.approx(240, abs=0.5)


@pytest.mark.parametrize(("batch", "printed"), [
    (1, 200.6), (8, 659.3), (16, 788.0), (32, 873.2), (64, 923.1), (240, 963.5)
])
def test_printed_throughput(batch, printed):
    """The book's worked table: 13B on eight cards, a cache of 6.7 GB per sequence."""
    found = tokens_per_second(V5E.times(8), 13e9, batch, cache_bytes=6.7e9)
    assert found == pytest.approx(printed, rel=2e-3)


def test_units_change_nothing():
    """Bytes, FLOPs and seconds scale as they must."""
    base = step_seconds(V5E, 7e9, 32, cache_bytes=1e9)
    ten_times = Device("", 10 * V5E.flops_per_second, 10 * V5E.bytes_per_second)
    assert step_seconds(ten_times, 7e9, 32, cache_bytes=1e9) == pytest.approx(base / 10)
    assert step_seconds(V5E, 70e9, 32, cache_bytes=1e10) == pytest.approx(10 * base)
    assert kv_cache_bytes(10, 2, 3, 4, batch=5) == 5 * kv_cache_bytes(10, 2, 3, 4)
    assert kv_cache_bytes(10, 2, 3, 4, bits=8) == kv_cache_bytes(10, 2, 3, 4) / 2


def test_limits():
    assert step_seconds(V5E, 7e9, 1) == pytest.approx(14e9 / 8.2e11)  # bandwidth alone
    assert step_seconds(V5E, 7e9, 1e5) == pytest.approx(2 * 7e14 / 1.97e14)  # sums alone
    edge = critical_batch(V5E)
    assert step_seconds(V5E, 7e9, edge) == pytest.approx(step_seconds(V5E, 7e9, 1))
    assert step_seconds(V5E, 7e9, 2 * edge) == pytest.approx(2 * step_seconds(V5E, 7e9, 1))
    assert tokens_per_second(V5E, 7e9, 1e12, cache_bytes=1e9) == pytest.approx(
        1 / (1e9 / 8.2e11 + 14e9 / 1.97e14))
    assert weight_bytes(7e9, bits=16) == 2 * 7e9
    assert kv_cache_bytes(0, **SHAPE) == 0


@pytest.mark.parametrize("bits", [16, 8, 4])
def test_largest_batch_fits_and_one_more_does_not(bits):
    card, overhead = 80e9, 2e9
    found = largest_batch(card, 13e9, 2048, **SHAPE, bits=bits, overhead_bytes=overhead)

    def used(batch):
        return weight_bytes(13e9, bits) + overhead + kv_cache_bytes(2048, **SHAPE, batch=batch)

    assert used(found) <= card < used(found + 1)
    tokens = tokens_that_fit(card, 13e9, **SHAPE, batch=found, bits=bits, overhead_bytes=overhead)
    assert tokens >= 2048


def test_what_does_not_fit_is_zero():
    assert largest_batch(10e9, 13e9, 2048, **SHAPE) == 0
    assert largest_batch([10e9, 80e9], 13e9, 2048, **SHAPE).tolist() == [0, 32]
    assert tokens_that_fit(26e9, 13e9, **SHAPE) == 0


def test_bits_per_weight_is_the_inverse():
    bits = np.array([3.5, 4.5, 16])
    np.testing.assert_allclose(bits_per_weight(weight_bytes(8e9, bits), 8e9), bits)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: Device("", 0, 1), "flops_per_second = 0 must be positive"),
    (lambda: Device("", 1, -2), "bytes_per_second = -2 is negative"),
    (lambda: Device("", 1, 1, 0), "memory_bytes = 0 must be positive"),
    (lambda: V5E.times(0), "n_devices = 0 must be positive"),
    (lambda: weight_bytes(7e9, bits=[16, 0]), r"bits\[1\] = 0 must be positive"),
    (lambda: weight_bytes(-7e9), "parameters = -7000000000 is negative"),
    (lambda: kv_cache_bytes(-1, 1, 1, 1), "tokens = -1 is negative"),
    (lambda: kv_cache_bytes(1, 0, 1, 1), "layers = 0 must be positive"),
    (lambda: largest_batch(-1, 1, 1, 1, 1, 1), "memory_bytes = -1 is negative"),
    (lambda: largest_batch(1, 1, 0, 1, 1, 1), "tokens = 0 must be positive"),
    (lambda: step_seconds(V5E, 7e9, 0), "batch = 0 must be positive"),
    (lambda: step_seconds(V5E, 7e9, 1, cache_bytes=np.nan), "cache_bytes = nan is not"),
])
def test_impossible_hardware_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
