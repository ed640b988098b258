"""Sphinx extension: the directive `{chapters}` lists the chapters by what each asks.

Questions are the first lines of the claims, prerequisites the chapters linked under "You need", and
minutes come from the words of the text, so that the list is in step with the chapters.
"""
import re
from pathlib import Path

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).parents[1]
PACE = 200  # words in a minute
HEAD = "| chapter | what it asks | minutes | needs |\n|---|---|--:|---|"
QUESTION = re.compile(r":::\{admonition\} Claim\n(?::\S.*\n)+\n?(.+)\n")
PLAIN = re.compile(r'^ +description: "(.*)"$', re.M)  # of a page that claims nothing
NEEDS = re.compile(r"^\*You need\*([^;\n]*)", re.M)
CHAPTER = re.compile(r"\{ref\}`(ch-[\w-]+)`")
SKIPPED = re.compile(r"\A---\n.*?\n---\n|^```\{code-cell\}.*?^```$|^\$\$.*?^\$\$[^\n]*$"
                     r"|^:\w[^\n]*$|\{\w+\}", re.M | re.S)  # fmt: skip


def minutes(text):
    """Minutes for the words of a chapter, without its code and displayed formulas.

    >>> minutes("one " * 1000 + "\\n```{code-cell}\\n" + "code " * 1000 + "\\n```\\n")
    5
    """
    return max(1, round(len(re.findall(r"[^\W\d]{2,}", SKIPPED.sub(" ", text))) / PACE))


def row(text):
    """One chapter: link, question, minutes, and the chapters that it needs."""
    label = re.search(r"^\((ch-[\w-]+)\)=$", text, re.M)[1]
    needs = CHAPTER.findall(NEEDS.search(text)[1])
    links = ", ".join(f"{{numref}}`{{number}} <{need}>`" for need in needs)
    question = (QUESTION.search(text) or PLAIN.search(text))[1]
    return f"| {{numref}}`{{number}} {{name}} <{label}>` | {question} | {minutes(text)} | {links} |"


def table(root=ROOT):
    """Markdown of the list: the numbered parts of the book, in order."""
    lines = [HEAD]
    for part in yaml.safe_load((root / "_toc.yml").read_text("utf-8"))["parts"]:
        if part.get("numbered"):
            lines.append(f"| **{part['caption']}** | | | |")
            texts = ((root / f"{c['file']}.md").read_text("utf-8") for c in part["chapters"])
            lines += map(row, texts)
    return "\n".join(lines)


class Chapters(SphinxDirective):
    """The list as a table of the page."""

    def run(self):
        """Read anew whenever a page is built with changes."""
        self.env.note_reread()
        box = nodes.container(classes=["reading-list"])
        self.state.nested_parse(StringList(table().splitlines(), "chapters"), 0, box)
        return [box]


def setup(app):
    """Register the directive."""
    app.add_directive("chapters", Chapters)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
