"""How to cite the book, its pages and its numbers: facts agree wherever they stand."""
import re
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import cite
import pytest
import yaml
from docutils import nodes

ROOT = Path(__file__).parents[1]
FACTS = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))


def fields(entry):
    """Fields of a BibTeX entry."""
    return dict(re.findall(r"^  (\w+) = \{(.*)\},$", entry, re.M))


def test_entry_of_the_book_holds_the_facts_of_the_citation_file():
    entry = cite.bibtex("index", FACTS["title"], "https://x.org/")
    given = fields(entry)
    assert entry.startswith("@misc{inference-scaling-laws,") and entry.endswith("\n}")
    assert given["title"] == "{" + FACTS["title"] + "}" and given["url"] == "https://x.org/"
    assert given["version"] == FACTS["version"] and str(FACTS["date-released"]) in given["note"]
    assert given["year"] == str(FACTS["date-released"])[:4]
    assert given["author"] == "{" + FACTS["authors"][0]["name"] + "}"


def test_entry_of_a_chapter_can_be_read_by_a_bibliography():
    from pybtex.database import parse_string

    text = cite.bibtex("chapters/pass_at_k", "pass@k: a & b, 50 %", "https://x.org/c.html")
    entry = parse_string(text, "bibtex").entries["inference-scaling-laws-pass-at-k"]
    assert entry.type == "incollection" and FACTS["title"] in entry.fields["booktitle"]
    assert entry.fields["title"] == r"{pass@k: a \& b, 50 \%}"
    assert len(entry.persons["author"]) == 1


def test_people_are_joined_by_and():
    facts = FACTS | {"authors": [{"family-names": "Doe", "given-names": "Jo"}, {"name": "Us"}]}
    assert cite.authors(facts) == "{Doe, Jo} and {Us}"


@pytest.mark.parametrize("page", ["index", "chapters/one"])
def test_box_stands_at_the_foot_of_each_page_with_a_text(page):
    app = SimpleNamespace(config=SimpleNamespace(html_baseurl="https://x.org/"),
                          env=SimpleNamespace(titles={page: nodes.title("", "A < B")}))
    context = {"body": "<p>text</p>", "metatags": ""}
    cite.add(app, page, "page.html", context, object())
    assert context["body"].startswith("<p>text</p><footer")
    entry = unescape(re.search(r"<pre>(.*)</pre>", context["body"], re.S)[1])
    whole = page == "index"
    assert fields(entry)["url"] == "https://x.org/" + ("" if whole else "chapters/one.html")
    assert ("<details open>" in context["body"]) == whole
    assert f'"book_version" content="{FACTS["version"]}"' in context["metatags"]
    assert whole or "A &lt; B" in context["metatags"]


def test_pages_without_a_text_get_no_box():
    context = {"body": "index of words"}
    cite.add(None, "genindex", "genindex.html", context, None)
    assert context == {"body": "index of words"}
