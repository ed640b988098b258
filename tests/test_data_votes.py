"""What the cards of the vote data say of outside sources, done again."""
import numpy as np
import pytest

from scaling_utils import best_of_n, load
from scaling_utils.datasets import names


def sizes(table):
    """Parameters of the model of each row, as its name says."""
    return 1e9 * table.model.map({name: m["billions"] for name, m in names("models").items()})


def test_tokens_per_solution_are_constant():
    """FLOPs / (2 N n), within the rounding of the printed digits."""
    table = load("wu_tables").query("table == '4' and method == 'sampling'")
    tokens = table.flops / (2 * sizes(table) * table.n_samples)
    for (benchmark, model), rows in tokens.groupby([table.benchmark, table.model]):
        want = {"MATH500": 280, "GSM8K-test": 165}[benchmark]
        assert np.ptp(rows) == 0
        if model.startswith("Llemma"):
            assert rows.iloc[0] == pytest.approx(want, abs=0.3)


def test_figure_and_tables_agree_but_for_five_points():
    keys = ["benchmark", "aggregation", "model", "method", "n_samples"]
    printed = load("wu_tables").dropna(subset="flops").drop_duplicates(keys)
    both = load("wu_curves").merge(printed, on=keys, suffixes=("_read", ""))
    assert len(both) == 15
    assert np.abs(both.flops_read / both.flops - 1).max() < 0.006
    gap = np.abs(100 - both.error_percent - both.accuracy_percent)
    far = both[gap > 0.06]
    assert len(far) == 5 and (far.aggregation == "weighted_majority").all()
    assert sorted(far.model.value_counts().to_dict().items()) == [
        ("Llemma-34B-MetaMath", 4), ("Llemma-7B-MetaMath", 1)]  # fmt: skip


def test_candidates_of_a_task():
    table = load("humanevalplus_scores")
    assert (table.groupby(["model", "task"]).n_candidates.sum() == 100).all()
    for model, single, best in (("Llama-3-8B-CodeRM", 0.5358, 0.7189),
                                ("Llama-3-70B-CodeRM", 0.7374, 0.7869)):
        rows = table[table.model == model]
        each = rows.loc[rows.index.repeat(rows.n_candidates)].sort_values("task")
        scores, correct = (each[c].to_numpy().reshape(164, 100) for c in ("score", "correct"))
        assert best_of_n(scores, correct, 1).mean() == pytest.approx(single, abs=5e-5)
        assert best_of_n(scores, correct, 100).mean() == pytest.approx(best, abs=5e-5)


def test_runs_and_votes_belong_together():
    runs, votes = load("epoch_runs"), load("epoch_votes")
    assert runs.run.is_unique and set(votes.run) == set(runs.run)
    assert not votes.duplicated(["run", "problem", "answer_code"]).any()
    by_run = votes.groupby("run")
    np.testing.assert_array_equal(by_run.n_votes.sum(), runs.n_votes_all)
    np.testing.assert_array_equal(by_run.problem.nunique(), runs.n_problems_all)
    right = votes[votes.answer_code == 0].groupby("run").n_votes.sum().reindex(runs.run).fillna(0)
    np.testing.assert_allclose(right / runs.n_votes_all, runs.accuracy_all, atol=6e-5)
    lost = votes[votes.answer_code == -1].groupby("run").n_votes.sum()
    np.testing.assert_array_equal(lost.reindex(runs.run).fillna(0), runs.n_unreadable)


def test_ends_of_the_published_vote_curves():
    curves = load("vote_curves")
    plateau = curves[curves.k == 1024].set_index("model").accuracy
    assert plateau["Llama-3-8B-Instruct"] == pytest.approx(0.8728, abs=5e-5)
    assert plateau["Llama-3-70B-Instruct"] == pytest.approx(0.9685, abs=5e-5)
    chen = curves[curves.source == "Chen et al. 2024"]
    assert chen.groupby(["benchmark", "system"]).size().eq(20).all() and len(chen) == 160
    assert (chen.exclude != "").sum() == 5
    tables = curves[curves.source.str.contains("able")]
    ends = tables.sort_values("k").groupby(["benchmark", "model"]).accuracy.agg(["first", "last"])
    assert len(ends) == 22 and (ends["last"] > ends["first"]).all()
