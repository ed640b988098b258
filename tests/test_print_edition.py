"""The joined text of the print edition: links within it, no code, contents with numbers."""

import pytest

pytest.importorskip("bs4")
pytest.importorskip("pypdf")

import print_edition

PAGES = ["index", "chapters/vote", "chapters/references"]
HTML = """<article><h1 id="top">1. Vote</h1><details class="code-fold"><pre>code</pre></details>
<details><summary>Why</summary>Because.</details>
<img class="only-light" src="../figures/f.svg" loading="lazy"><img class="only-dark" src="x.svg">
<a href="references.html#id1">2024</a><a href="#top">here</a></article>"""


@pytest.mark.parametrize("href,lead", [
    ("references.html#id1", "#chapters-references--id1"),
    ("../index.html", "#index"),
    ("#top", "#chapters-vote--top"),
    ("https://x.org/a.html#b", "https://x.org/a.html#b"),
    ("../_static/fits.csv", None),
])  # fmt: skip
def test_links_lead_within_the_text(href, lead):
    assert print_edition.target("chapters/vote", href, PAGES) == lead


@pytest.fixture
def part(tmp_path):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "vote.html").write_text(HTML, "utf-8")
    return print_edition.article(tmp_path, "chapters/vote", PAGES), tmp_path


def test_code_goes_and_folds_open(part):
    assert "code" not in part[0].get_text() and part[0].select_one("details").has_attr("open")


def test_ids_are_told_apart_and_pictures_are_found(part):
    section, folder = part
    assert section["id"] == "chapters-vote" and section.h1["id"] == "chapters-vote--top"
    assert [image["src"] for image in section.select("img")] == [
        (folder / "figures" / "f.svg").resolve().as_uri()]  # fmt: skip


def test_contents_have_the_numbers_once_they_are_known(part, tmp_path):
    text = print_edition.joined(tmp_path, {"chapters/vote": part[0]}, {"chapters-vote": 7})
    assert '<a href="#chapters-vote">1. Vote</a><span>7</span>' in text
    assert "<span></span>" in print_edition.joined(tmp_path, {"chapters/vote": part[0]}, {})
