"""Write each built page as plain Markdown beside it, and llms.txt, which lists them.

The text is that of the page: numbers set, references as links, mathematics as TeX, no code.
"""
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from markdownify import MarkdownConverter

ROOT = Path(__file__).parents[1]
DROPPED = {"script", "style", "button", "dialog"}  # elements, and classes of others
CLASSES = {"headerlink", "prev-next-footer", "figure-files", "code-fold", "only-dark", "cite-box",
           "live-figure"}  # fmt: skip


DRAWN, SPAN = '<span class="katex-html"', re.compile("<span|</span>")
MATHML = re.compile("(<semantics>).*?(?=<annotation)", re.S)
ARTICLE = re.compile("<article.*</article>", re.S)


class Writer(MarkdownConverter):
    """Markdown in which mathematics is TeX between dollars."""

    def convert_p(self, element, text, parent_tags):
        """A box's title stands out."""
        if "admonition-title" in element.get("class", []):
            text = f"**{text.strip()}**"
        return super().convert_p(element, text, parent_tags)

    def convert_annotation(self, element, text, parent_tags):
        """The TeX that a formula was set from; the rest of its MathML says the same."""
        display = element.find_parent(class_="katex-display") is not None
        tex = element.get_text().strip()
        return f"\n\n$${tex}$$\n\n" if display else f"${tex}$"


def without_drawn_formulas(html):
    """A page without the drawn forms of its formulas, most of its weight; their TeX stays.

    >>> without_drawn_formulas('<b></b><span class="katex-html"><span>x</span></span>y')
    '<b></b>y'
    >>> without_drawn_formulas("<semantics><mi>x</mi><annotation>x</annotation></semantics>")
    '<semantics><annotation>x</annotation></semantics>'
    """
    kept, at = [], 0
    while (start := html.find(DRAWN, at)) >= 0:
        kept.append(html[at:start])
        depth = 0
        for mark in SPAN.finditer(html, start):
            depth += 1 if mark[0] == "<span" else -1
            if not depth:
                at = mark.end()
                break
    return MATHML.sub(r"\1", "".join([*kept, html[at:]]))


def toc_pages():
    """Pages of the book in reading order, without an ending."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    return [toc["root"], *(c["file"] for part in toc["parts"] for c in part["chapters"])]


def dropped(element):
    """Whether an element is no text."""
    return element.name in DROPPED or not CLASSES.isdisjoint(element.get("class", ()))


def markdown(html):
    """The article of a page as Markdown, and the page's description."""
    article = BeautifulSoup(without_drawn_formulas(ARTICLE.search(html)[0]), "html.parser")
    for part in article.find_all(dropped):
        part.decompose()
    text = Writer(heading_style="ATX", escape_underscores=False, escape_asterisks=False,
                  escape_misc=False).convert_soup(article)  # fmt: skip
    text = re.sub(r"\]\((?!https?:)([^)#]*)\.html(#[^)]*)?\)", r"](\1.md)", text)
    head = BeautifulSoup(html.partition("</head>")[0], "html.parser")
    found = head.select_one('meta[name="description"]')
    return re.sub(r"[ \t]+\n", "\n", re.sub(r"\n{3,}", "\n\n", text)).strip() + "\n", (
        found["content"] if found else "")  # fmt: skip


def title(text, page):
    """The heading of a page."""
    found = re.search(r"^# (.+)$", text, re.M)
    return found[1].strip() if found else page


def convert(path):
    """Write one page as Markdown beside it; its text and description."""
    text, description = markdown(path.read_text("utf-8"))
    path.with_suffix(".md").write_text(text, "utf-8")
    return text, description


def main(folder):
    """Write the pages, their list, and all of them in one file."""
    html, pages = Path(folder), toc_pages()
    with ProcessPoolExecutor() as pool:
        texts = list(pool.map(convert, [html / f"{page}.html" for page in pages]))
    lines = [f"- [{title(text, page)}]({page}.md): {description}"
             for page, (text, description) in zip(pages, texts, strict=True)]  # fmt: skip
    head = f"# {title(texts[0][0], 'index')}\n\n> {texts[0][1]}\n\n"
    listing = "## Pages\n\n" + "\n".join(lines) + "\n\nAll of them in one file: llms-full.txt\n"
    whole = "\n\n---\n\n".join(text for text, _ in texts)
    (html / "llms.txt").write_text(head + listing, "utf-8")
    (html / "llms-full.txt").write_text(whole, "utf-8")
    print(f"{len(lines)} pages as plain text, {len(whole) // 1000} thousand characters")


if __name__ == "__main__":
    main(sys.argv[1])
