"""Rows, parts, merging and comparing of results; published numbers beside ours."""
import math
import re
import subprocess
import sys
from enum import Enum
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml

from scaling_utils import replications, results
from scaling_utils.data.datasets import load
from scaling_utils.report.results import (
    differences,
    merge,
    read_fits,
    result_row,
    tabulate,
    write_part,
)
from scaling_utils.report.rows import COLUMNS, STATUSES, result_rows

ROOT = Path(__file__).parents[1]
BASE = dict(law="coverage_power_law", method="least_squares_c", dataset="monkeys_counts",
            benchmark="MATH", model="Pythia-12B", k_min=1, k_max=10_000, parameter="b",
            value=0.123456789, low=0.11111, high=0.13333, level=0.95, status="CONVERGED",
            n_problems=128)  # fmt: skip
PRINTED = dict(law="pass_at_k", method="unbiased", parameter="coverage", benchmark="MATH",
               model="Llama-3-8B-Instruct")  # fmt: skip


def row(**changes):
    return result_row(**BASE | changes)


def fake_fit(status="CONVERGED", intervals=None, **values):
    symbols = [SimpleNamespace(name=name, unit="1") for name in values]
    law = SimpleNamespace(key="coverage_power_law", params=symbols)
    kind = Enum("Kind", [status])
    return SimpleNamespace(law=law, values=values, status=kind[status], intervals=intervals,
                           level=0.95, n_problems=None if intervals is None else 128)  # fmt: skip


def test_data_dictionary_is_the_code():
    text = (ROOT / "results" / "README.md").read_text(encoding="utf-8").split("\n## ")[0]
    found = dict(re.findall(r"^\| (\w+) \| (\w+) \| .+ \|$", text, re.M))
    assert found.pop("column") == "type" and list(found.items()) == list(COLUMNS.items())
    assert ", ".join(results.KEY[:-1]) + " and " + results.KEY[-1] in text
    assert all(status in text for status in STATUSES)


def test_statuses_are_those_of_a_fit():
    from scaling_utils.fit.record import Status

    assert set(STATUSES) == {"EXACT", *(status.name for status in Status)}


@pytest.mark.parametrize("changes, message", [
    (dict(model="Pythia-13B"), "model 'Pythia-13B'"),
    (dict(benchmark="math"), "benchmark 'math'"),
    (dict(method="least squares"), "method 'least squares'"),
    (dict(dataset="monkeys"), "dataset 'monkeys'"),
    (dict(status="GOOD"), "status 'GOOD'"),
    (dict(value=math.nan), "not finite"),
    (dict(value=math.inf, status="EXACT"), "not finite"),
    (dict(low=None), "go together"),
    (dict(level=None), "go together"),
    (dict(low=0.2), "not an interval"),
    (dict(level=95), "not an interval"),
    (dict(k_min=1.5), "k_min = 1.5"),
    (dict(n_problems=1.5), "n_problems = 1.5"),
    (dict(parameter=""), "parameter"),
    (dict(law=None), "law"),
    (dict(published="schaeffer_t1_pythia13b_b"), "schaeffer_t1_pythia13b_b"),
    (dict(published="brown_cot_valid"), "brown_cot_valid"),  # derived, not published
    (dict(published="schaeffer_t1_pythia12b_b", source="a"), "beside a published key"),
])  # fmt: skip
def test_bad_rows_are_refused(changes, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        row(**changes)


def test_published_number_is_looked_up_in_our_sign():
    given = row(published=("brown_fig5_math_pythia12b_b", -1))
    assert given["published"] == 0.35 and given["source"] == "brown_fig5_math_pythia12b_b"
    assert row(published="levi_alpha_range")["published"] is None  # a range
    assert row(source="brown2024monkeys")["source"] == "brown2024monkeys"


def test_rows_of_a_fit():
    fit = fake_fit(intervals={"a": (1.5, 2.5), "b": (0.3, 0.4)}, a=2.0, b=0.35)
    where = {key: BASE[key] for key in results.KEY[1:-1]}
    first, second = result_rows(fit, **where, published={"b": "schaeffer_t1_pythia12b_b"})
    found = [first[key] for key in ("low", "high", "level", "n_problems")]
    assert found == [1.5, 2.5, 0.95, 128]
    assert first["source"] == "" and second["published"] == 0.37
    plain = result_rows(fake_fit("AT_BOUND", a=math.inf, b=math.nan), **where)
    assert [r["low"] for r in plain] == [r["level"] for r in plain] == [None, None]
    with pytest.raises(ValueError, match="published names"):
        result_rows(fit, **where, published={"c": "schaeffer_t1_pythia12b_b"})


def test_rows_of_a_real_fit():
    from scaling_utils import LAWS, fit_counts

    n, c = np.full(6, 50), np.array([0, 1, 3, 10, 30, 45])
    fit = fit_counts(LAWS["beta_failure"], n, c, n_resamples=50)
    rows = result_rows(fit, method="maximum_likelihood", dataset="", benchmark="", model="")
    table = tabulate(rows)
    assert table.parameter.tolist() == list(fit.law.names)
    assert table.value.tolist() == list(fit.values.values())
    assert set(table.status) == {fit.status.name}


def test_order_and_key():
    rows = [row(model=m, parameter=p) for m in ("Pythia-12B", "Pythia-160M") for p in "ba"]
    table = tabulate([*rows, row(k_min=None, model="Pythia-160M", parameter="b")])
    order = list(zip(table.model, table.k_min.fillna(0), table.parameter, strict=True))
    assert order == [("Pythia-160M", 0, "b"), ("Pythia-160M", 1, "a"), ("Pythia-160M", 1, "b"),
                     ("Pythia-12B", 1, "a"), ("Pythia-12B", 1, "b")]  # fmt: skip
    assert tabulate(rows[::-1]).equals(tabulate(rows))
    with pytest.raises(ValueError, match="Pythia-12B, 1, 10000, a"):
        tabulate([*rows, rows[1]])
    with pytest.raises(ValueError, match="unbiased"):  # empty cells are part of the key
        tabulate([result_row(**PRINTED, value=0.5), result_row(**PRINTED, value=0.6)])


def test_part_is_written_only_where_a_folder_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCALING_RESULTS_DIR", raising=False)
    table = write_part("one", [row()])
    assert len(table) == 1 and not list(tmp_path.iterdir())
    monkeypatch.setenv("SCALING_RESULTS_DIR", str(tmp_path / "parts"))
    write_part("one", [row()])
    assert [p.name for p in (tmp_path / "parts").iterdir()] == ["one.csv"]


def test_merge_keeps_every_digit(tmp_path, monkeypatch):
    monkeypatch.setenv("SCALING_RESULTS_DIR", str(tmp_path))
    odd = row(value=0.1 + 0.2, parameter="a", n_problems=None)
    far = row(value=math.inf, status="AT_BOUND", low=None, high=None, level=None, parameter="c")
    none = row(value=math.nan, status="FAILED", low=None, high=None, level=None, parameter="d")
    write_part("one", [odd, far])
    write_part("two", [row(), none])
    assert merge(tmp_path).equals(tabulate([row(), odd, far, none]))
    write_part("three", [row()])
    with pytest.raises(ValueError, match="same key"):
        merge(tmp_path)


@pytest.mark.parametrize("changes, n_lines", [
    ({}, 0),
    (dict(value=0.1234572), 0),  # half a unit of the sixth digit: 5e-7
    (dict(value=0.1234562), 1),
    (dict(value=0.1234574), 1),
    (dict(low=0.1115), 0),  # half a unit of the third digit: 5e-4
    (dict(low=0.1117), 1),
    (dict(high=0.1339), 1),
    (dict(low=None, high=None, level=None), 3),
    (dict(status="AT_BOUND"), 1),
    (dict(n_problems=127), 1),
    (dict(unit="s"), 1),
    (dict(published="schaeffer_t1_pythia12b_b"), 2),
    (dict(k_max=1000), 2),  # another key: one row missing, one too many
])  # fmt: skip
def test_differences(changes, n_lines):
    assert len(differences(tabulate([row(**changes)]), tabulate([row()]))) == n_lines


def test_other_statuses_compare_by_status():
    old = dict(status="AT_BOUND", low=None, high=None, level=None)
    built, committed = row(**old, value=5.0), row(**old, value=math.inf)
    assert not differences(tabulate([built]), tabulate([committed]))
    assert differences(tabulate([row()]), tabulate([committed]))


def test_zero_stays_zero():
    zero = row(value=0.0)
    assert not differences(tabulate([zero]), tabulate([zero]))
    assert differences(tabulate([row(value=1e-9)]), tabulate([zero]))


def test_command_line(tmp_path, monkeypatch, capsys):
    parts, table = tmp_path / "parts", tmp_path / "fits.csv"
    monkeypatch.setenv("SCALING_RESULTS_DIR", str(parts))

    def run(*arguments):
        code = results.main([*map(str, arguments)])
        return code, capsys.readouterr().out

    def refused(*arguments):
        with pytest.raises(SystemExit) as refusal:
            run(*arguments)
        return refusal.value.code, capsys.readouterr().err

    write_part("one", [row()])
    assert run("merge", parts, table)[0] == 0
    code, said = run("compare", parts, table)
    assert code == 0 and "0 differences" in said
    write_part("one", [row(value=0.2), row(parameter="a")])
    code, said = run("compare", parts, table)
    assert code == 1 and "2 differences" in said
    assert "b: value is 0.2, committed 0.123456789" in said
    assert "not in the committed table" in said
    code, said = refused("merge", tmp_path / "none", table)
    assert code == 2 and "there are no parts" in said
    code, said = refused("compare", parts, tmp_path / "none.csv")
    assert code == 2 and "there is no table" in said


@pytest.mark.slow
def test_the_outcome_is_that_of_the_process(tmp_path):
    """What `make book` sees: a comparison that cannot be made is no success."""
    command = [sys.executable, "-m", "scaling_utils.report.results", "compare", tmp_path / "none",
               tmp_path / "fits.csv"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2 and "there are no parts" in done.stderr


def test_foreign_columns_are_refused(tmp_path):
    (tmp_path / "fits.csv").write_text("law,value\na,1\n")
    with pytest.raises(ValueError, match="columns of"):
        read_fits(tmp_path / "fits.csv")


def verdict(value, key="brown_math_llama38binstruct_pass10000", factor=1, **more):
    fits = tabulate([result_row(**PRINTED, value=value, published=(key, factor), **more)])
    return replications.compare(fits, remarks={}).iloc[0]


@pytest.mark.parametrize("value, expected", [
    (0.984375, "agrees to the printed digits"),  # 98.44 %
    (0.98436, "agrees to the printed digits"),
    (0.98434, "differs"),
    (0.98446, "differs"),
])  # fmt: skip
def test_verdict_by_printed_digits(value, expected):
    pair = verdict(value)
    assert pair.verdict == expected
    assert pair.difference == pytest.approx(value - 0.9844)
    assert pair.reason == ("" if expected.startswith("agrees") else "not explained yet")


def test_verdict_by_interval_range_and_reading():
    ends = dict(low=0.97, high=0.99, level=0.95, status="CONVERGED")
    assert verdict(0.98, **ends).verdict == "inside our interval"
    assert verdict(0.98, **ends | {"high": 0.981}).verdict == "differs"
    assert verdict(5.0, "levi_alpha_range").verdict == "inside the printed range"
    assert verdict(1.0, "levi_alpha_range").verdict == "differs"
    assert verdict(25.0, "levi_alpha_range").verdict == "differs"
    reading = "chen2024_vote_mmlu_physics_k3"
    assert verdict(0.5283, reading).verdict == "within the error of reading"
    # a spread that a paper prints is no interval for its mean
    assert verdict(0.004, "brown_fig5_math_llama38binstruct_err").verdict == "differs"
    assert verdict(math.nan, status="FAILED").verdict == "no number from the fit"


def test_sign_and_unit_are_the_papers():
    pair = verdict(0.352, "brown_fig5_math_pythia12b_b", -1, low=0.33, high=0.37, level=0.95,
                   status="CONVERGED")  # fmt: skip
    assert (pair.ours, pair.ours_low, pair.ours_high) == (-0.352, -0.37, -0.33)
    assert pair.verdict == "agrees to the printed digits"
    percent = verdict(0.45213, "wu_t1_llemma7b_sampling_n256", 0.01)
    assert percent.ours == pytest.approx(45.213)


def test_remarks_by_key_and_method():
    key = "brown_math_llama38binstruct_pass10000"
    fits = tabulate([result_row(**PRINTED | {"method": m}, value=0.9, published=key)
                     for m in ("unbiased", "plug_in")])  # fmt: skip
    table = replications.compare(fits, remarks={key: {"plug_in": "biased"}})
    assert dict(zip(table.method, table.reason, strict=True)) == {
        "unbiased": "not explained yet", "plug_in": "biased"
    }  # fmt: skip
    assert set(replications.compare(fits, remarks={key: "both"}).reason) == {"both"}
    both = replications.compare(fits, remarks={"brown_*_pass10000": {"unbiased": "all"}})
    assert sorted(both.reason) == ["all", "not explained yet"]
    for wrong in ({"nothing": "x"}, {"levi_*": "x"}, {key: {"interpolated": "x"}}):
        with pytest.raises(ValueError, match="which is not compared"):
            replications.compare(fits, remarks=wrong)


@pytest.mark.parametrize("key, text", [
    ("schaeffer_t1_pythia160m_b", "0.280"),
    ("brown_codecontests_gemma2b_pass1", "0.0002"),
    ("jones_incline_const", "-4,400 Elo"),
    ("wu_t1_mistral7b_sampling_n256_flops", "8.70e+14 FLOPs"),
    ("levi_alpha_range", "2 to 20"),
    ("stroebl_optimal_k", "below 10 samples"),
    ("gao_alpha_beta", "not known"),
])  # fmt: skip
def test_numbers_are_shown_as_printed(key, text):
    assert replications.printed(load("published_constants").set_index("key").loc[key]) == text


def test_committed_results_are_ordered_and_explained():
    fits = read_fits()
    assert fits.equals(tabulate(fits.to_dict("records")))
    table = replications.compare()
    unexplained = table[table.reason == replications.MISSING]
    assert unexplained.empty, unexplained[["key", "method", "ours", "difference"]]
    constants = load("published_constants").set_index("key")
    for given in fits[fits.source.isin(constants.index)].itertuples():
        printed = constants.loc[given.source]
        for ours, theirs in ((given.benchmark, printed.benchmark), (given.model, printed.model)):
            known = set(theirs.split(" + "))
            assert not theirs or set(ours.split(" + ")) <= known or "family" in theirs, given


def test_remarks_are_text():
    path = ROOT / "scaling_utils" / "report" / "remarks.yml"
    remarks = yaml.safe_load(path.read_text(encoding="utf-8"))
    for entry in (remarks or {}).values():
        for text in entry.values() if isinstance(entry, dict) else [entry]:
            assert isinstance(text, str) and text.endswith(".")


def test_missing_values_do_not_hide_rows():
    table = tabulate([row(low=None, high=None, level=None, n_problems=None)])
    assert pd.isna(table.low[0]) and pd.isna(table.n_problems[0]) and len(table) == 1
