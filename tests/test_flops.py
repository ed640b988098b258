"""Cost functions against explicit sums, their inverse, their limits; prices and shapes."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaling_utils import LAWS, load
from scaling_utils.resources.flops import (
    flops_per_token,
    prompt_flops,
    samples_for_flops,
    total_flops,
    trial_flops,
)

SHAPE = dict(layers=80, width=8192)
MODEL = 70_553_706_496
FUNCTIONS = {
    flops_per_token: (MODEL,), prompt_flops: (MODEL, 5), trial_flops: (MODEL, 5, 7),
    total_flops: (3, MODEL, 5, 7), samples_for_flops: (1e15, MODEL, 5, 7),
}  # fmt: skip
tokens = st.integers(1, 300)
each_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)


def printed_total(P, L, d, n_prompt, n_decode, k):
    """Brown et al., section 2.3, as printed: integer sums over the tokens."""
    def per_token(context):
        return 2 * (P + 2 * L * d * context)

    prompt = sum(per_token(t) for t in range(1, n_prompt + 1))
    return prompt + k * sum(per_token(t + n_prompt) for t in range(1, n_decode + 1))


@given(n_prompt=st.integers(0, 300), n_decode=tokens, k=st.integers(0, 10_000))
def test_total_equals_the_printed_sums(n_prompt, n_decode, k):
    exact = printed_total(MODEL, 80, 8192, n_prompt, n_decode, k)
    assert total_flops(k, MODEL, n_prompt, n_decode, **SHAPE) == pytest.approx(exact, rel=1e-14)
    plain = printed_total(MODEL, 0, 0, n_prompt, n_decode, k)
    assert total_flops(k, MODEL, n_prompt, n_decode) == pytest.approx(plain, rel=1e-14)


@given(n_prompt=tokens, n_decode=tokens, k=st.floats(0, 1e6))
def test_inverse(n_prompt, n_decode, k):
    cost = total_flops(k, MODEL, n_prompt, n_decode, **SHAPE)
    back = samples_for_flops(cost, MODEL, n_prompt, n_decode, **SHAPE)
    rounding = 4e-16 * (k + n_prompt / n_decode + 1)  # of a sum of prompt and trials
    assert back == pytest.approx(k, abs=rounding, rel=1e-14)


def test_the_prompt_is_paid_once():
    one, two, three = total_flops([1, 2, 3], MODEL, 100, 10, **SHAPE)
    assert three - two == two - one == trial_flops(MODEL, 100, 10, **SHAPE)
    assert one - trial_flops(MODEL, 100, 10, **SHAPE) == prompt_flops(MODEL, 100, **SHAPE)
    assert total_flops(0, MODEL, 100, 10) == prompt_flops(MODEL, 100)


def test_a_longer_answer_continues_the_prompt():
    """Reading m + n tokens costs what reading m and decoding n costs."""
    whole = prompt_flops(MODEL, 130, **SHAPE)
    assert whole == prompt_flops(MODEL, 100, **SHAPE) + trial_flops(MODEL, 100, 30, **SHAPE)


def test_no_prompt_and_no_attention():
    assert prompt_flops(MODEL, 0) == 0
    assert trial_flops(MODEL, 0, 1) == flops_per_token(MODEL) == 2 * MODEL
    assert trial_flops(MODEL, 8, 1, **SHAPE) == flops_per_token(MODEL, 9, **SHAPE)


def test_arguments_broadcast():
    k, size = np.arange(1, 5), np.array([[8e9], [70e9]])
    cost = total_flops(k, size, 100, 50, layers=[[32], [80]], width=[[4096], [8192]])
    assert cost.shape == (2, 4)
    assert cost[1, 2] == total_flops(3, 70e9, 100, 50, layers=80, width=8192)
    assert samples_for_flops(cost, size, 100, 50, layers=[[32], [80]],
                             width=[[4096], [8192]]) == pytest.approx(np.tile(k, (2, 1)))


@each_function
@pytest.mark.parametrize("bad, why", [
    (-1, "negative"), (np.nan, "not a finite"), (np.inf, "not a finite"), ("x", "numbers"),
    ([3, -2], r"\[1\] = -2 is negative"),
])  # fmt: skip
def test_impossible_numbers_are_named(function, bad, why):
    for place in range(len(FUNCTIONS[function])):
        arguments = list(FUNCTIONS[function])
        arguments[place] = bad
        with pytest.raises(ValueError, match=why):
            function(*arguments)
    with pytest.raises(ValueError, match=why):
        function(*FUNCTIONS[function], layers=bad, width=5)


@each_function
def test_no_parameters(function):
    arguments = [0 if value == MODEL else value for value in FUNCTIONS[function]]
    with pytest.raises(ValueError, match="parameters = 0 must be positive"):
        function(*arguments)


@each_function
@pytest.mark.parametrize("half", [dict(layers=32), dict(width=4096), dict(layers=[1, 0], width=1)])
def test_layers_and_width_go_together(function, half):
    with pytest.raises(ValueError, match="go together"):
        function(*FUNCTIONS[function], **half)


def test_a_trial_decodes_something():
    with pytest.raises(ValueError, match="n_decode = 0 must be positive"):
        trial_flops(MODEL, 5, 0)


def test_a_budget_pays_for_the_prompt():
    prompt = prompt_flops(MODEL, 5)
    assert samples_for_flops(prompt, MODEL, 5, 7) == 0
    with pytest.raises(ValueError, match=r"flops\[1\] = .* does not pay for reading the prompt"):
        samples_for_flops([prompt, 0.99 * prompt], MODEL, 5, 7)


def test_law_of_cost_is_the_law_of_loss_at_the_inverse():
    shape = (MODEL, 700, 200)
    cost = np.geomspace(3e14, 1e18, 20)
    k = samples_for_flops(cost, *shape, **SHAPE)
    loss = LAWS["inference_cost"](cost, prompt_flops(MODEL, 700, **SHAPE),
                                  trial_flops(*shape, **SHAPE), alpha=0.9, beta=0.35)
    assert loss == pytest.approx(LAWS["inference_loss"](k, alpha=0.9, beta=0.35), rel=1e-12)


def test_shapes_add_up_to_the_parameters():
    for row in load("model_shapes").itertuples():
        keys = row.key_value_heads * row.width // row.heads
        attention = 2 * row.width * (row.width + keys)
        layer = attention + 3 * row.width * row.feed_forward + 2 * row.width
        ends = 2 * row.vocabulary * row.width + row.width
        assert row.layers * layer + ends == row.parameters, row.model


def test_prices_add_up_and_stand_in_the_published_constants():
    table = load("api_prices")
    total = table.usd_per_attempt * table.attempts * 300
    np.testing.assert_allclose(total, table.usd_total, rtol=1e-12)
    np.testing.assert_array_equal((total / total[0]).round(1), table.relative_cost)
    constants = load("published_constants").set_index("key").value
    columns = {"usd_per_attempt": "cost_per_attempt", "solved_percent": "issues_solved",
               "usd_total": "total_cost"}  # fmt: skip
    models = ["deepseekcoderv2instruct", "gpt4o", "claude3p5sonnet"]
    for column, end in columns.items():
        assert table[column].tolist() == [constants[f"brown_swebench_{m}_{end}"] for m in models]
