"""The page of replications: each number once with its anchor, counts as counted here, exports."""
import csv
import json
import re
from collections import Counter
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
import yaml

from scaling_utils import __version__, load
from scaling_utils.report import export, replications, replications_page, results_page
from scaling_utils.report.results import read_fits, result_row, tabulate

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "chapters" / "replications.md").read_text("utf-8")
CONSTANTS = load("published_constants").query("published")


@pytest.fixture(scope="module")
def table():
    """The committed comparison."""
    return replications.compare()


def ids(html):
    """Anchors of a piece of HTML."""
    return re.findall(r'id="([^"]+)"', html)


@pytest.mark.slow
def test_every_published_number_has_one_anchor(table):
    named = re.findall(r'replications_page\.paper\("(\w*)", table\)', TEXT)
    assert sorted(named) == sorted(set(CONSTANTS.paper))
    anchors = [a for name in named for a in ids(replications_page.paper(name, table))]
    assert sorted(anchors) == sorted(CONSTANTS.key)


def test_headline_counts_are_those_of_an_independent_count(table):
    text = str(replications_page.summary(table))
    tested = table.groupby("key").verdict.agg(set)
    agree = sum(bool(v & set(replications.AGREES)) for v in tested)
    inside = sum(not v & set(replications.AGREES) and replications.UNDECIDED in v for v in tested)
    assert f"knows {len(CONSTANTS)} published" in text and f"tests {len(tested)} of" in text
    last = [int(n) for n in re.findall(r"\d+", text.splitlines()[-1])]
    assert last == [len(tested), agree, inside, len(tested) - agree - inside]
    rows = [[int(n) for n in re.findall(r"\d+", line)] for line in text.splitlines()[4:-1]]
    assert [sum(column) for column in zip(*rows, strict=True)] == last


def test_counts_of_the_page_can_be_had_from_the_published_file_alone():
    """Without the package: a number counts once, with the best of its verdicts."""
    with (ROOT / "results/replications.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    agree = {"agrees to the printed digits", "within the error of reading",
             "inside the printed range"}  # fmt: skip
    verdicts = {row["key"]: set() for row in rows}
    for row in rows:
        verdicts[row["key"]].add(row["verdict"])
    counts = Counter("agree" if seen & agree else "inside" if "inside our interval" in seen
                     else "untested" if seen == {"untested"} else "differ"
                     for seen in verdicts.values())  # fmt: skip
    tested = len(verdicts) - counts["untested"]
    text = str(replications_page.summary(replications.compare()))
    assert f"knows {len(verdicts)} published numbers. It tests {tested} of them; " in text
    assert f"{counts['untested']} remain untested" in text and tested >= 195
    last = [tested, *(counts[name] for name in ("agree", "inside", "differ"))]
    assert text.splitlines()[-1] == f"| all tested | {' | '.join(map(str, last))} |"


def test_every_untested_number_has_a_reason_that_says_what_is_needed():
    untested = CONSTANTS[CONSTANTS.testable == "no"]
    assert (untested.chapter == "").all() and (untested.why_not.str.len() > 20).all()
    enough = untested.why_not.str.contains(r"\btests? |nothing to test|not released")
    assert untested.key[~enough].tolist() == []
    assert (CONSTANTS.why_not[CONSTANTS.testable == "yes"] == "").all()


def test_other_ways_are_folded_and_say_what_differs():
    shared = dict(law="pass_at_k", parameter="coverage", benchmark="MATH",
                  model="Llama-3-8B-Instruct", dataset="monkeys_counts",
                  published="brown_math_llama38binstruct_pass10000")
    fits = tabulate([result_row(**shared, method="unbiased", value=0.9844),
                     result_row(**shared, method="digitised", value=0.9)])
    html = replications_page.paper("brown2024monkeys", replications.compare(fits, remarks={}))
    (row,) = re.findall(r'<tr id="brown_math_llama38binstruct_pass10000".*?</tr>', html, re.S)
    assert "1 more" in row and re.search(r"<li>digitised: 0\.90", row)
    assert 'data-kind="recount" data-verdict="agrees"' in row


def test_a_paper_is_folded_under_its_counts_and_links_to_what_differs_most(table):
    html = replications_page.paper("brown2024monkeys", table)
    mine = table[(table.paper == "brown2024monkeys")]
    firsts = [replications_page.ranked(rows).iloc[0] for _, rows in mine.groupby("key")]
    off = {row.key: abs(row.relative) for row in firsts
           if row.verdict == replications.DIFFERS and abs(row.relative) >= 0}  # fmt: skip
    assert 'class="most">Differs most' in html
    assert f'href="#{max(off, key=off.get)}"' in html.split("<details")[0]
    assert re.search(r'<details class="paper"><summary>Brown et al. 2024 .*: \d+ agree', html)
    alone = replications_page.paper("yao2023tree", table)
    assert alone.count("<details") == 1 and "most" not in alone.split("<summary>")[0]


def test_a_paper_without_numbers_is_refused(table):
    with pytest.raises(ValueError, match="no published number of 'nobody'"):
        replications_page.paper("nobody", table)


def test_methods_are_of_a_kind():
    assert {replications.kind(m) for m in read_fits().method} <= set(replications.KINDS)
    with pytest.raises(ValueError, match="of no kind"):
        replications.kind("by_guess")


def test_derived_numbers_claim_no_published_value():
    page = replications_page.derived()
    assert page.count("<li>") == (~load("published_constants").published).sum()
    assert "published" not in page


def test_exports_are_in_step_and_whole(table):
    date = str(yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["date-released"])
    for name, text in (("csv", export.csv_text(date)), ("json", export.json_text(date))):
        assert (ROOT / f"results/replications.{name}").read_text("utf-8") == text, "run `make sync`"
    rows = pd.read_csv(StringIO(export.csv_text(date)))
    assert list(rows.columns) == export.COLUMNS + export.RELEASE
    assert set(rows.key) == set(CONSTANTS.key)
    assert set(rows.version) == {__version__} and set(rows.date) == {date}
    assert len(rows) == len(table) + (~CONSTANTS.key.isin(table.key)).sum()
    content = json.loads(export.json_text(date))
    assert content["format"] == export.FORMAT and len(content["rows"]) == len(rows)
    assert (content["version"], content["date"]) == (__version__, date)


def test_columns_of_the_first_format_are_still_there():
    """Who reads the files by column goes on to; a change here raises `export.FORMAT`."""
    first = ["key", "paper", "citation", "where", "quantity", "benchmark", "model", "value", "low",
             "high", "unit", "certainty", "ours", "ours_low", "ours_high", "difference",
             "relative", "kind", "verdict", "reason", "method", "status", "dataset",
             "our_benchmark", "our_model", "k_min", "k_max", "parameter", "law_key", "chapter",
             "why_not"]  # fmt: skip
    assert export.FORMAT == 1 and set(first) <= set(export.COLUMNS)


def test_results_page_links_to_equations_and_published_numbers():
    html = results_page.table(read_fits().head(40))
    assert html.count("<tr id=") == 40
    links = re.findall(r'replications\.html#(\w+)', html)
    assert links and set(links) <= set(CONSTANTS.key)


def test_rows_of_results_have_addresses_of_their_own_that_only_the_key_decides():
    fits = read_fits()
    addresses = [results_page.anchor(row) for row in fits.itertuples()]
    assert len(set(addresses)) == len(fits)
    other = fits.assign(value=0.0, low=float("nan"), status="FAILED", published=1.0)
    assert [results_page.anchor(row) for row in other.itertuples()] == addresses
    html = results_page.table(fits.head(3))
    assert all(f'<tr id="{a}"' in html and f'href="#{a}"' in html for a in addresses[:3])
