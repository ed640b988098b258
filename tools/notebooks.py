"""Write the executed chapters as plain notebooks, readable where the book's markup is not known.

Numbers and figures are baked in, references are links to the site, every equation has its number.
After a build: python tools/notebooks.py _build OUT. The workflow puts them beside the pages.
"""
import json
import re
import sys
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from executed import notebook
from plain_text import toc_pages
from pybtex.database import parse_file
from sphinx.util.inventory import InventoryFile

ROOT = Path(__file__).parents[1]
BOX = re.compile(r"^(`{3,}|:{3,})\{([\w:-]+)\}[ \t]*([^\n]*)\n(.*?)^\1[ \t]*$", re.S | re.M)
OPTION = re.compile(r"\A:([\w-]+):[ \t]*([^\n]*)\n")
DISPLAY = re.compile(r"\$\$(.+?)\$\$[ \t]*\((eq-[\w-]+)\)", re.S)
ROLE = re.compile(r"\{([\w:]+)\}`([^`]+)`")
TITLED = re.compile(r"(.+?)\s*<([^>]+)>\Z", re.S)
INSTALL = '%pip install --quiet "inference-scaling-compendium[book] @ git+{url}"'


def address():
    """Addresses of the site and of the repository."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    return config["html"]["baseurl"], config["repository"]["url"]


def numbers(html):
    """What the pages call their equations, figures and theorems: id to (text, address)."""
    found = {}
    for path in sorted(html.glob("**/*.html")):
        page = path.relative_to(html).as_posix()
        soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for selector, inner in ((".math[id]", ".eqno"), ("figure[id]", ".caption-number"),
                                (".proof[id]", ".admonition-title .caption-number")):  # fmt: skip
            for element in soup.select(selector):
                number = element.select_one(inner)
                if number:
                    name = element["id"]
                    text = number.get_text().rstrip("# \u00b6").strip()
                    found[name.removeprefix("equation-")] = (text, f"{page}#{name}")
    return found


def labels(html):
    """Labels of pages and sections: label to (title, address)."""
    with (html / "objects.inv").open("rb") as stream:
        inventory = InventoryFile.load(stream, "", lambda base, path: path)
    places = inventory.get("std:label", {}) | inventory.get("std:term", {})
    return {name: (name if title == "-" else title, uri)
            for name, (_, _, uri, title) in places.items()}  # fmt: skip


def cited(entry):
    """Author and year as the text cites them."""
    names = [" ".join(p.prelast_names + p.last_names).strip("{}") for p in entry.persons["author"]]
    who = names[0] if len(names) == 1 else (
        " and ".join(names) if len(names) == 2 else f"{names[0]} et al.")  # fmt: skip
    return who, entry.fields.get("year", "")


class Book:
    """The built book, as far as its notebooks need it."""

    def __init__(self, build):
        self.html, self.executed = build / "html", build / "jupyter_execute"
        self.site, self.repository = address()
        self.numbers, self.labels = numbers(self.html), labels(self.html)
        self.entries = parse_file(ROOT / "references.bib").entries
        self.glued, self.attached = {}, {}
        for path in self.executed.glob("**/*.glue.json"):
            self.glued |= json.loads(path.read_text("utf-8"))

    def link(self, text, uri):
        return f"[{text}]({self.site}{uri})"

    def value(self, key):
        """A number that a cell computed, as the page shows it."""
        name, _, form = key.rpartition("::")[2].partition(":")
        text = self.glued[name]["data"]["text/plain"].strip("'\"")
        return format(float(text), form) if form not in ("", "s") else text

    def role(self, match):
        """One inline reference, resolved."""
        kind, text = match[1], match[2]
        titled = TITLED.match(text)
        title, name = titled.groups() if titled else (None, text)
        if kind == "glue:text":
            return self.value(text)
        if kind.startswith("cite"):
            made = [cited(self.entries[key.strip()]) for key in text.split(",")]
            shown = "; ".join(f"{who} ({year})" if kind == "cite:t" else f"{who}, {year}"
                              for who, year in made)  # fmt: skip
            return self.link(shown, "chapters/references.html")
        if kind == "download":
            return f"[{title or name}]({self.repository})"
        places = self.numbers if kind in ("eq", "numref", "prf:ref") else self.labels
        found, uri = places[name if kind != "ref" else name.lower()]
        return self.link(title or found, uri)

    def inline(self, text):
        """Text with its references resolved and its equations numbered."""
        text = DISPLAY.sub(lambda m: f"$${m[1].rstrip()} \\tag{{{self.tag(m[2])}}}$$", text)
        text = re.sub(r"^\(([\w-]+)\)=$", r'<a id="\1"></a>', text, flags=re.M)
        return ROLE.sub(self.role, text)

    def tag(self, label):
        return self.numbers[label][0].strip("()")

    def figure(self, name, inner):
        """A figure that a cell elsewhere computed, as an image in the text, with its caption."""
        file = f"{name}.png"
        self.attached[file] = {"image/png": self.glued[name]["data"]["image/png"].strip()}
        options, caption = split_options(inner)
        number = self.numbers.get(options.get("name", ""), ("Figure", ""))[0]
        alt = self.inline(options.get("alt", ""))
        return f"![{alt}](attachment:{file})\n\n*{number}* {self.inline(caption)}"

    def box(self, match):
        """A directive as quoted text, or folded where the page folds it."""
        kind, title, inner = match[2], match[3].strip(), match[4]
        if kind == "glue:figure":
            return self.figure(title, inner)
        options, body = split_options(inner)
        body = self.text(body)
        name = kind.rpartition(":")[2].capitalize()
        if kind == "admonition":
            head = title
        elif kind == "solution":
            return f"<details><summary>Solution</summary>\n\n{body}\n\n</details>"
        else:
            number = self.numbers.get(options.get("label", ""), (name, ""))[0]
            head = f"{number} {self.inline(title)}".strip()
        return "\n".join(f"> {line}".rstrip() for line in [f"**{head}**", "", *body.splitlines()])

    def text(self, text):
        """A text cell, or the inside of a box."""
        parts, at = [], 0
        for match in BOX.finditer(text):
            parts += [self.inline(text[at : match.start()]), self.box(match)]
            at = match.end()
        return "".join([*parts, self.inline(text[at:])]).strip()


def split_options(inner):
    """Options at the head of a directive, and its body."""
    options = {}
    while found := OPTION.match(inner):
        options[found[1]] = found[2].strip()
        inner = inner[found.end() :]
    return options, inner.strip()


def cells(book, page):
    """The cells of one chapter, ready to be read anywhere."""
    executed = notebook(book.executed / f"{page}.ipynb")
    head = f"*This notebook is a chapter of {book.link('a book', f'{page}.html')}; "
    head += "its numbers and figures come from a build of the whole.*"
    made = [markdown(head), code(INSTALL.format(url=book.repository), [], {})]
    for cell in executed.cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            book.attached = {}
            made.append(markdown(book.text(source), book.attached))
            continue
        tags = cell["metadata"].get("tags", [])
        outputs = [] if "remove-cell" in tags else [plain(o) for o in cell["outputs"]]
        hidden = set(tags) - {"keep-output"}  # which is about what stays in sight
        made.append(code(source, outputs, {"jupyter": {"source_hidden": True}} if hidden else {}))
        caption = cell["metadata"].get("mystnb", {}).get("figure", {})
        if caption.get("caption"):
            number = book.numbers.get(caption.get("name", ""), ("Figure", ""))[0]
            made.append(markdown(f"*{number}* {book.inline(caption['caption'])}"))
    return [cell | {"id": f"{n:04d}"} for n, cell in enumerate(made)]


def markdown(text, attached=None):
    """A text cell, with the pictures that it shows."""
    cell = {"cell_type": "markdown", "metadata": {}, "source": text}
    return cell | ({"attachments": attached} if attached else {})


def code(source, outputs, metadata):
    """A code cell with what it printed and drew."""
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": outputs,
            "execution_count": None}  # fmt: skip


def plain(output):
    """An output without what only the book's build needs."""
    extra = {"metadata": {}} if "metadata" in output else {}
    if output["output_type"] == "execute_result":
        extra["execution_count"] = None
    return output | extra


def main(build, out):
    """Write every executed chapter into a folder, with a list of them."""
    book, out = Book(Path(build)), Path(out)
    out.mkdir(parents=True, exist_ok=True)
    pages = [p for p in toc_pages() if (book.executed / f"{p}.ipynb").exists()]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    for page in pages:
        written = {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel,
                   "cells": cells(book, page)}  # fmt: skip
        text = json.dumps(written, indent=1, ensure_ascii=False) + "\n"
        (out / f"{Path(page).name}.ipynb").write_text(text, "utf-8")
    lines = [f"- [{book.labels['ch-' + Path(p).name.replace('_', '-')][0]}]({Path(p).name}.ipynb)"
             for p in pages]  # fmt: skip
    head = f"# The chapters as notebooks\n\nFrom a build of [the book]({book.site}).\n\n"
    (out / "README.md").write_text(head + "\n".join(lines) + "\n", "utf-8")
    print(f"{len(pages)} notebooks in {out}")


if __name__ == "__main__":
    main(*sys.argv[1:])
