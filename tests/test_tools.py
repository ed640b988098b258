"""The checks of the built site find what they are for; notebooks follow from their texts alone."""
from pathlib import Path

import check_site
import check_yaml
import pytest
import sync
import yaml

from scaling_utils.data.datasets import LOADER

ROOT = Path(__file__).parents[1]
HEAD = """<meta name="description" content="How coverage rises with the number of samples.">
<meta property="og:description" content="How coverage grows with the number of samples.">
<meta property="og:url" content="https://x.org/"><meta property="og:image" content="https://x.org/a">
"""
GOOD = f"""<html><head>{HEAD}<link rel="stylesheet" href="_static/a.css"></head><body>
<a href="https://mybinder.org/v2/gh/x/y/main?urlpath=lab/tree/page.ipynb">Binder</a>
<article><h1 id="top">T</h1><a href="#top">up</a><a href="index.html">home</a>
<figure id="fig-a"><img src="_static/a.svg" alt="a rising line"><figcaption>
<span>Fig. 1.1 </span>Seen.<a>#</a></figcaption></figure></article></body></html>"""
FAULTS = {
    '"#top"': ('"#bottom"', "no such anchor"),
    '"index.html"': ('"gone.html"', "dead link"),
    'src="_static/a.svg"': ('src="https://example.org/a.svg"', "asset from elsewhere"),
    '"_static/a.css"': ('"_static/b.css"', "no such asset"),
    "a rising line": ("_images/0f.png", "alternative text"),
    'id="fig-a"': ('id="id1"', "without a name"),
    "Seen.": ("", "no caption"),
    "tree/page.ipynb": ("tree/page.md", "launch link to"),
    'name="description"': ('name="keywords"', "0 tags description"),
    "grows": (r"$c(k) = \exp$", "not a plain sentence"),
    'content="https://x.org/a"': ('content="a.png"', "no absolute og:image"),
    "home</a>": ("home</a> ... model.; printed", "left over: '.;'"),
    "</figure></article>": ("</figure><pre>(188, 17)</pre></article>", "left over: '(188, 17)'"),
    "<figure id": ('<img src="_static/a.svg" alt="one more line"><figure id', "outside a figure"),
}
TOC = {"root": "index", "parts": [{"chapters": [{"file": "page"}]}]}


def site(folder, text):
    """A site of two pages."""
    (folder / "_static").mkdir()
    (folder / "_static" / "a.css").write_text("p {}")
    (folder / "_static" / "a.svg").write_text("<svg/>")
    (folder / "figures").mkdir()
    for kind in ("csv", "svg"):
        (folder / "figures" / f"fig-a.{kind}").write_text("x,y")
    (folder / "index.html").write_text(f"{HEAD}<article>home</article>")
    (folder / "page.html").write_text(text)
    return list(check_site.findings(folder, TOC, {"page.ipynb"}))


def test_a_good_site_has_no_findings(tmp_path):
    assert site(tmp_path, GOOD) == []


@pytest.mark.parametrize("old", FAULTS)
def test_each_planted_fault_is_found(tmp_path, old):
    new, message = FAULTS[old]
    assert GOOD.count(old) == 1
    assert any(message in finding for finding in site(tmp_path, GOOD.replace(old, new)))


def test_a_figure_without_its_data_is_found(tmp_path):
    site(tmp_path, GOOD)
    (tmp_path / "figures" / "fig-a.csv").unlink()
    found = list(check_site.findings(tmp_path, TOC, {"page.ipynb"}))
    assert found == ["page: figure fig-a has no data or no drawing"]


def test_missing_pages_and_outside_styles_are_found(tmp_path):
    site(tmp_path, GOOD)
    (tmp_path / "_static" / "a.css").write_text("@import url('//fonts.example.org/x.css');")
    (tmp_path / "page.html").rename(tmp_path / "other.html")
    found = " ".join(check_site.findings(tmp_path, TOC, set()))
    assert "page: in _toc.yml, not built" in found and "other: built, not in _toc.yml" in found
    assert "fonts.example.org" in found


@pytest.mark.slow
def test_a_notebook_is_a_function_of_its_text():
    for path in sync.texts():
        once, again = sync.notebook(path), sync.notebook(path)
        assert once == again and '"outputs": []' in once


def test_yaml_with_a_key_twice_is_refused(tmp_path):
    with pytest.raises(ValueError, match="line 1: a twice"):
        check_yaml.check(yaml.compose("a: 1\na: 2\n"), "x.yml")
    for path in [*ROOT.glob("*.yml"), *ROOT.glob("scaling_utils/data/sets/**/*.yml")]:
        check_yaml.check(yaml.compose(path.read_text("utf-8"), LOADER), path)
