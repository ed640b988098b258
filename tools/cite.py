"""Sphinx extension: how to cite the page, at its foot; version and date come from CITATION.cff.

A page's head also names title, date and version, for reference managers and for the rows that are
copied from the tables.
"""
import re
from html import escape
from pathlib import Path

import yaml

FACTS = yaml.safe_load((Path(__file__).parents[1] / "CITATION.cff").read_text("utf-8"))
SPECIAL = re.compile(r"([&%#_$])")
BOX = """<footer class="cite-box"><details{open}><summary>Cite this {what}</summary>
<p>{title}, version {version} of {date}.{hint}</p>
<div class="highlight-none notranslate"><div class="highlight"><pre>{entry}</pre></div></div>
</details></footer>"""
HINT = ' A single number has <a href="{}">a row of its own</a> to cite.'
META = '<meta name="{}" content="{}">\n'


def authors(facts=FACTS):
    """Names as BibTeX joins them."""
    names = [a.get("name") or f"{a['family-names']}, {a['given-names']}" for a in facts["authors"]]
    return " and ".join("{" + name + "}" for name in names)


def bibtex(page, title, address, facts=FACTS):
    """Entry of the whole book, or of one of its pages."""
    whole, date = page == "index", str(facts["date-released"])
    key = "inference-scaling-laws" + ("" if whole else "-" + page.split("/")[-1].replace("_", "-"))
    fields = {
        "title": "{" + SPECIAL.sub(r"\\\1", title) + "}",
        "author": authors(facts),
        "booktitle": "" if whole else "{" + facts["title"] + "}",
        "year": date[:4],
        "version": str(facts["version"]),
        "note": f"Version {facts['version']}, {date}",
        "url": address,
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    return "\n".join([f"@{'misc' if whole else 'incollection'}{{{key},", *lines, "}"])


def box(page, title, address, facts=FACTS):
    """The box at the foot of a page; open on the first one."""
    whole = page == "index"
    hint = HINT.format("../" * page.count("/") + "chapters/replications.html")
    return BOX.format(
        open=" open" if whole else "", what="book" if whole else "page", title=escape(title),
        version=facts["version"], date=facts["date-released"], hint=hint,
        entry=escape(bibtex(page, title, address, facts)))  # fmt: skip


def metas(title, facts=FACTS):
    """Lines for the head of a page."""
    names = {"citation_title": title, "citation_publication_date": facts["date-released"],
             "book_version": facts["version"]}  # fmt: skip
    people = [("citation_author", author.get("name", "")) for author in facts["authors"]]
    return "".join(META.format(name, escape(str(text), quote=True))
                   for name, text in [*names.items(), *people])  # fmt: skip


def add(app, pagename, templatename, context, doctree):
    """Put box and head on every page that has a text."""
    if doctree is None or "body" not in context:
        return
    title = FACTS["title"] if pagename == "index" else app.env.titles[pagename].astext()
    address = f"{app.config.html_baseurl}{'' if pagename == 'index' else pagename + '.html'}"
    context["body"] += box(pagename, title, address)
    context["metatags"] = context.get("metatags", "") + metas(title)


def setup(app):
    """The address of the site is stated once, in _config.yml."""
    app.connect("html-page-context", add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
