"""Inspect logs: grades, epochs, errors and archives, by a stand-in and by its own package."""
import json
import sys
import zipfile
from types import ModuleType, SimpleNamespace

import pytest

from scaling_utils import read_log
from scaling_utils.data.logs.find import find_format

HEAD = {"version": 2, "status": "success", "eval": {}}


def sample(name, epoch, value, error=None, **more):
    scores = {} if value is None else {"match": SimpleNamespace(value=value, answer="4")}
    usage = {"m": SimpleNamespace(output_tokens=5), "judge": SimpleNamespace(output_tokens=2)}
    return SimpleNamespace(**{"id": name, "epoch": epoch, "uuid": f"{name}-{epoch}",
                              "scores": scores, "error": error, "model_usage": usage} | more)


def stand_in(monkeypatch, samples, n_ids=2, epochs=2, status="success"):
    """Put a module in the place of inspect_ai whose reader returns these samples."""
    spec = SimpleNamespace(model="org/model", task="task", run_id="r",
                           dataset=SimpleNamespace(sample_ids=list(range(n_ids))),
                           config=SimpleNamespace(epochs=epochs))
    log = SimpleNamespace(samples=samples, eval=spec, status=status)
    for name in ("inspect_ai", "inspect_ai.log"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules["inspect_ai.log"].read_eval_log = lambda path: log


def as_json(folder):
    path = folder / "log.json"
    path.write_text(json.dumps(HEAD))
    return path


def test_epochs_are_samples_and_what_has_no_grade_is_counted(tmp_path, monkeypatch):
    stand_in(monkeypatch, [
        sample("a", 1, "C"), sample("a", 2, "I"), sample("a", 3, "N"), sample("b", 1, 1.0),
        sample("b", 2, None, error="timeout"), sample("b", 3, "P"), sample("b", 4, .25),
        sample("c", 1, True), sample("c", 2, None), sample("c", 3, "C", invalidation="by hand")],
        n_ids=4, epochs=3)
    [log] = read_log(as_json(tmp_path))
    assert log.name == "org/model, task, match"
    assert log.samples.n_samples.tolist() == [3, 1, 1]
    assert log.samples.n_correct.tolist() == [1, 1, 1]
    assert {e.reason: e.n for e in log.excluded} == {
        "samples with an error": 1, "samples with partial credit": 2, "samples without a score": 1,
        "samples that were invalidated": 1, "samples that the run did not reach": 2}
    assert "sample b, epoch 2" in log.excluded[0].where
    assert log.answers["tokens"].tolist() == [7] * 5
    [log] = read_log(tmp_path / "log.json", ungraded="wrong")
    assert log.samples.n_samples.tolist() == [3, 4, 3]


def test_several_scorers_and_scores_of_several_values(tmp_path, monkeypatch):
    both = {"f1": SimpleNamespace(value={"exact": 1, "loose": 0}, answer=None)}
    stand_in(monkeypatch, [sample("a", 1, "C"), sample("b", 1, "C", scores=both)], epochs=1)
    logs = read_log(as_json(tmp_path))
    assert {log.grader: log.samples.n_correct.tolist() for log in logs} == {
        "match": [1], "f1/exact": [1], "f1/loose": [0]}
    assert read_log(tmp_path / "log.json", grader="f1/loose")[0].excluded[0].n == 1


def test_a_sample_in_two_logs_is_read_once(tmp_path, monkeypatch):
    stand_in(monkeypatch, [sample("a", 1, "C"), sample("b", 1, "I")], epochs=1)
    for name, more in (("one", {}), ("two", {"etag": 1})):
        (tmp_path / f"{name}.json").write_text(json.dumps(HEAD | more))
    [log] = read_log(tmp_path)
    assert log.samples.n_samples.tolist() == [1, 1]
    assert log.excluded[0].reason == "samples that occur twice" and log.excluded[0].n == 2


@pytest.mark.parametrize("samples, message", [
    ([], r"holds no samples \(status error\)"), (None, "holds no samples"),
    ([sample("a", 1, "maybe")], "sample a, epoch 1: scorer match: 'maybe' is no grade"),
    ([sample("a", 1, 7.5)], "7.5 is no grade")])
def test_errors_name_the_sample(tmp_path, monkeypatch, samples, message):
    stand_in(monkeypatch, samples, status="error")
    with pytest.raises(ValueError, match=message):
        read_log(as_json(tmp_path))


def archive(path, entries, level=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", level) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return path


def test_archives_are_looked_at_before_they_are_opened(tmp_path, monkeypatch):
    stand_in(monkeypatch, [sample("a", 1, "C")], epochs=1)
    good = archive(tmp_path / "run.eval", {"header.json": "{}", "samples/a.json": "{}"})
    assert find_format(good) == "inspect"
    assert read_log(good)[0].samples.n_correct.tolist() == [1]
    bomb = archive(tmp_path / "bomb.eval", {"header.json": "{}", "x": bytes(2**25)},
                   zipfile.ZIP_DEFLATED)
    with pytest.raises(ValueError, match=r"claims to hold 33,\d+,\d+: it is not unpacked"):
        read_log(bomb)
    with pytest.raises(ValueError, match="no Inspect log"):
        read_log(archive(tmp_path / "other.zip", {"a.csv": "problem,correct\na,1\n"}))
    (tmp_path / "cut.eval").write_bytes(good.read_bytes()[:40])
    with pytest.raises(ValueError, match="cut.eval: the archive is damaged"):
        read_log(tmp_path / "cut.eval")


def test_without_the_package_the_message_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "inspect_ai", None)
    monkeypatch.setitem(sys.modules, "inspect_ai.log", None)
    with pytest.raises(ValueError, match=r"pip install 'inference-scaling-compendium\[inspect\]'"):
        read_log(as_json(tmp_path))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("ending", ["json", "eval"])
def test_with_its_own_package(tmp_path, ending):
    log = pytest.importorskip("inspect_ai.log")
    scorer = pytest.importorskip("inspect_ai.scorer")
    model = pytest.importorskip("inspect_ai.model")
    samples = [log.EvalSample(
        id=name, epoch=epoch, input="?", target="4", uuid=f"{name}{epoch}",
        scores={"match": scorer.Score(value=value, answer="4")},
        model_usage={"m": model.ModelUsage(input_tokens=1, output_tokens=6, total_tokens=7)})
        for name, values in {"p2": "CI", "p10": "IN"}.items()
        for epoch, value in enumerate(values, 1)]
    samples.append(log.EvalSample(id="p2", epoch=3, input="?", target="4", error=log.EvalError(
        message="timeout", traceback="", traceback_ansi="")))
    spec = log.EvalSpec(created="2026-01-01T00:00:00+00:00", task="task", model="org/model",
                        dataset=log.EvalDataset(sample_ids=["p2", "p10"]),
                        config=log.EvalConfig(epochs=3))
    path = tmp_path / f"run.{ending}"
    log.write_eval_log(log.EvalLog(eval=spec, status="success", samples=samples), str(path))
    assert find_format(path) == "inspect"
    [found] = read_log(path)
    assert (found.model, found.task, found.grader) == ("org/model", "task", "match")
    assert found.samples.problem.tolist() == ["p2", "p10"]
    assert found.samples.n_samples.tolist() == [2, 2]
    assert found.samples.n_correct.tolist() == [1, 0]
    assert {e.reason: e.n for e in found.excluded} == {
        "samples with an error": 1, "samples that the run did not reach": 1}
    assert found.answers["tokens"].tolist() == [6] * 4
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(ValueError, match=f"run.{ending}"):
        read_log(path)
