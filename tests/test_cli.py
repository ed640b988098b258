"""The command scaling-laws: what it prints, its exit codes, and agreement with direct calls."""
import json
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from scaling_utils import (
    Candidate,
    Cost,
    Samples,
    coverage,
    fit_counts,
    forecast,
    majority_at_k,
    plan,
    read_log,
)
from scaling_utils.cli import main as cli
from scaling_utils.cli.options import Command, Several
from scaling_utils.report.runs.record import schema

COMMANDS = [module.command for module in cli.COMMANDS]
N = 20
PLAN = """
title: Two runs
budget_usd_per_problem: 0.05
strategies: [oracle]
candidates:
  - {name: small, log: other.jsonl, cost: {usd_per_sample: 0.005}}
  - {name: large, log: run.jsonl, cost: {usd_per_sample: 0.01}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Logs of two runs on the same problems, one of them longer, and one with answers."""
    place, rng = tmp_path_factory.mktemp("logs"), np.random.default_rng(5)
    rate = rng.beta(0.4, 2, 40)
    for name, n, p in (("run", N, rate), ("other", N, rate**2), ("small", N, rate**1.5),
                       ("large", 400, rate), ("long", 1000, rate)):
        table = {"problem": [f"p{i}" for i in range(40)], "n_samples": n,
                 "n_correct": rng.binomial(n, p)}
        pd.DataFrame(table).to_json(place / f"{name}.jsonl", orient="records", lines=True)
    rows = [{"problem": i, "sample": j, "correct": int(ok), "answer": "7" if ok else
             str(rng.integers(3)), "score": round(rng.random() + ok / 2, 2)}
            for i in range(12) for j, ok in enumerate(rng.random(8) < 0.5)]
    pd.DataFrame(rows).to_json(place / "answers.jsonl", orient="records", lines=True)
    (place / "plan.yml").write_text(PLAN, "utf-8")
    return place


@pytest.fixture
def call(folder, monkeypatch):
    """Run the command in the folder of logs: (exit code, stdout, stderr)."""
    monkeypatch.chdir(folder)

    def run(*words):
        done = CliRunner().invoke(cli.main, [str(word) for word in words])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    return run


@pytest.fixture
def counts(folder):
    """(n_samples, n_correct) of a log."""
    return lambda name: read_log(folder / f"{name}.jsonl")[0].samples.counts()


def result(done):
    """The JSON of a call that went well."""
    code, out, _ = done
    assert code == 0
    return json.loads(out)


def test_forecast_is_that_of_a_direct_call(call, counts):
    found = result(call("forecast", "run.jsonl", "--k", 100, 2000, "--json", "--seed", 3))
    direct = forecast(Samples.from_counts(*counts("run")), [100, 2000], rng=3)
    table = pd.DataFrame(found["result"]["forecast"])
    assert np.array_equal(table[["median", "low", "high"]], np.column_stack(
        [direct.median, direct.low, direct.high]))
    assert found["verdicts"] == [direct.verdict] and found["seed"] == 3


def test_history_changes_the_forecast_as_a_direct_call_does(call, folder):
    logs = {name: read_log(folder / f"{name}.jsonl")[0].samples
            for name in ("run", "large", "long")}
    found = result(call("forecast", "run.jsonl", "--k", 500, "--json", "--history", "large.jsonl",
                        "long.jsonl"))
    direct = forecast(logs["run"], 500, history=[logs["large"], logs["long"]], rng=0)
    assert found["result"]["forecast"][0]["median"] == direct.median[0]
    assert [row["use"] for row in found["inputs"]] == ["judged", "history", "history"]


def test_k_is_ten_and_a_hundred_times_the_samples_if_left_out(call):
    found = result(call("forecast", "run.jsonl", "--json"))
    assert [row["k"] for row in found["result"]["forecast"]] == [10 * N, 100 * N]


def test_fit_is_that_of_a_direct_call(call, counts):
    found = result(call("fit", "run.jsonl", "--law", "beta_failure", "kumaraswamy", "--json"))
    direct = fit_counts("beta_failure", *counts("run"), rng=0)
    rows = [row for row in found["result"]["parameters"] if row["law"] == "beta_failure"]
    assert {row["parameter"]: row["value"] for row in rows} == direct.values
    assert {row["parameter"]: (row["low"], row["high"]) for row in rows} == direct.intervals
    laws = found["result"]["laws"]
    assert {row["law"] for row in laws} == {"beta_failure", "kumaraswamy"}
    assert laws[0]["delta"] == 0 and laws[1]["delta"] >= 0


def test_a_law_that_the_counts_do_not_determine_is_told_and_the_rest_stands(call, tmp_path):
    (tmp_path / "few.csv").write_text("problem,n_samples,n_correct\na,9,0\nb,9,3\nc,9,8\n")
    found = result(call("fit", tmp_path / "few.csv", "--law", "beta_failure",
                        "zero_inflated_beta", "--json"))
    assert [row["law"] for row in found["result"]["laws"]] == ["beta_failure"]
    assert "3 problems cannot determine 3 parameters" in found["missing"][0]
    (tmp_path / "one.csv").write_text("problem,n_samples,n_correct\na,9,4\n")
    assert call("fit", tmp_path / "one.csv")[0] == 2


def test_votes_are_those_of_direct_calls_and_say_what_is_missing(call, folder):
    found = result(call("votes", "answers.jsonl", "run.jsonl", "--k", 1, 5, "--json"))
    samples = read_log(folder / "answers.jsonl")[0].rows()
    rows = {(row["run"], row["strategy"], row["k"]): row["accuracy"]
            for row in found["result"]["strategies"]}
    assert rows["answers.jsonl", "majority", 5] == pytest.approx(
        majority_at_k(samples, 5).mean(), 1e-12)
    assert rows["run.jsonl", "coverage (oracle)", 5] == pytest.approx(
        coverage(read_log(folder / "run.jsonl")[0].samples, 5), 1e-12)
    assert ("run.jsonl", "majority", 5) not in rows
    assert any("No majority for run.jsonl" in words for words in found["missing"])


def test_plan_is_that_of_a_direct_call(call, counts):
    found = result(call("plan", "plan.yml", "--json", "--seed", 4))
    models = [Candidate("small", counts("other"), Cost("usd", 0.005)),
              Candidate("large", counts("run"), Cost("usd", 0.01))]
    direct = plan(models, budget=0.05, strategies=["oracle"], rng=4)
    first = found["result"]["plan"][0]
    assert first["role"] == "choice" and first["model"] == direct.choice.model
    assert (first["k"], first["cost_usd_per_problem"]) == (
        direct.choice.k, direct.choice.cost_per_problem)
    assert found["settings"]["p_runner_up_better"] == direct.p_runner_up_better
    assert found["verdicts"] == [direct.verdict] and len(found["inputs"]) == 2


@pytest.mark.slow
def test_a_plan_is_written_as_a_report(call, tmp_path):
    code, out, _ = call("plan", "plan.yml", "--out", tmp_path / "report")
    assert code == 0 and "cost usd per problem" in out
    assert (tmp_path / "report" / "report.html").is_file()


def test_the_example_of_a_plan_runs(call, tmp_path):
    code, out, _ = call("plan", "--example")
    (tmp_path / "example.yml").write_text(out, "utf-8")
    assert code == 0 and result(call("plan", tmp_path / "example.yml", "--json"))["verdicts"]
    assert json.loads(call("plan", "--schema")[1])["required"] == ["candidates"]


def test_compare_says_who_is_ahead(call):
    found = result(call("compare", "large.jsonl", "long.jsonl", "other.jsonl", "--json"))
    pairs = [(row["first"], row["second"], row["tied"], row["ahead"])
             for row in found["result"]["pairs"]]
    large, long, other = (f"{name}.jsonl" for name in ("large", "long", "other"))
    assert pairs == [(large, long, True, "neither"), (large, other, False, large),
                     (long, other, False, long)]


@pytest.mark.parametrize("value, code, word", [(0.0, 0, "passed"), (1.0, 1, "FAILED")])
def test_check_is_a_gate(call, value, code, word):
    done = call("check", "run.jsonl", "--at-least", 5, value)
    assert done[0] == code and word in done[1]
    assert call("check", "run.jsonl", "--at-least", 5, value, "--quiet") == (code, "", "")


def test_a_gate_at_the_estimate_is_passed(call, counts):
    value = float(coverage(*counts("run"), 5))
    assert call("check", "run.jsonl", "--at-least", 5, repr(value))[0] == 0
    assert call("check", "run.jsonl", "--at-least", 5, repr(value + 1e-9))[0] == 1


def test_a_sealed_forecast_is_opened_against_the_long_run(call, tmp_path):
    path = tmp_path / "sealed.json"
    assert call("forecast", "run.jsonl", "--k", 200, "--seal", path, "--quiet") == (0, "", "")
    code, out, _ = call("forecast", "long.jsonl", "--open", path)
    assert code == 0 and "truth" in out and "held 90" in out
    for words in (("--k", 5), ("--json",), ("--out", tmp_path / "report"), ("--quiet",)):
        code, out, err = call("forecast", "long.jsonl", "--open", path, *words)
        assert code == 2 and out == "" and f"leave out {words[0]}" in err
    code, _, err = call("forecast", "run.jsonl", "--k", 200, "--seal", path)
    assert code == 2 and "sealed.json" in err and err.count("\n") == 1


def test_convert_can_be_read_back(call, folder, tmp_path):
    for name, words in (("a.csv", ()), ("a.jsonl", ()), ("counts.csv", ("--counts",))):
        assert call("convert", "answers.jsonl", "--out", tmp_path / name, *words)[0] == 0
        again, log = (read_log(path)[0] for path in (tmp_path / name, folder / "answers.jsonl"))
        assert np.array_equal(again.samples.counts(), log.samples.counts())
        if not words:
            assert np.array_equal(majority_at_k(again.rows(), 3), majority_at_k(log.rows(), 3))
    code, out, _ = call("convert", "run.jsonl")
    assert code == 0 and out.startswith("problem,n_samples,n_correct\n")


@pytest.mark.parametrize("words, told", [
    (["forecast"], "Missing argument 'LOG...'"),
    (["forecast", "none.jsonl"], "none.jsonl"),
    (["forecast", "run.jsonl", "--k", "0"], "--k"),
    (["forecast", "run.jsonl", "--kk", "3"], "--kk"),
    (["fit", "run.jsonl", "--law", "nothing"], "beta_failure"),
    (["check", "run.jsonl", "--at-least", "5", "80"], "between 0 and 1"),
    (["check", "run.jsonl", "--at-least", "999", "0.5"], "999"),
    (["compare", "run.jsonl"], "give two or more"),
    (["convert", "run.jsonl", "--out", "x.txt"], ".parquet"),
    (["check", "run.jsonl", "--column", "problem"], "NAME=ALIAS"),
    (["check", "run.jsonl", "--design", "first-success"], "contradicts the design"),
    (["forecast", "run.jsonl", "large.jsonl", "--seal", "x.json"], "--model"),
    (["plan"], "--example"),
    (["plan", "none.yml"], "none.yml"),
    (["plan", "run.jsonl"], "run.jsonl"),
    (["forecast", "run.jsonl", "--history", "run.jsonl"], "history holds run.jsonl itself"),
    (["forecast", "run.jsonl", "--history", "answers.jsonl"], "same problems"),
    (["check", "run.jsonl", "--out", "run.jsonl"], "run.jsonl"),
    *(([name, "run.jsonl", "run.jsonl"], "give each once")
      for name in ("forecast", "fit", "compare", "votes", "check")),
    (["nothing"], "nothing"),
])
def test_errors_are_one_line_with_exit_code_2(call, words, told):
    code, out, err = call(*words)
    assert (code, out) == (2, "") and told in err
    assert err.startswith("scaling-laws: ") and err.count("\n") == 1


def test_an_error_in_a_log_names_its_line(call, tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"problem": "a", "correct": 1}\n{"problem": "a", "correct": 7}\n')
    code, _, err = call("check", path)
    assert code == 2 and "bad.jsonl" in err and "2" in err and err.count("\n") == 1


def test_what_is_excluded_is_told(call, tmp_path):
    path = tmp_path / "holes.jsonl"
    path.write_text("".join(f'{{"problem": "p{i % 5}", "correct": {grade}}}\n'
                            for i, grade in enumerate([1, 0, "null", 1, 0] * 4)))
    code, out, _ = call("check", path)
    assert code == 0 and "Not counted in holes.jsonl: 4, " in out
    assert result(call("check", path, "--json"))["excluded"][0]["n"] == 4


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_examples_in_the_help_run(command, call, tmp_path, monkeypatch, folder):
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    if command.name == "votes":
        (tmp_path / "run.jsonl").write_bytes((folder / "answers.jsonl").read_bytes())
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"^  +scaling-laws (.*)$", command.help, re.M)
    assert len(examples) >= 2
    for example in examples:
        assert call_here(example.split()) == 0, example


def call_here(words):
    """Exit code of a call in the folder one is in."""
    done = CliRunner().invoke(cli.main, words)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code


def test_options_with_several_values():
    command = Command("x", params=[Several(["--k"], takes=r"\d+"), Several(["--of"])])
    spread = list(command._spread("a --k 1 2 b --k 3 --of x y --k 4 c".split()))
    assert spread == "a --k 1 --k 2 b --k 3 --of x --of y --k 4 c".split()


def test_every_json_follows_the_schema(call):
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(schema())
    for words in (["forecast", "run.jsonl", "other.jsonl"], ["fit", "run.jsonl", "--law",
                  "beta_failure"], ["compare", "run.jsonl", "other.jsonl"], ["votes",
                  "answers.jsonl"], ["plan", "plan.yml"],
                  ["check", "run.jsonl", "--at-least", "1", "0"]):
        found = result(call(*words, "--json"))
        validator.validate(found)
        row = next(iter(found["result"].values()))[0]
        row["more"] = 1
        assert not validator.is_valid(found)


def test_the_same_call_gives_the_same_text(call):
    one, two = (call("compare", "run.jsonl", "other.jsonl", "--json") for _ in range(2))
    assert one == two


def test_a_changed_file_has_another_hash(call, tmp_path, folder):
    path = tmp_path / "run.jsonl"
    path.write_text((folder / "run.jsonl").read_text() + "\n")
    one, two = (result(call("check", file, "--json")) for file in ("run.jsonl", path))
    assert one["inputs"][0]["sha256"] != two["inputs"][0]["sha256"]
    assert one["runs"] == two["runs"]


def test_a_folder_is_one_run_and_equal_names_are_told_apart(call, tmp_path, folder):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.jsonl").write_bytes((folder / "run.jsonl").read_bytes())
    (tmp_path / "many").mkdir()
    for i in range(3):
        rows = "".join(f'{{"problem": "{p}", "correct": {i % 2}, "sample": {i}}}\n' for p in "xy")
        (tmp_path / "many" / f"{i}.jsonl").write_text(rows)
    found = result(call("check", tmp_path / "one", tmp_path / "two", tmp_path / "many", "--json"))
    names = [row["run"] for row in found["runs"]]
    assert names == [f"run.jsonl ({tmp_path / 'one'})", f"run.jsonl ({tmp_path / 'two'})",
                     str(tmp_path / "many")]
    assert found["runs"][2]["least_samples"] == 3 and len(found["inputs"]) == 5


def test_history_is_read_whole_whatever_model_is_judged(call, tmp_path):
    """--model chooses what is judged, not what helps."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text("problem,model,n_samples,n_correct\n" + "".join(
            f"p{i},{name},{20 if name == 'a' else 400},{i}\n" for i in range(12)))
    found = result(call("forecast", tmp_path / "a.csv", "--model", "a", "--history",
                        tmp_path / "b.csv", "--k", 100, "--json"))
    assert [row["use"] for row in found["inputs"]] == ["judged", "history"]


@pytest.mark.slow
def test_an_early_end_of_the_reader_is_no_error(folder):
    done = subprocess.run(f"{sys.executable} -m scaling_utils check run.jsonl --json | head -1",
                          shell=True, cwd=folder, capture_output=True, text=True)
    assert done.stdout == "{\n" and done.stderr == ""


def test_help_loads_no_numbers():
    code = ("import sys\nfrom scaling_utils.cli.main import main\n"
            "try:\n    main(['forecast', '--help'])\nexcept SystemExit:\n    pass\n"
            "print({'numpy', 'pandas', 'scipy'} & set(sys.modules), file=sys.stderr)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.startswith("Usage: scaling-laws forecast") and done.stderr == "set()\n"


def stopped_log(tmp_path):
    """Counts of a plan that says nothing of a stop, though all that ended early are solved."""
    path = tmp_path / "stopped.csv"
    rows = [f"p{i},{n},{c}" for i, (n, c) in enumerate(
        [(2, 1), (3, 1), (5, 1), (8, 1), (13, 1), (40, 0), (40, 0), (40, 1)])]  # fmt: skip
    path.write_text("problem,n_samples,n_correct\n" + "\n".join(rows) + "\n", "utf-8")
    return str(path)


@pytest.mark.parametrize("command", [
    ["check"], ["fit", "--law", "beta_failure"], ["forecast"]], ids=lambda words: words[0])
def test_counts_that_look_stopped_are_refused_everywhere(tmp_path, command):
    log = stopped_log(tmp_path)
    found = CliRunner().invoke(cli.main, [*command, log])
    assert found.exit_code == 2 and "stopped at a success" in found.output
    told = CliRunner().invoke(cli.main, [*command, log, "--design", "first-success", "--batch",
                                     "1", "--quiet"])  # fmt: skip
    assert "as if sampling stopped" not in told.output


def test_the_law_of_a_grader_is_fitted_when_it_is_named():
    from scaling_utils.report.runs.fits import OF_THE_GRADER, families
    assert set(OF_THE_GRADER) <= set(families())
