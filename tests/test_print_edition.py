"""The joined text of the print edition: links within it, no code, contents with numbers."""
import importlib.util
import sys
from pathlib import Path

import pytest

pytest.importorskip("bs4")
pytest.importorskip("pypdf")
TOOLS = Path(__file__).parents[1] / "tools"
PAGES = ["index", "chapters/vote", "chapters/references"]
HTML = """<article><h1 id="top">1. Vote</h1><details class="code-fold"><pre>code</pre></details>
<details><summary>Why</summary>Because.</details>
<img class="only-light" src="../figures/f.svg" loading="lazy"><img class="only-dark" src="x.svg">
<a href="references.html#id1">2024</a><a href="#top">here</a></article>"""


@pytest.fixture(scope="module")
def edition():
    sys.path.insert(0, str(TOOLS))
    try:
        spec = importlib.util.spec_from_file_location("edition", TOOLS / "print_edition.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(TOOLS))


@pytest.mark.parametrize("href,lead", [
    ("references.html#id1", "#chapters-references--id1"),
    ("../index.html", "#index"),
    ("#top", "#chapters-vote--top"),
    ("https://x.org/a.html#b", "https://x.org/a.html#b"),
    ("../_static/fits.csv", None),
])  # fmt: skip
def test_links_lead_within_the_text(edition, href, lead):
    assert edition.target("chapters/vote", href, PAGES) == lead


@pytest.fixture
def part(edition, tmp_path):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "vote.html").write_text(HTML, "utf-8")
    return edition.article(tmp_path, "chapters/vote", PAGES), tmp_path


def test_code_goes_and_folds_open(part):
    assert "code" not in part[0].get_text() and part[0].select_one("details").has_attr("open")


def test_ids_are_told_apart_and_pictures_are_found(part):
    section, folder = part
    assert section["id"] == "chapters-vote" and section.h1["id"] == "chapters-vote--top"
    assert [image["src"] for image in section.select("img")] == [
        (folder / "figures" / "f.svg").resolve().as_uri()]  # fmt: skip


def test_contents_have_the_numbers_once_they_are_known(edition, part, tmp_path):
    text = edition.joined(tmp_path, {"chapters/vote": part[0]}, {"chapters-vote": 7})
    assert '<a href="#chapters-vote">1. Vote</a><span>7</span>' in text
    assert "<span></span>" in edition.joined(tmp_path, {"chapters/vote": part[0]}, {})
