"""The training program on a CPU: loss falls, samples parse, checks are exact, tables fit."""
import sys
from dataclasses import replace
from itertools import starmap
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

torch = pytest.importorskip("torch")

from scaling_utils.worlds.chain_task import (  # noqa: E402
    PROMPT,
    STOP,
    ChainTask,
    decode,
    judge,
)

TINY = {"sizes": ("64x2",), "marks": (6, 24), "batch": 32, "n_problems": 10, "n_samples": 30,
        "n_few": 6, "n_labelled": 160, "passes": 1, "scorers": ("64x2",),
        "labelled_by": ("64x2",), "kept": ("64x2",), "n_exact": 12, "batches": (1, 4),
        "temperatures": (0.0, 1.5)}  # fmt: skip


class Here:
    """A pool of one worker, this one."""

    starmap = staticmethod(lambda function, jobs: list(starmap(function, jobs)))


@pytest.fixture(scope="module")
def lab():
    sys.path.insert(0, str(Path(__file__).parents[1]))
    torch.set_num_threads(1)
    from experiments.chain_lm import judging, measure, model, record, run, sample, train

    yield {"judging": judging, "measure": measure, "model": model, "record": record, "run": run,
           "sample": sample, "train": train}  # fmt: skip
    sys.path.pop(0)


@pytest.fixture(scope="module")
def executed(lab, tmp_path_factory):
    """A tiny plan, executed whole."""
    folder = tmp_path_factory.mktemp("results")
    plan = replace(lab["run"].SMALL, **TINY)
    lab["run"].execute(plan, lab["record"].Record(folder), Here, limit=1e-9, device="cpu")
    return folder


def test_loss_falls_and_weights_are_kept(lab, executed):
    log = pd.read_json(executed / "log.jsonl", lines=True)
    losses = dict(log[log.what == "trained"].losses.iloc[0])
    assert losses[24] < losses[6] < losses[0]
    with np.load(executed / "weights.npz") as weights:
        assert {name.split("/")[0] for name in weights.files} == {"64x2", "scorer_64x2"}


def test_tables_fit_together(executed):
    curves, exact = (pd.read_csv(executed / f"{name}.csv") for name in ("curves", "exact"))
    assert len(curves) == 10 * (2 + 2) and len(exact) == 10 * (1 + 10)
    assert (curves.n_sound <= curves.n_correct).all()
    assert (curves.n_correct <= curves.n_samples).all()
    assert (exact.log_probability < 0).all()
    with np.load(executed / "samples.npz") as samples:
        total = np.bincount(samples["64x2.problem"], samples["64x2.count"])
        assert (total == 6).all()
        assert (samples["64x2.64x2.product"] <= samples["64x2.64x2.least"] + 1e-3).all()


def test_a_run_of_length_l_sees_the_first_l_batches_alone(lab):
    """The shorter training is the same with and without the longer one."""
    train, model = lab["train"], lab["model"]
    rows = train.draw_rows((1, 1), 96)
    batches = train.by_length(rows, 16)
    states = []
    for marks in ([3], [3, 6]):
        torch.manual_seed(0)
        net = model.Model(*model.SIZES["64x2"])
        states.append(train.trained(net, batches, marks, 1e-3)[0][3])
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])


def test_shared_beginnings_change_no_distribution(lab):
    """Shares of whole solutions beside their exact probabilities, for an untrained model."""
    sample, model = lab["sample"], lab["model"]
    torch.manual_seed(3)
    net = model.Model(*model.SIZES["64x2"]).eval()
    with torch.no_grad():
        net.head.weight[STOP] += 0.15 * torch.sign(net.head.weight[STOP])  # short solutions
    prompts = torch.tensor(ChainTask(["1+2=", "3*4="]).rows)
    drawn = sample.sample(net, prompts, 600, 1.0, torch.Generator().manual_seed(1))
    assert torch.bincount(drawn.problem, drawn.count).tolist() == [600, 600]
    short = (drawn.trace > 0).sum(1) == 1  # ended at once
    for problem in (0, 1):
        row = torch.cat([prompts[problem], torch.zeros(108, dtype=torch.uint8)])[None].clone()
        row[0, PROMPT] = STOP
        p = float(sample.exact_log_probability(net, row, [1.0])[0, 0].exp())
        got = int(drawn.count[short & (drawn.problem == problem)].sum())
        assert abs(got - 600 * p) < 4.5 * np.sqrt(600 * p * (1 - p)) + 1


def test_temperature_zero_draws_one_solution(lab):
    sample, model = lab["sample"], lab["model"]
    net = model.Model(*model.SIZES["64x2"]).eval()
    prompts = torch.tensor(ChainTask.benchmark(3).rows)
    drawn = sample.sample(net, prompts, 5, 0, torch.Generator().manual_seed(1))
    assert drawn.problem.sort().values.tolist() == [0, 1, 2] and (drawn.count == 5).all()


def test_labels_stand_at_the_ends_of_lines(lab):
    task = ChainTask(["5+6*2="])
    from scaling_utils.worlds.chain_task import encode

    rows = np.stack([encode("5+6*2=", text) for text in
                     (task.solutions[0], "5+6=11;11*2=23.", "5+6=12;12*2=24.", "5+6=1")])
    labels = lab["judging"].labels(rows)
    assert [row[row < 2].tolist() for row in labels] == [[1, 1], [1, 0], [0, 0], []]
    got = lab["judging"].verdicts(["5+6*2="] * 4, rows[:, PROMPT:])
    for row, verdict in zip(rows, got, strict=True):
        text = decode(row[PROMPT:])
        assert tuple(verdict[:3]) == judge("5+6*2=", text) and verdict[4] == len(text)


def test_the_benchmark_is_not_the_training_set(lab):
    """Different seeds give different examples, equal seeds the same."""
    rows = [lab["train"].examples(70, seed, Here) for seed in (1, 1, 2)]
    assert (rows[0] == rows[1]).all() and (rows[0] != rows[2]).any()
    assert all(judge(decode(r[:PROMPT]), decode(r[PROMPT:])).sound for r in rows[2])
