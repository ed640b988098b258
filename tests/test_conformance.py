"""The conformance file is that of the records, has its schema, and is passed in Python and node."""
import json
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parents[1]
LIVE = ROOT / "_static" / "live"
sys.path.insert(0, str(ROOT / "tools"))

import conformance  # noqa: E402
import conformance_cases  # noqa: E402

FILE = json.loads((LIVE / "conformance.json").read_text("utf-8"))
SCHEMA = json.loads((LIVE / "conformance.schema.json").read_text("utf-8"))
BY_CALL = {call: [row for row in FILE["cases"] if row["call"] == call]
           for call in dict.fromkeys(row["call"] for row in FILE["cases"])}  # fmt: skip
NODE = shutil.which("node")


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
    done = subprocess.run([NODE, *map(str, words)], capture_output=True, text=True, timeout=100)
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
def test_node_finds_a_planted_fault(name, old, new, tmp_path):
    shutil.copytree(LIVE, tmp_path / "live")
    path = tmp_path / "live" / name
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    code, said = node(tmp_path / "live" / "conformance_node.mjs")
    assert code == 1 and " cases pass" in said
