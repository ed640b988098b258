"""What the cards of the data on resources and neighbours say of outside sources, done again."""
import numpy as np
import pytest

from scaling_utils import LAWS, fit_curve, load
from scaling_utils.resources.memory import GIB, weight_bytes

ENTRIES = 397  # latencies and memories that the guide of FasterTransformer prints


def test_thinking_tokens_are_whole_questions():
    table = load("thinking_tokens")
    plotted = table.accuracy_percent + 0.5 * (table.figure == "rejection")  # plotted too low
    np.testing.assert_allclose(plotted * table.n_problems / 100, table.n_correct, atol=0.03)
    assert set(zip(table.benchmark, table.n_problems, strict=True)) == {
        ("AIME24", 30), ("MATH500", 500), ("GPQA-Diamond", 198)}  # fmt: skip


def test_quantisation_has_one_reference_per_model():
    table = load("quantisation")
    small, large = (table.query("model == @m") for m in ("Llama-3-8B", "Llama-2-70B"))
    np.testing.assert_allclose(small.perplexity - small.perplexity_excess, 6.2316, atol=6e-5)
    np.testing.assert_allclose(100 * (large.perplexity / 3.4313 - 1), large.increase_percent,
                               atol=0.0051)
    assert small.quant.nunique() == 28 and len(large) == 13


def test_older_table_of_sizes_is_in_gib():
    table = load("llama_bits")
    shapes = load("model_shapes").set_index("model").parameters
    N = table.model.str.replace("LLaMA", "Llama-2").map(shapes)
    np.testing.assert_allclose(weight_bytes(N, table.bits) / GIB, table.size_g, rtol=0.04)
    orders = table.sort_values("bits").groupby("model").perplexity
    assert orders.apply(lambda p: (np.diff(p) < 0).all()).all()  # more bits, less perplexity


def test_fastertransformer_entries():
    table = load("fastertransformer_runs")
    ok = table.status == "ok"
    assert ok.sum() == 346 and table.latency_ms.notna().equals(ok)
    assert table.latency_ms.notna().sum() + table.memory_gb.notna().sum() + (~ok).sum() == ENTRIES
    first, second = table.query("model == 'GPT-1.3B-FT' and prompt_tokens == 128").memory_gb[:2]
    assert first > second  # the outlier is kept


def test_lmdeploy_is_a_complete_design():
    table = load("lmdeploy_throughput")
    cells = table.groupby(["model", "batch", "prompt_tokens", "output_tokens"]).size()
    lengths = table.groupby(["prompt_tokens", "output_tokens"]).ngroups
    assert (cells == 1).all() and len(cells) == 4 * 4 * 5 == len(table) and lengths == 5


@pytest.mark.parametrize("kind", ["prompt", "output"])
def test_llamacpp_speeds_are_tokens_over_seconds(kind):
    table = load("llamacpp_batches")
    tokens = table.batch * table[f"{kind}_tokens"]
    speed = table[f"{kind}_tokens_per_second"]
    np.testing.assert_allclose(tokens / table[f"{kind}_s"], speed, rtol=0.002)
    assert (table.cache_tokens == table.batch * (table.prompt_tokens + table.output_tokens)).all()


def test_jones_frontier_gives_his_constants():
    table, law = load("hex_frontier"), LAWS["board_games"]
    printed = {"m_C": 510, "m_s": -430, "c_m": -4400, "p_s": -270, "c_p": 570}
    off = table.elo - law(table.train_flops, table.boardsize, **printed)
    assert np.sqrt(np.mean(off**2)) == pytest.approx(69.2, abs=0.05)
    fit = fit_curve(law, (table.train_flops, table.boardsize), table.elo)
    best = {"m_C": 505.6, "m_s": -430.1, "c_m": -4399.0, "p_s": -268.4, "c_p": 575.0}
    assert dict(fit.values) == pytest.approx(best, abs=0.06)
    off = table.elo - fit.predict(table.train_flops, table.boardsize)
    assert np.sqrt(np.mean(off**2)) == pytest.approx(58.5, abs=0.05)


def test_jones_runs():
    table = load("hex_runs")
    each = table.groupby("boardsize").run.nunique()
    assert each.to_dict() == dict(zip(range(3, 10), (6, 15, 20, 32, 38, 40, 44), strict=True))
    grows = table.groupby(["boardsize", "run"]).train_flops.apply(lambda c: (np.diff(c) > 0).all())
    assert len(grows) == 195 and grows.all()


def test_runs_of_hoffmann_give_the_constants_of_besiroglu():
    """Huber loss on log L, five runs of fewest tokens per parameter left out: E 1.8172."""
    runs = load("hoffmann_runs")
    D = runs.training_flops / (6 * runs.parameters)
    np.testing.assert_allclose(D, runs.training_tokens, rtol=1e-5)
    kept = runs.drop((D / runs.parameters).nsmallest(5).index)
    fit = fit_curve(LAWS["training_loss"], (kept.parameters, kept.training_tokens), kept.loss,
                    space="log y", loss="huber", sigma=1e-3)
    printed = load("published_constants").set_index("key")
    for name, value in fit.values.items():
        row = printed.loc[f"besiroglu_{name}"]
        assert abs(value - row.value) < 0.1 * (row.high - row.value)
    assert round(fit.values["E"], 4) == 1.8172


def test_repeated_text_is_scored_alike_by_seeds_and_costs_little_up_to_four_readings():
    table = load("repeated_data")
    cells = table.groupby(["parameters", "tokens", "epochs"]).loss
    assert len(cells) == 35 and len(table) == 99
    seeds = cells.std().loc[2.8e9, 55e9]
    assert seeds.max() < 0.003
    mean = cells.mean().loc[2.8e9, 55e9]
    assert mean.is_monotonic_increasing and 0.015 < mean[4] - mean[1] < 0.025
