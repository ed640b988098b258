"""Temperatures and revisions of our own models: tables that agree with what is known otherwise."""
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scaling_utils import load


@pytest.fixture(scope="module")
def publish():
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from experiments.chain_lm import publish

    yield publish
    sys.path.pop(0)


def test_temperature_one_agrees_with_the_first_execution():
    rates = [(g.n_correct.sum() / g.n_samples.sum()).rename("rate") for g in (
        load(name).query(which).groupby(["run", "model"]) for name, which in (
            ("chain_temperatures", "temperature == 1"), ("chain_counts", "run >= 0")))]
    off = (rates[0] - rates[1]).dropna()
    assert len(off) == 6 and off.abs().max() < 6.5e-4


def test_warmer_samples_are_less_often_right_and_more_different():
    table = load("chain_temperatures").groupby(["model", "temperature"]).mean(numeric_only=True)
    for _, part in table.groupby("model"):
        assert (np.diff(part.n_correct) < 0).all() and (np.diff(part.n_different) > 0).all()


def test_new_samples_do_not_depend_on_their_place():
    parallel = load("chain_revisions").query("kind == 'parallel'")
    for _, part in parallel.groupby("model"):
        by_problem = part.pivot(index="problem", columns="attempt", values="n_correct")
        p = by_problem.to_numpy().mean(axis=1) / 32
        spread = np.sqrt((32 * p * (1 - p)).sum())
        z = (by_problem.sum() - by_problem.sum().mean()) / spread
        assert abs((z**2).sum() / 15 - 1) < 4 * np.sqrt(2 / 15)


def test_chains_of_every_kind_start_alike_and_never_lose_what_they_had():
    table = load("chain_revisions")
    first = table[table.attempt == 1].groupby(["model", "kind"]).n_correct.sum() / 8192
    for _, part in first.groupby("model"):
        assert part.max() - part.min() < 4 * np.sqrt(2 * 0.25 / 8192)
    ever = table.pivot(index=["model", "kind", "problem"], columns="attempt", values="n_ever")
    assert (np.diff(ever, axis=1) >= 0).all()
    assert (table.n_correct <= table.n_ever).all()


def test_revisions_are_counted_as_by_hand(publish, monkeypatch):
    monkeypatch.setattr(publish, "ChainTask", type("Task", (), {"benchmark": staticmethod(
        lambda: type("One", (), {"answers": np.array([7])})())}))
    answers = np.array([[[7, 5, 5], [5, 7, 7]]])  # one problem, two chains, three attempts
    table = publish.revisions({"64x2.drawn": answers})
    assert table.n_correct.tolist() == [1, 1, 1]
    assert table.n_kept.tolist() == [1, 0, 1]
    assert table.n_ever.tolist() == [1, 2, 2]
    assert table.n_vote.tolist() == [1, 1, 1]  # 1 + 0; two ties of one half; 0 + 1


def test_votes_of_the_best_wrong_answer(publish, monkeypatch):
    monkeypatch.setattr(publish, "ChainTask", type("Task", (), {"benchmark": staticmethod(
        lambda: type("Two", (), {"answers": np.array([7, 8])})())}))
    key = {"run": 0, "model": "64x2", "temperature": 1.0}
    curves = pd.DataFrame([{**key, "step": 9, "problem": i} for i in (0, 1)])
    answers = pd.DataFrame([{**key, "problem": 0, "answer": a, "n_votes": v}
                            for a, v in ((7, 9), (3, 4), (2, 5), (-1, 6))])
    table = publish.temperatures(curves, answers)
    assert table.n_best_wrong.tolist() == [5, 0] and table.model[0] == "chain-64x2"
