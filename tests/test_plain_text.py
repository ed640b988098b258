"""Pages as plain Markdown: mathematics as TeX, one picture per figure, no code, links that hold."""
import pytest

pytest.importorskip("bs4")
pytest.importorskip("markdownify")

import plain_text

PAGE = """<html><head><meta name="description" content="One sentence."></head><body><article>
<h1>1. A law<a class="headerlink" href="#a">#</a></h1>
<div class="admonition"><p class="admonition-title">Claim</p>
<p>Half of <strong>8</strong>.</p></div>
<p>With <span class="math"><span class="katex"><math><semantics><mrow><mi>a_b</mi></mrow>"""
PAGE += """<annotation encoding="application/x-tex">a_b</annotation></semantics></math>"""
PAGE += """<span class="katex-html">ab</span></span></span>, see
<a href="other.html#eq">(2.1)</a> and <a href="https://x.org/y.html">x</a>.</p>
<span class="katex-display"><span class="katex"><math><semantics><mrow>y</mrow>
<annotation encoding="application/x-tex">y = x</annotation></semantics></math></span></span>
<details class="code-fold"><summary>Code, 1 line</summary><pre>secret = 1</pre></details>
<figure><img class="only-light" alt="a line" src="f.svg"><img class="only-dark" alt="a line"
src="f.dark.svg"></figure></article></body></html>"""


@pytest.fixture(scope="module")
def written():
    return plain_text.markdown(PAGE)


def test_the_description_comes_with_the_text(written):
    assert written[1] == "One sentence."


def test_mathematics_is_tex(written):
    assert "With $a_b$, see" in written[0] and "\n$$y = x$$\n" in written[0]


def test_code_and_doubles_are_left_out(written):
    assert "secret" not in written[0] and written[0].count("a line") == 1


def test_boxes_and_headings_stand_out(written):
    assert written[0].startswith("# 1. A law\n") and "**Claim**" in written[0]


def test_links_lead_to_plain_pages_within_the_book_alone(written):
    assert "[(2.1)](other.md)" in written[0] and "(https://x.org/y.html)" in written[0]
