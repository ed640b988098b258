"""Paired differences of coverage, and strategies side by side."""
import numpy as np
import pandas as pd
import pytest

from scaling_utils import (
    Samples,
    all_at_k,
    best_of_n,
    coverage,
    majority_at_k,
    over_problems,
    pass_at_k,
    weighted_majority_at_k,
)
from scaling_utils.estimate.paired import paired_coverage, shared, usual_k
from scaling_utils.estimate.strategies import strategies


def two(rng, n_problems=80, n=10, gap=1.0):
    """Two runs on the same problems, the second's rates a power of the first's."""
    q = rng.beta(0.8, 1.5, n_problems)
    return {"a": Samples.from_counts(n, rng.binomial(n, q)),
            "b": Samples.from_counts(n, rng.binomial(n, q**gap))}


def test_difference_is_that_of_the_curves_and_band_is_that_of_problems():
    runs = two(np.random.default_rng(1), gap=2.0)
    (pair,) = paired_coverage(runs, [1, 4], rng=7, level=0.9, n_resamples=400)
    curves = [coverage(samples, [1, 4]) for samples in runs.values()]
    assert np.allclose(pair.coverage, curves, atol=1e-12)
    assert np.allclose(pair.difference, curves[0] - curves[1], atol=1e-12)
    direct = over_problems(
        pass_at_k(runs["a"], [1, 4]), paired=pass_at_k(runs["b"], [1, 4]), rng=7, level=0.9,
        n_resamples=400, simultaneous=True)
    assert np.allclose([pair.low, pair.high], direct.ends, atol=1e-12)


def test_problems_are_matched_by_name():
    runs = two(np.random.default_rng(2))
    turned = runs | {"b": runs["b"].take(np.arange(len(runs["b"]))[::-1])}
    (one,), (other,) = paired_coverage(runs, 3), paired_coverage(turned, 3)
    assert (one.difference, one.low, one.high) == (other.difference, other.low, other.high)


def test_one_band_for_all_pairs_is_wider_than_for_one():
    rng = np.random.default_rng(3)
    runs = two(rng) | {"c": two(rng)["a"]}
    alone = paired_coverage({name: runs[name] for name in "ab"}, rng=0)[0]
    among = paired_coverage(runs, rng=0)
    assert [(pair.first, pair.second) for pair in among] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert np.all(among[0].high - among[0].low >= alone.high - alone.low)


def test_curves_that_cross_are_ahead_on_either_side():
    early = Samples.from_counts(10, [10] * 50 + [0] * 50)  # sure of half, never the rest
    late = Samples.from_counts(10, [2] * 95 + [0] * 5)
    (pair,) = paired_coverage({"early": early, "late": late}, [1, 3, 10])
    assert pair.ahead.tolist() == [1, 0, -1]
    assert pair.may_cross.tolist() == [3] and not pair.tied
    assert pair.table().ahead.tolist() == ["early", "neither", "late"]
    assert list(pair.table()) == ["first", "second", "k", "coverage_first", "coverage_second",
                                  "difference", "low", "high", "ahead"]
    assert set(pair.table().first) == {"early"} and set(pair.table().second) == {"late"}


def test_equal_runs_are_tied_and_no_interval_is_a_point():
    (pair,) = paired_coverage({name: Samples.from_counts(4, [0, 1, 2, 4]) for name in "ab"})
    assert pair.tied and np.all(pair.difference == 0) and np.all(pair.high > pair.low)


def test_band_holds_all_differences_at_once():
    """Worlds in which both runs have the same rates: zero lies inside at every k."""
    rng, held, draws = np.random.default_rng(4), 0, 60
    for _ in range(draws):
        (pair,) = paired_coverage(two(rng, 80), [1, 3, 10], n_resamples=200, level=0.9, rng=rng)
        held += pair.tied
    assert held / draws >= 0.9 - 3 * np.sqrt(0.09 / draws)


@pytest.mark.parametrize("runs, told", [
    ({"a": Samples.from_counts(4, [1, 2])}, "give two or more"),
    ({"a": Samples.from_counts(4, [1, 2]), "b": Samples.from_counts(4, [1, 2, 3])}, "shared"),
    ({"a": Samples.from_counts(4, [1, 2]),
      "b": Samples.from_counts([1, 2], [1, 1], design="first_success")}, "first success"),
])
def test_refusals_of_comparisons(runs, told):
    with pytest.raises(ValueError, match=told):
        paired_coverage(runs)


def test_k_beyond_the_shorter_run_is_refused():
    runs = {"a": Samples.from_counts(9, [1, 2]), "b": Samples.from_counts(4, [1, 2])}
    with pytest.raises(ValueError, match="exceeds"):
        paired_coverage(runs, 5)


def test_shared_problems_stand_in_the_order_of_the_first():
    runs = {"a": Samples.from_counts(4, [1, 2, 3, 4], problem=["w", "x", "y", "z"]),
            "b": Samples.from_counts(9, [7, 8, 5, 6], problem=["z", "v", "x", "w"])}
    found = shared(runs)
    assert {name: own.problem.tolist() for name, own in found.items()} == {
        "a": ["w", "x", "z"], "b": ["w", "x", "z"]}
    assert found["a"].n_correct.tolist() == [1, 2, 4] and found["b"].n_correct.tolist() == [6, 5, 7]
    two_left = shared(runs | {"b": runs["b"].take([1, 2, 3])})
    assert two_left["b"].problem.tolist() == ["w", "x"]


def test_shared_needs_two_problems():
    runs = {"a": Samples.from_counts(4, [1, 2], problem=["x", "y"]),
            "b": Samples.from_counts(4, [1, 2], problem=["y", "z"])}
    with pytest.raises(ValueError, match="1 problems are in all"):
        shared(runs)


@pytest.mark.parametrize("most, last", [(1, [1]), (2, [1, 2]), (7, [1, 2, 5, 7])])
def test_usual_k(most, last):
    assert usual_k(most).tolist() == last


@pytest.fixture
def samples():
    """Ten problems of six samples with answers and scores."""
    rng = np.random.default_rng(6)
    correct = rng.integers(0, 2, 60)
    return Samples.from_rows(pd.DataFrame({
        "problem": np.repeat(np.arange(10), 6), "correct": correct, "score": rng.random(60),
        "answer": np.where(correct == 1, "yes", rng.choice(["no", "maybe"], 60))}))


def test_strategies_are_those_of_direct_calls(samples):
    found = strategies(samples, [1, 3], rng=2)
    direct = {"coverage (oracle)": pass_at_k, "majority": majority_at_k, "best of n": best_of_n,
              "weighted majority": weighted_majority_at_k, "all correct (pass^k)": all_at_k}
    assert found.missing == {}
    for name, own in found.table.groupby("strategy"):
        assert np.allclose(own.accuracy, direct[name](samples, [1, 3]).mean(axis=0), atol=1e-12)
        ends = over_problems(direct[name](samples, [1, 3]), rng=2).ends
        assert np.allclose([own.low, own.high], ends)


def test_what_one_strategy_refuses_is_told_and_the_rest_stands(samples):
    frame = samples.to_frame().assign(answer="same")  # one answer, graded both ways
    found = strategies(Samples.from_rows(frame), 2)
    assert set(found.missing) == {"majority", "weighted majority"}
    assert set(found.table.strategy) == {"coverage (oracle)", "best of n", "all correct (pass^k)"}
    bare = strategies(Samples.from_counts(4, [0, 1, 2, 4]), 2)  # no answers and no scores
    assert set(bare.table.strategy) == {"coverage (oracle)", "all correct (pass^k)"}
    assert set(bare.missing) == {"majority", "weighted majority", "best of n"}


def test_strategies_refuse_more_samples_than_were_drawn(samples):
    with pytest.raises(ValueError, match="k"):
        strategies(samples, 7)


def test_strategies_hand_on_what_intervals_are_made_with(samples):
    options = dict(level=0.6, n_resamples=300, rng=3)
    own = strategies(samples, 3, **options).table.set_index("strategy")
    for name, function in (("majority", majority_at_k), ("best of n", best_of_n)):
        ends = over_problems(function(samples, 3), **options).ends
        assert own.loc[name, ["low", "high"]].tolist() == pytest.approx(ends.tolist(), rel=1e-12)


@pytest.mark.parametrize("progress", [True, False])
def test_a_bar_shows_where_it_is_asked_for(samples, progress, capsys):
    strategies(samples, 1, n_resamples=40, progress=progress)
    assert ("strategies" in capsys.readouterr().err) is progress


def test_strategies_refuse_samples_drawn_until_a_success_by_name():
    stopped = Samples.from_counts([3, 2], [1, 1], design="first_success")
    with pytest.raises(ValueError, match="strategies: these samples were drawn until a first"):
        strategies(stopped, 1)


def test_table_names_who_is_ahead_and_a_band_ends_at_one():
    """Every problem is solved by one run alone: no difference is larger."""
    all_but_one = Samples.from_counts(4, [4] * 30 + [1])
    none = Samples.from_counts(4, [0] * 31)
    (pair,) = paired_coverage({"good": all_but_one, "bad": none}, [1, 4], n_resamples=200)
    (back,) = paired_coverage({"bad": none, "good": all_but_one}, [1, 4], n_resamples=200)
    assert pair.table().ahead.tolist() == back.table().ahead.tolist() == ["good", "good"]
    assert pair.high.max() <= 1 and back.low.min() >= -1
    (even,) = paired_coverage({"one": none, "two": none}, [1], n_resamples=200)
    assert even.table().ahead.tolist() == ["neither"]
