"""Data match their cards, their vocabulary and what the papers print."""
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from scaling_utils import datasets
from scaling_utils.data.datasets import available, card, load, names, unknown_names

FIELDS = {
    "title", "row", "key", "independent_unit", "columns", "rows", "sha256", "source", "obtained",
    "licence", "exclusions", "external_check", "known_problems", "used_in",
}  # fmt: skip
COLUMN_FIELDS = {"type", "meaning", "unit", "min", "max", "values", "names", "optional"}
SETS = ["monkeys_counts", "monkeys_curves", "published_constants"]
CONFIGURATIONS = {
    "MATH": (128, 9), "GSM8K": (127, 2), "CodeContests": (140, 5), "MiniF2F-MATH": (130, 2)
}  # fmt: skip
CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.md"))
each_set = pytest.mark.parametrize("name", available())


@cache
def table_of(name):
    """A data set, read once for all tests that only look at it."""
    return load(name)


@cache
def read_in():
    """Chapter -> names of the data sets that it asks for."""
    return {path.stem: {*re.findall(r'(?:load|card)\(\s*"([^"]*)"', path.read_text("utf-8"))}
            for path in CHAPTERS}


def coverage(counts, k):
    """Mean over problems of 1 - prod_j (1 - c / (n - j)), one term per draw."""
    n, c = counts.n_samples.to_numpy(), counts.n_correct.to_numpy()
    with np.errstate(divide="ignore"):
        terms = np.log1p(-np.minimum(c[:, None] / (n[:, None] - np.arange(k)), 1))
    return np.mean(-np.expm1(terms.sum(axis=1)))


def config(table, benchmark, model):
    return table[(table.benchmark == benchmark) & (table.model == model)]


def test_the_sets_are_known():
    assert set(SETS) <= set(available())


@each_set
def test_card_is_complete_and_true(name):
    entry, table = card(name), table_of(name)
    assert set(entry) == FIELDS and all(entry[key] for key in FIELDS - {"used_in"})
    assert list(table.columns) == list(entry["columns"])
    assert len(table) == entry["rows"]
    data = datasets.content(name)
    assert sha256(data).hexdigest() == entry["sha256"]
    assert b"\r" not in data


@each_set
def test_card_shows_itself_as_tables(name):
    text = card(name)._repr_markdown_()
    for block in re.split(r"\n\n+", text):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) <= 1, block
    assert card(name)["title"] in text and "Known problems" in text


@each_set
def test_card_names_the_chapters_that_read_the_data(name):
    used = {slug for slug, names in read_in().items() if name in names}
    given = set(card(name)["used_in"])
    assert used <= given <= {path.stem for path in CHAPTERS}
    assert given - used <= {"replications"}  # which reads through the package


def test_a_bar_stays_inside_its_cell():
    entry = card("monkeys_counts")
    entry["row"] = "one | two\nlines"
    assert "| row | one \\| two lines |\n" in entry._repr_markdown_()


@each_set
def test_columns_keep_their_types_and_ranges(name):
    table = table_of(name)
    for key, column in card(name)["columns"].items():
        assert set(column) <= COLUMN_FIELDS and {"type", "meaning"} <= set(column), key
        values = table[key]
        if column["type"] in ("int", "float"):
            assert pd.api.types.is_integer_dtype(values) == (column["type"] == "int"), key
            assert pd.api.types.is_numeric_dtype(values), key
            assert column.get("optional") or values.notna().all(), key
        for end, sign in (("min", 1), ("max", -1)):
            limit = table[column[end]] if column.get(end) in table else column.get(end)
            if limit is not None:
                assert (sign * (values - limit).dropna() >= 0).all(), (key, end)
        if "values" in column:
            assert set(values) <= set(column["values"]), key


@each_set
def test_rows_are_distinct(name):
    table = table_of(name)
    if "exclude" in table:
        table = table[table.exclude == ""]
    assert not table.duplicated(card(name)["key"]).any()


@each_set
def test_names_come_from_the_vocabulary(name):
    columns, table = card(name)["columns"], table_of(name)
    named = {key: column["names"] for key, column in columns.items() if "names" in column}
    assert {f"{key}s" for key in ("benchmark", "model") if key in table} == set(
        named.values()
    )
    for key, kind in named.items():
        for cell in table[key].unique():
            assert not unknown_names(kind, cell), cell


def test_vocabulary_says_what_is_known():
    for model in names("models").values():
        assert set(model) == {"family", "billions", "kind"}
        assert model["billions"] is None or model["billions"] > 0
    assert all(isinstance(text, str) for kind in ("benchmarks", "methods")
               for text in names(kind).values())  # fmt: skip
    text = (datasets.FOLDER / "names.yml").read_text(encoding="utf-8")
    keys = re.findall(r"^  ([^:#]+):", text, re.M)
    assert len(keys) == len(set(keys)) == sum(map(len, yaml.safe_load(text).values()))


def test_each_load_is_fresh():
    table = load("monkeys_counts")
    table.iloc[0, 0] = "changed"
    assert load("monkeys_counts").iloc[0, 0] == "MATH"


@pytest.mark.parametrize("name", ["monkeys", "", "../data/monkeys_counts"])
@pytest.mark.parametrize("function", [load, card])
def test_unknown_name_lists_the_sets(function, name):
    with pytest.raises(ValueError, match="monkeys_counts, monkeys_curves"):
        function(name)


def test_unknown_kind_of_name():
    with pytest.raises(ValueError, match="benchmarks, models, methods"):
        names("model")


def test_counts_are_complete():
    table = load("monkeys_counts")
    assert (table.n_correct <= table.n_samples).all()
    assert table.groupby(["benchmark", "model"]).ngroups == 18
    for benchmark, (n_problems, n_models) in CONFIGURATIONS.items():
        part = table[table.benchmark == benchmark]
        assert part.model.nunique() == n_models
        for _, rows in part.groupby("model"):
            assert rows.problem.tolist() == list(range(n_problems))
    index = table.dropna(subset="benchmark_index").groupby(["benchmark", "problem"])
    assert (index.benchmark_index.nunique() == 1).all()
    assert set(table[table.benchmark_index.isna()].benchmark) == {"CodeContests", "MiniF2F-MATH"}


@pytest.mark.parametrize("key, k", [
    ("brown_codecontests_gemma2b_pass1", 1),
    ("brown_codecontests_gemma2b_pass10000", 10_000),
    ("brown_math_pythia160m_pass1", 1),
    ("brown_math_pythia160m_pass10000", 10_000),
    ("brown_math_llama38binstruct_pass100", 100),
    ("brown_math_llama38binstruct_pass10000", 10_000),
])  # fmt: skip
def test_coverage_equals_the_printed_value(key, k):
    row = load("published_constants").set_index("key").loc[key]
    assert row.quantity == f"coverage at k={k}"
    ours = coverage(config(load("monkeys_counts"), row.benchmark, row.model), k)
    assert abs(ours - row.value) <= 0.5 * 10.0 ** -int(row.decimals)


def test_curves_rise_and_agree_with_the_printed_vote():
    table = load("monkeys_curves")
    for _, curve in table[table.metric == "coverage"].groupby("model"):
        assert curve.k.is_monotonic_increasing and curve.value.is_monotonic_increasing
    vote = config(table, "MATH", "Llama-3-8B-Instruct")
    read = np.interp(np.log([100, 10_000]), np.log(vote.k), vote.value)
    np.testing.assert_allclose(read, [0.4050, 0.4141], atol=0.0045)  # half a problem of 128


def test_published_constants_are_consistent():
    table = load("published_constants")
    assert table.key.str.fullmatch(r"[a-zA-Z0-9_]+").all()
    assert ((table.certainty == "derived") == ~table.published).all()
    assert ((table.testable == "no") == (table.why_not != "")).all()
    assert ((table.testable == "no") == (table.chapter == "")).all()
    written = table.chapter.isin([path.stem for path in CHAPTERS])
    assert (written == (table.testable == "yes")).all()
    assert (table.value.notna() == table.decimals.notna()).all()
    known = table.dropna(subset="value")
    exact = [round(v, int(d)) == v for v, d in zip(known.value, known.decimals, strict=True)]
    assert all(exact), known.key[~np.array(exact)]
    bounded = table.low.notna() | table.high.notna()
    assert (bounded == (table.bounds != "")).all()
    assert not (table.low > table.value).any() and not (table.value > table.high).any()
    assert table.groupby("citation").paper.nunique().eq(1).all()


def test_one_paper_one_key():
    table = load("published_constants")
    numbers = table.citation.str.extract(r"arXiv:([\d.]+)")[0].str.slice(0, 10)
    pairs = pd.DataFrame({"paper": table.paper, "number": numbers}).dropna().drop_duplicates()
    assert pairs.paper.is_unique and pairs.number.is_unique


@pytest.mark.parametrize("word", ["reproduce", "/shared", ".csv", ".md", "[D]", "[Q]", " our "])
def test_notes_speak_of_the_paper(word):
    table = load("published_constants")
    text = table[["quantity", "law", "note", "why_not", "citation"]].agg(" ".join, axis=1)
    assert not text.str.contains(word, regex=False).any()
