"""Model and Workload: hand numbers of known architectures, the scalar functions, refusals."""
import dataclasses

import numpy as np
import pytest

from scaling_utils import load
from scaling_utils.resources.flops import (
    flops_per_token,
    prompt_flops,
    samples_for_flops,
    total_flops,
    trial_flops,
)
from scaling_utils.resources.memory import (
    kv_cache_bytes,
    largest_batch,
    tokens_that_fit,
    weight_bytes,
)
from scaling_utils.resources.model import Model, Workload
from scaling_utils.resources.roofline import Device, step_seconds, tokens_per_second

LLAMA = Model.named("Llama-2-70B")
V3 = Model(671e9, 37e9, layers=61, heads=128, latent=512, rotary=64, experts=256,
           experts_per_token=8)
MIXTRAL = Model(46.7e9, 12.9e9, layers=32, width=4096, kv_heads=8, head_dim=128, experts=8,
                experts_per_token=2)
H100, A100 = Device.named("H100-80GB"), Device.named("A100-80GB")


def test_caches_of_known_models():
    """By hand: grouped queries 2 * 80 * 8 * 128 * 2 bytes; latent 61 * (512 + 64) * 2 bytes."""
    assert kv_cache_bytes(1, LLAMA) == 2 * 80 * 8 * 128 * 2 == 327_680
    assert kv_cache_bytes(1, V3) == 61 * 576 * 2 == 70_272
    assert kv_cache_bytes(1, V3, bits=8) == 35_136
    assert kv_cache_bytes(100, LLAMA, batch=3) == kv_cache_bytes(100, 80, 8, 128, batch=3)


def test_attention_per_byte():
    """One FLOP per byte with all heads, eight where eight queries share a key, 242 if latent."""
    assert Model.named("Llama-2-7B").intensity() == 1
    assert LLAMA.intensity() == 8
    assert V3.intensity() == pytest.approx(128 * 1088 / 576)
    assert LLAMA.intensity(samples=[1, 100], bits=8).tolist() == [16, 1600]


def test_mixture_of_experts():
    """All weights are read by a large batch and the active ones multiplied: 27.9 ms."""
    assert step_seconds(H100, MIXTRAL, 512) == pytest.approx(2 * 46.7e9 / 3.35e12)
    assert 1e3 * step_seconds(H100, MIXTRAL, 512) == pytest.approx(27.9, abs=0.05)
    assert step_seconds(H100, MIXTRAL, 1) == pytest.approx(2 * 12.9e9 / 3.35e12)
    assert step_seconds(H100, MIXTRAL, 1e5) == pytest.approx(2e5 * 12.9e9 / 9.89e14)
    assert weight_bytes(MIXTRAL) == 2 * 46.7e9
    assert flops_per_token(MIXTRAL) == 2 * 12.9e9


@pytest.mark.parametrize("batch", [1, 2, 5, pytest.param(40, marks=pytest.mark.slow)])
def test_weights_read_against_drawn_experts(batch):
    """Two of eight experts per token at random, independently of the formula."""
    rng = np.random.default_rng(batch)
    chosen = rng.random((20_000, batch, 8)).argpartition(2, axis=2)[:, :, :2]
    touched = np.mean([np.unique(draw).size for draw in chosen])
    each = (46.7e9 - 12.9e9) / 6
    drawn = 46.7e9 - 8 * each + touched * each
    assert MIXTRAL.weights_read(batch) == pytest.approx(drawn, rel=5e-3)


def test_named_counts_from_the_shape():
    """Multiplied: all but one table of embeddings and the norms, for every row of the data."""
    for row in load("model_shapes").itertuples():
        model = Model.named(row.model)
        norms = (2 * row.layers + 1) * row.width
        assert model.parameters - model.multiplied == row.vocabulary * row.width + norms
        assert model.cache_numbers == 2 * row.layers * row.key_value_heads * row.width // row.heads
        assert model.weights_read(7) == model.multiplied


def test_flops_take_records():
    n, shape = LLAMA.multiplied, dict(layers=80, width=8192)
    work = Workload(n_prompt=700, n_decode=[50, 300], batch=4, samples=4)
    assert flops_per_token(LLAMA, 9) == flops_per_token(n, 9, **shape)
    assert prompt_flops(LLAMA, work) == prompt_flops(n, 700, **shape)
    np.testing.assert_array_equal(trial_flops(LLAMA, work), trial_flops(n, 700, [50, 300], **shape))
    cost = total_flops(7, LLAMA, work)
    np.testing.assert_array_equal(cost, total_flops(7, n, 700, [50, 300], **shape))
    np.testing.assert_allclose(samples_for_flops(cost, LLAMA, work), 7)


def test_shared_prompts_are_held_and_read_once():
    alone = Workload(n_prompt=1000, n_decode=100, batch=64)
    shared = dataclasses.replace(alone, samples=64)
    assert alone.tokens_held == 64 * 1100 and shared.tokens_held == 1000 + 6400
    assert alone.tokens_read == 64 * 1050.5 and shared.tokens_read == 1000 + 64 * 50.5
    assert kv_cache_bytes(shared, LLAMA) == 327_680 * 7400
    two = dataclasses.replace(alone, samples=32)
    assert kv_cache_bytes(two, LLAMA) == 2 * kv_cache_bytes(
        Workload(n_prompt=1000, n_decode=100, batch=32, samples=32), LLAMA)
    assert largest_batch(160e9, LLAMA, shared) > 2 * largest_batch(160e9, LLAMA, alone)
    assert step_seconds(A100, LLAMA, shared) < step_seconds(A100, LLAMA, alone)


def test_step_of_a_workload():
    """Weights at four bits, a cache of eight: by hand; sums of attention where they are longer."""
    work = Workload(n_prompt=1000, n_decode=99, batch=2, weight_bits=4, cache_bits=8)
    by_hand = (LLAMA.multiplied / 2 + 2 * 1050 * 163_840) / A100.bytes_per_second
    assert step_seconds(A100, LLAMA, work) == pytest.approx(by_hand)
    assert tokens_per_second(A100, LLAMA, work) == pytest.approx(2 / by_hand)
    long = Workload(n_prompt=10_000, n_decode=1, batch=2000, samples=2000)
    sums = 2000 * 4 * 80 * 8192 * 10_001 / A100.flops_per_second
    weights = 2 * 2000 * LLAMA.multiplied / A100.flops_per_second
    assert step_seconds(A100, LLAMA, long) == pytest.approx(sums + weights)


@pytest.mark.parametrize("samples", [1, 8])
def test_largest_batch_fits_and_one_more_prompt_does_not(samples):
    card = A100.times(4).memory_bytes
    work = Workload(n_prompt=900, n_decode=50, batch=8, samples=samples, weight_bits=8,
                    cache_bits=4)
    found = largest_batch(card, LLAMA, work)

    def needed(batch):
        full = dataclasses.replace(work, batch=batch)
        return weight_bytes(LLAMA, 8) + kv_cache_bytes(full, LLAMA)

    assert found % samples == 0
    assert needed(found) <= card < needed(found + samples)
    assert tokens_that_fit(card, LLAMA) == tokens_that_fit(card, LLAMA.parameters, 80, 8, 128)


def test_memory_of_real_cards():
    """nvidia-smi shows 81,920 MiB on an A100 of 80 GB, 7 % more than 80e9 bytes."""
    assert A100.memory_bytes == 85_899_345_920
    assert A100.times(2).memory_bytes == 2 * 85_899_345_920


@pytest.mark.parametrize(("call", "message"), [
    (lambda: Model(0), "parameters = 0 must be positive"),
    (lambda: Model(1, layers=-1), "layers = -1 is negative"),
    (lambda: Model(10, 11), "multiplied = 11 exceeds parameters = 10"),
    (lambda: Model(1, experts=2, experts_per_token=3), "experts_per_token = 3 exceeds experts"),
    (lambda: Model.named("Llama-9"), "'Llama-9' is none of Llama-3-8B"),
    (lambda: Model(1).intensity(), "cache_numbers = 0 must be positive"),
    (lambda: kv_cache_bytes(1, Model(1)), "cache_numbers = 0 must be positive"),
    (lambda: Workload(n_prompt=-1), "n_prompt = -1 is negative"),
    (lambda: Workload(samples=2), "samples = 2 exceeds batch = 1"),
    (lambda: Workload(weight_bits=0), "weight_bits = 0 must be positive"),
    (lambda: Device.named("A99"), "'A99' is none of A100-80GB"),
    (lambda: flops_per_token(LLAMA, layers=3), "layers and width are the Model's own"),
    (lambda: trial_flops(LLAMA, Workload(), 3), "n_decode = 3 beside a Workload"),
    (lambda: kv_cache_bytes(1, LLAMA, 8), "kv_heads and head_dim are the Model's own"),
    (lambda: kv_cache_bytes(1, 80), "give all three, or a Model"),
    (lambda: kv_cache_bytes(Workload(), LLAMA, batch=2), "are the Workload's own"),
    (lambda: step_seconds(A100, 7e9, Workload()), "a Workload needs a Model"),
])
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()
