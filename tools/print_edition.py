"""Print the built book as one PDF, by a real browser: contents, page numbers, no code.

The pages' articles are joined in reading order, with their links led to each other; a first print
says on which page each chapter starts, a second has these numbers in its contents.
"""
import re
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import browser
from bs4 import BeautifulSoup
from plain_text import toc_pages
from pypdf import PdfReader

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         "--generate-pdf-document-outline", "--virtual-time-budget=60000")  # fmt: skip
SHEETS = ("_static/katex/katex.min.css", "_static/pygments.css", "_static/katex-math.css")
PAPER = Path(__file__).with_suffix(".css")
DROPPED = ("script, style, button, dialog, .headerlink, .prev-next-footer, .figure-files, "
           ".code-fold, .only-dark, .cite-box, .live-figure, .table-filter, .copybtn")  # fmt: skip


def anchor(page, name=""):
    """Name of a place of the joined text: the page, and an id on it.

    >>> anchor("chapters/unseen", "eq-x")
    'chapters-unseen--eq-x'
    """
    return page.replace("/", "-") + (f"--{name}" if name else "")


def target(page, href, pages):
    """Where a link leads in the joined text; an address elsewhere stays as it is."""
    parts = urlsplit(href)
    if parts.scheme:
        return href
    path = (Path(page).parent / parts.path).as_posix() if parts.path else f"{page}.html"
    other = re.sub(r"[^/]+/\.\./", "", path).removesuffix(".html")
    return "#" + anchor(other, unquote(parts.fragment)) if other in pages else None


def article(html, page, pages):
    """The article of a page, with ids of its own and links within the joined text."""
    part = BeautifulSoup((html / f"{page}.html").read_text("utf-8"), "html.parser")
    part = part.select_one("article")
    for dropped in part.select(DROPPED):
        dropped.decompose()
    for fold in part.select("details"):
        fold["open"] = ""
    for element in part.select("[id]"):
        element["id"] = anchor(page, element["id"])
    for link in part.select("a[href]"):
        link["href"] = target(page, link["href"], pages) or "#"
    for image in part.select("img[src]"):
        image["src"] = ((html / page).parent / image["src"]).resolve().as_uri()
        image["loading"] = "eager"
    part.name, part["id"], part["class"] = "section", anchor(page), "page"
    return part


def contents(titles, numbers):
    """The list of chapters, each with the page it starts on once that is known."""
    rows = (f'<li><a href="#{anchor(page)}">{escape(title)}</a>'
            f'<span>{numbers.get(anchor(page), "")}</span></li>'
            for page, title in titles.items())  # fmt: skip
    return f'<nav class="contents"><h1>Contents</h1><ol>{"".join(rows)}</ol></nav>'


def heading(part):
    """The title of a page."""
    return part.select_one("h1").get_text(" ", strip=True)


def joined(html, parts, numbers):
    """The whole text as one page for the browser."""
    sheets = "".join(f'<link rel="stylesheet" href="{path.resolve().as_uri()}">'
                     for path in (*(html / name for name in SHEETS), PAPER))  # fmt: skip
    titles = {page: heading(part) for page, part in parts.items()}
    first, *rest = map(str, parts.values())
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8">{sheets}<title>'
            f"{escape(next(iter(titles.values())))}</title></head><body>{first}"
            f"{contents(titles, numbers)}{''.join(rest)}</body></html>")  # fmt: skip


def print_page(chromium, text, out):
    """Print a page to a PDF."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        source = Path(home) / "book.html"
        source.write_text(text, "utf-8")
        command = [chromium, *FLAGS, f"--user-data-dir={home}/profile",
                   f"--print-to-pdf={out.resolve()}", source.as_uri()]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=1200)


def starts(out):
    """Page of the PDF, from one, on which each named place lies."""
    reader = PdfReader(out)
    return {name.lstrip("/"): reader.get_destination_page_number(place) + 1
            for name, place in reader.named_destinations.items()}  # fmt: skip


def main(folder, out):
    """Print the book twice, the second time with its contents numbered."""
    chromium = browser.find()
    if chromium is None:
        sys.exit("make pdf needs Chromium, and none was found")
    html, out = Path(folder), Path(out)
    pages = [page for page in toc_pages() if (html / f"{page}.html").exists()]
    parts = {page: article(html, page, pages) for page in pages}
    print_page(chromium, joined(html, parts, {}), out)
    print_page(chromium, joined(html, parts, starts(out)), out)
    print(f"{out}: {len(PdfReader(out).pages)} pages")


if __name__ == "__main__":
    main(*sys.argv[1:])
