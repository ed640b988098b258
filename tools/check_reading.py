"""Measure the built pages as a reader meets them, in headless Chromium; any finding fails.

Screens of each chapter and of its longest section (code folded, 1440 x 900), bytes that a page
loads compressed, pictures with too few pixels, screens at which the page's contents mark no
section, and the first page that the search gives for the questions of tests/search.yml.
"""
import gzip
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from one_pass import Check, main
from plain_text import toc_pages

ROOT = Path(__file__).parents[1]
QUERIES = ROOT / "tests" / "search.yml"
WIDTH = 1440
SCREENS, SECTION, WEIGHT = 20, 3, 600  # screens of a chapter, of a section, and kB of a page
LISTS = ("index", "chapters/notation", "chapters/glossary", "chapters/references",
         "chapters/results", "reference/")  # to look things up in: their sections may be long

def weight(html, page, asked):
    """Kilobytes that a page and what it asks for have when compressed; pictures are as they are."""
    paths = [html / f"{page}.html"] + [html / unquote(urlsplit(a).path).lstrip("/") for a in asked]
    small = (".png", ".woff2")
    total = sum(len(p.read_bytes()) if p.suffix in small else len(gzip.compress(p.read_bytes()))
                for p in set(paths) if p.is_file())  # fmt: skip
    return total / 1000


def page_findings(html, page, row):
    """What is too long, too heavy or coarse on a page, in words; its measures are printed."""
    kilobytes, (height, name) = weight(html, page, row["asked"]), row["longest"] or (0, "")
    print(f"{page:35s} {row['screens']:5.1f} screens, longest section {height:4.1f} ({name}), "
          f"{kilobytes:4.0f} kB, {row['stops']} stops")  # fmt: skip
    if row["screens"] > SCREENS:
        yield f"{page}: {row['screens']:.1f} screens, more than {SCREENS}"
    if height > SECTION and not page.startswith(LISTS):
        yield f"{page}: section {name} has {height:.1f} screens, more than {SECTION}"
    if kilobytes > WEIGHT:
        yield f"{page}: {kilobytes:.0f} kB compressed, more than {WEIGHT}"
    if row["coarse"]:
        yield f"{page}: {row['coarse']} pictures with too few pixels"
    if row["lost"]:
        yield f"{page}: the contents mark no section at screens {row['lost']}"


def search_findings(query, found, wanted):
    """A question whose first page is none of those that would do."""
    first = Path(urlsplit(found[0]).path).stem if found else "nothing"
    if first not in wanted.split():
        yield f"search {query!r}: {first}, not {' or '.join(wanted.split())}"


def questions():
    """What is searched for, and the pages that would do."""
    asked = yaml.safe_load(QUERIES.read_text("utf-8"))
    return {str(query): pages for query, pages in asked.items()}


def findings(html, reports):
    """Findings of the pages in reading order, then of the search."""
    for page in toc_pages():
        if (f"{page}.html", WIDTH) in reports:
            yield from page_findings(html, page, reports[f"{page}.html", WIDTH])
    for query, pages in questions().items():
        if query in reports:
            yield from search_findings(query, reports[query], pages)


def said(reports, n):
    """Pages and questions."""
    pages = sum(isinstance(key, tuple) for key in reports)
    return f"{pages} pages measured, {len(reports) - pages} questions searched, {n} findings"


CHECK = Check("check_reading", findings, said,
              sights=lambda html: {f"{page}.html": (WIDTH,) for page in toc_pages()
                                   if (html / f"{page}.html").exists()},
              tasks=lambda html: {query: {"query": query} for query in questions()})

if __name__ == "__main__":
    main(sys.argv[1], CHECK)
