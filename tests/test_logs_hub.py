"""Public logs: by a stand-in for the hub's client, and from the hub itself if asked."""
import os
import sys
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from scaling_utils import Samples, load
from scaling_utils.data.logs import hub

NAME = "MATH, Pythia-12B"


def parquet(path, frame):
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as con:
        con.register("frame", frame)
        con.execute(f"COPY frame TO '{path}' (FORMAT parquet)")
    return str(path)


def client(monkeypatch, names, path=None, error=None):
    """Put a client in place that lists these names and gives this file for each."""
    module = ModuleType("huggingface_hub")
    asked = []

    def list_repo_files(repository, repo_type, revision):
        assert revision == hub.BRANCH
        if error:
            raise error
        return names

    def hf_hub_download(repository, name, repo_type, revision):
        asked.append((repository, name, repo_type))
        return path

    module.list_repo_files, module.hf_hub_download = list_repo_files, hf_hub_download
    monkeypatch.setitem(sys.modules, "huggingface_hub", module)
    return asked


def test_a_run_is_the_files_that_bear_its_name(tmp_path, monkeypatch):
    frame = pd.DataFrame({"question": "?", "orig_dset_idx": [7, 3], "samples": [["a", "b"]] * 2,
                          "is_corrects": [[True, False], [False, False]]})
    path = parquet(tmp_path / "part", frame)
    asked = client(monkeypatch, ["README.md", "MATH_Pythia-1B/test-0.parquet",
                                 "MATH_Pythia-12B/test-0.parquet"], path)
    log = hub.fetch(NAME)
    assert asked == [(hub.MONKEYS, "MATH_Pythia-12B/test-0.parquet", "dataset")]
    assert log.name == NAME and log.samples.problem.tolist() == ["3", "7"]
    assert hub.checksum(log.samples) == hub.checksum(Samples.from_counts(2, [0, 1]))
    assert hub.fetch(NAME, folder=path).samples == log.samples


def test_searches_have_answers_and_scores(tmp_path, monkeypatch):
    frame = pd.DataFrame({"problem": ["?"], "answer": ["4"], "unique_id": ["test/1.json"],
                          "completions": [[r"\boxed{4}", r"\boxed{5}"]],
                          "scores": [[[.1, .9], []]], "completion_tokens": [-1]})
    path = parquet(tmp_path / "part", frame)
    names = [f"MATH-500--n-{n}--m-4--seed-{seed}--agg/train/0000.parquet"
             for n in (1024, 256) for seed in (0, 3)]
    asked = client(monkeypatch, names, path)
    log = hub.fetch("MATH-500, beam search, seed 3")
    assert [name for _, name, _ in asked] == [names[-1]]
    assert (log.excluded[0].n, log.excluded[0].reason[:6]) == (1, "scores")
    assert log.answers["score"].tolist() == [.9, -np.inf] and log.samples.n_correct.tolist() == [1]


@pytest.mark.parametrize("names, error, message", [
    ([], None, "no Parquet file with MATH_Pythia-12B/"),
    ([], OSError("no route"), r"hub cannot be reached \(OSError\); download the files")])
def test_without_files_or_network_the_message_says_what_to_do(monkeypatch, names, error, message):
    client(monkeypatch, names, error=error)
    with pytest.raises(ValueError, match=message):
        hub.fetch(NAME)
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ValueError, match="pip install huggingface_hub"):
        hub.fetch(NAME)
    with pytest.raises(ValueError, match="no public run 'MATH'"):
        hub.fetch("MATH")


@pytest.mark.slow
def test_what_is_expected_comes_from_our_own_data():
    runs = [name for name in hub.available() if name.count(",") == 1]
    assert len(runs) == 18 and len(hub.available()) == 33
    counts = load("monkeys_counts")
    assert sum(len(hub.expected(name)) for name in runs) == len(counts)
    assert sum(hub.expected(name).sum() for name in runs) == counts["n_correct"].sum()
    assert all(hub.expected(name)["n_solved"] <= 500 for name in hub.available()
               if name not in runs)


@pytest.mark.slow
@pytest.mark.skipif("SCALING_HUB" not in os.environ,
                    reason="set SCALING_HUB=1 to download public runs, some gigabytes")
def test_the_hub_gives_the_counts_of_our_data():
    log = hub.fetch(NAME)
    assert hub.checksum(log.samples) == hub.checksum(
        Samples.from_counts(10_000, hub.expected(NAME)))
    name = "MATH-500, sampling, seed 0"
    samples, expected = hub.fetch(name).samples, hub.expected(name)
    assert samples.n_samples.tolist() == [256] * 500
    assert abs(samples.n_correct.sum() / expected["n_correct"] - 1) < .05  # another grader
