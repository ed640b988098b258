"""What the cards of the vote data say of outside sources, done again."""
import numpy as np
import pytest

from scaling_utils import best_of_n, load
from scaling_utils.data.datasets import names

MARKER = ["benchmark", "aggregation", "model", "method", "n_samples"]
TOKENS = {  # per solution, as the card of wu_tables says
    "Llemma-7B-MetaMath": (279.9, 165.0), "Llemma-34B-MetaMath": (280.0, 164.9),
    "Mistral-7B-Wu": (243.8, 162.1), "Llama-3-8B-Instruct": (240.0, 143.0),
}  # fmt: skip
DISAGREE = {  # benchmark, model, method, samples: figure minus table, in points of accuracy
    ("MATH500", "Llemma-34B-MetaMath", "sampling", 8): 1.00,
    ("MATH500", "Llemma-34B-MetaMath", "REBASE", 8): 0.71,
    ("GSM8K-test", "Llemma-34B-MetaMath", "sampling", 8): 0.50,
    ("GSM8K-test", "Llemma-34B-MetaMath", "REBASE", 8): 0.32,
    ("MATH500", "Llemma-7B-MetaMath", "sampling", 32): 0.31,
}


def tokens(table):
    """FLOPs / (2 N n), the parameters N as the name of the model says."""
    billions = table.model.map({name: m["billions"] for name, m in names("models").items()})
    return table.flops / (2e9 * billions * table.n_samples)


def candidates(model):
    """Scores and truth of single programs, each of shape (tasks, 100)."""
    table = load("humanevalplus_scores").query("model == @model")
    each = table.loc[table.index.repeat(table.n_candidates)].sort_values("task", kind="stable")
    return [each[column].to_numpy().reshape(164, 100) for column in ("score", "correct")]


def votes_for(code):
    """Votes for one answer code in each run, in the order of the runs."""
    votes = load("epoch_votes").query("answer_code == @code").groupby("run").n_votes.sum()
    return votes.reindex(load("epoch_runs").run, fill_value=0).to_numpy()


@pytest.mark.parametrize("model", TOKENS)
def test_tokens_per_solution_are_constant(model):
    table = load("wu_tables").query("model == @model and method != 'REBASE'").dropna(subset="flops")
    want = table.benchmark.map(dict(zip(("MATH500", "GSM8K-test"), TOKENS[model], strict=True)))
    ratio = tokens(table) / want
    at_32 = (table.table == "4") & (table.method == "sampling")
    np.testing.assert_allclose(ratio[at_32], 1, atol=4e-4)
    np.testing.assert_allclose(ratio[~at_32], 1, atol=0.0145)  # two digits of FLOPs


def test_programs_of_one_length_and_dearer_trees():
    table = load("wu_tables")
    programs = table.query("table == '3' and method == 'sampling'")
    np.testing.assert_allclose(programs.flops / programs.n_samples, 1e12)
    wide = table.query("table == '4'").pivot(
        index=["benchmark", "model", "aggregation"], columns="method", values="flops").dropna(
        subset="REBASE")  # fmt: skip
    cost = table.query("table == '4'").groupby(["benchmark", "model", "method"]).flops.nunique()
    assert (cost == 1).all()  # whatever the aggregation
    ratio = wide.REBASE / wide.sampling
    assert round(ratio.min(), 2) == 1.08 and round(ratio.max(), 2) == 1.41


def test_figure_and_tables_agree_but_for_five_points():
    printed = load("wu_tables").dropna(subset="flops").drop_duplicates(MARKER)
    both = load("wu_curves").merge(printed, on=MARKER, suffixes=("_read", ""))
    assert len(both) == 15
    np.testing.assert_allclose(both.flops_read, both.flops, rtol=0.006)
    both["gap"] = 100 - both.error_percent - both.accuracy_percent
    far = both[both.gap.abs() > 0.05]
    assert set(far.aggregation) == {"weighted_majority"}
    gaps = far.set_index(["benchmark", "model", "method", "n_samples"]).gap.to_dict()
    assert gaps == pytest.approx(DISAGREE, abs=1e-9)


def test_tables_that_print_a_point_twice_agree():
    shared = load("wu_tables").dropna(subset="flops").groupby(MARKER)
    twice = shared.filter(lambda rows: len(rows) == 2)
    assert len(twice) == 4 and set(twice.model) == {"Mistral-7B-Wu", "Llemma-7B-MetaMath"}
    assert (twice.groupby(MARKER).accuracy_percent.nunique() == 1).all()
    assert shared.size().max() == 2


def test_markers_of_small_models_have_one_length():
    curves = load("wu_curves").query("visibility == 'clear' and model.str.startswith('Pythia')")
    length = tokens(curves)
    assert length.size == 77 and length.between(159.6, 165.2).all()
    assert (round(length.mean(), 1), round(length.std(), 1)) == (162.2, 0.7)


def test_hidden_markers_repeat_the_tree_search():
    curves = load("wu_curves").query("n_samples == 1 and model.str.startswith('Llemma')")
    wide = curves.pivot(index=["benchmark", "aggregation", "model"], columns="method",
                        values="error_percent")  # fmt: skip
    hidden = curves[curves.visibility == "hidden_same_as_REBASE_N1"]
    assert len(wide) == len(hidden) == 6 and set(hidden.method) == {"sampling"}
    np.testing.assert_array_equal(wide.sampling, wide.REBASE)


@pytest.mark.parametrize("model, single, best, printed, none, every", [
    ("Llama-3-8B-CodeRM", 0.5358, 0.7189, 0.7201, 28, 19),
    ("Llama-3-70B-CodeRM", 0.7374, 0.7869, 0.7869, 26, 94),
])  # fmt: skip
def test_candidates_of_a_task(model, single, best, printed, none, every):
    table = load("humanevalplus_scores").query("model == @model")
    sums = table.groupby("task").n_candidates.sum()
    assert sums.index.tolist() == list(range(164)) and (sums == 100).all()
    np.testing.assert_allclose(100 * table.score, np.round(100 * table.score), atol=1e-9)
    scores, correct = candidates(model)
    assert correct.mean() == pytest.approx(single, abs=5e-5)
    of_100 = best_of_n(scores, correct, 100).mean()
    assert of_100 == pytest.approx(best, abs=5e-5)
    assert of_100 == pytest.approx(printed, abs=0.00125)
    solved = correct.sum(axis=1)
    assert ((solved == 0).sum(), (solved == 100).sum()) == (none, every)


def test_runs_and_votes_belong_together():
    runs, votes = load("epoch_runs"), load("epoch_votes")
    assert runs.run.is_unique and set(votes.run) == set(runs.run)
    by_run = votes.groupby("run")
    np.testing.assert_array_equal(by_run.n_votes.sum(), runs.n_votes_all)
    np.testing.assert_array_equal(by_run.problem.nunique(), runs.n_problems_all)
    readable = votes.query("answer_code >= 0").groupby("run")
    np.testing.assert_array_equal(readable.problem.nunique(), runs.n_problems)
    np.testing.assert_array_equal(votes_for(-1), runs.n_unreadable)
    size = runs.benchmark.map({"GPQA-Diamond": 198, "OTIS-Mock-AIME-24-25": 45})
    assert (by_run.problem.max().to_numpy() < size).all()
    assert runs.run[runs.n_problems_all < size].tolist() == [41, 86, 98, 110]


def test_accuracy_is_the_share_of_correct_votes():
    runs, right = load("epoch_runs"), votes_for(0)
    np.testing.assert_allclose(right / runs.n_votes_all, runs.accuracy_all, atol=6e-5)
    np.testing.assert_allclose(
        right / (runs.n_votes_all - runs.n_unreadable), runs.accuracy, atol=6e-5)
    gap = runs.accuracy - runs.accuracy_all
    assert runs.run[gap.idxmax()] == 121 and gap.max() == pytest.approx(0.0639, abs=5e-5)
    assert (gap > 0.01).sum() == 17 and (runs.accuracy_all == 1).sum() == 3


def test_how_many_votes_there_are():
    votes, runs = load("epoch_votes"), load("epoch_runs")
    assert (votes.n_votes.sum(), votes.run.nunique()) == (110_850, 123)
    lost = votes[votes.answer_code == -1]
    assert (lost.n_votes.sum(), lost.run.nunique()) == (1041, 83)
    drawn = votes.groupby(["run", "problem"]).n_votes.sum()
    nominal = drawn.groupby("run").transform("max")
    assert set(nominal) == {4, 8, 16} and ((drawn < nominal).sum(), drawn.size) == (50, 12_107)
    assert ((runs.n_votes_all - runs.n_unreadable) / runs.n_votes_all).min() > 0.9


@pytest.mark.parametrize("model, first, last", [
    ("Llama-3-8B-Instruct", 0.7588, 0.8728), ("Llama-3-70B-Instruct", 0.9257, 0.9685)
])  # fmt: skip
def test_ends_of_the_curves_on_gsm8k(model, first, last):
    curve = load("vote_curves").query("benchmark == 'GSM8K' and model == @model").sort_values("k")
    assert curve.k.tolist() == [2**j for j in range(11)]
    ends = curve.accuracy.iloc[[0, -1]].tolist()
    assert ends == pytest.approx([first, last], abs=5e-5)
    drawn = curve.accuracy * 127 * 400
    np.testing.assert_allclose(drawn, np.round(drawn), atol=1e-6)
    counts = load("monkeys_counts").query("benchmark == 'GSM8K' and model == @model")
    rate = counts.n_correct / counts.n_samples
    assert ends[0] == pytest.approx(rate.mean(), abs=0.01)
    assert ends[1] >= (rate > 0.5).mean() - 1e-9


def test_curves_of_chen_et_al():
    chen = load("vote_curves").query("source == 'Chen et al. 2024'")
    grids = chen.groupby(["benchmark", "system"]).k.agg(tuple)
    assert len(grids) == 8 and grids.nunique() == 1
    assert len(grids.iloc[0]) == 20 and (grids.iloc[0][0], grids.iloc[0][-1]) == (2, 1000)
    hidden = chen[chen.exclude == "marker hidden"]
    assert set(hidden.system) == {"vote"}
    assert sorted(hidden.k) == [2, 2, 2, 2, 3] and hidden.benchmark.nunique() == 4
    plain = chen[(chen.system == "vote") & (chen.exclude == "")].sort_values("k")
    falls = plain.groupby("benchmark").accuracy.agg(lambda curve: curve.max() - curve.iloc[-1])
    assert falls.pop("TruthfulQA") < 0.001
    assert len(falls) == 3 and falls.between(0.008, 0.014).all()


def test_pairs_of_older_tables():
    curves = load("vote_curves")
    tables = curves[curves.source.str.contains("able") & (curves.exclude == "")]
    ends = tables.sort_values("k").groupby(["benchmark", "model"]).accuracy.agg(
        ["size", "first", "last"])  # fmt: skip
    assert len(ends) == 22 and (ends["size"] == 2).all() and (ends["last"] > ends["first"]).all()


def test_both_disagreeing_numbers_are_kept():
    curves = load("vote_curves")
    both = curves.query("model == 'Minerva-540B' and benchmark == 'GSM8K-test' and k == 1")
    assert both.accuracy.tolist() == [0.588, 0.685] and both.source.nunique() == 2
    assert both.exclude.tolist() == ["", "disagrees with another source"]
    vote_62b = curves.query("model == 'Minerva-62B' and benchmark == 'GSM8K-test' and k > 1")
    assert vote_62b.accuracy.tolist() == [0.685]
