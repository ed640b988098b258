"""Sphinx extension: neighbouring code cells fold into one box; labels in code become numbers.

The argument reads by itself; one line says how much code stands behind it, and opens it. What a
cell prints stands with its code, unless the cell is tagged keep-output; tables and figures stay.
A switch in the page's header (`_static/code.js`) opens all of it.
"""
import re

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms.post_transforms import SphinxPostTransform

CARD = re.compile(r'^(card\(|LAWS\[)"(\w+)"[)\]](?=\n|$)')
LABEL = re.compile(r"\beq-[a-z0-9-]+[a-z0-9]")
TOGGLE = ' aria-label="Toggle hidden content"'  # hides from a screen reader what a fold says
CODE = re.compile(r'<span class="(?:c1|sd)">.*?</span>', re.DOTALL)


PRINTED = {"stream", "text_plain"}  # outputs that are lines of text
KEPT = "tag_keep-output"


class FoldedCode(nodes.container):
    """The code of one or more cells and what they print, behind a line that opens it."""


def visit_folded(writer, node):
    """A native element: it opens without a script, and by keyboard."""
    n = node["n_lines"]
    lines, it = ("1 line", "it prints") if n == 1 else (f"{n} lines", "they print")
    lines += f", and what {it}" if node["prints"] else ""
    writer.body.append(f'<details class="code-fold"><summary>Code, {lines}</summary>\n')


def depart_folded(writer, node):
    """End of the element."""
    writer.body.append("</details>\n")


def is_cell(node):
    """Whether a node is a code cell of a notebook, with its code to be seen."""
    return (isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"
            and node.get("hide_mode") != "all" and bool(sources(node)))  # fmt: skip


def sources(cell):
    """The parts of a cell that hold its code."""
    return [part for part in cell.findall(nodes.container)
            if part.get("nb_element") == "cell_code_source"]  # fmt: skip


def printed(cell):
    """Lines of text that a cell prints or returns."""
    if KEPT in cell["classes"]:
        return []
    return [part for part in cell.findall(nodes.literal_block)
            if part.parent.get("nb_element") == "cell_code_output"
            and PRINTED & set(part["classes"])]  # fmt: skip


def outputs(cell):
    """The parts of a cell that stay: all but its code, the fold around it, and what it prints."""
    lines = {id(part) for part in printed(cell)}
    return [part for part in cell.children
            if not isinstance(part, HideCodeCellNode)
            and part.get("nb_element") != "cell_code_source"
            and not (part.children and all(id(one) in lines for one in part.children))]


def runs(parent):
    """Neighbouring cells of which only the last has an output that stays, in order."""
    run = []
    for child in list(parent.children):
        if is_cell(child):
            run.append(child)
        if run and (not is_cell(child) or outputs(child)):
            yield run
            run = []
    if run:
        yield run


def folded(run):
    """The code of a run of cells, each cell's followed by what it prints, behind one line."""
    text = "\n".join(part.astext() for cell in run for part in sources(cell))
    fold = FoldedCode(n_lines=sum(bool(line.strip()) for line in text.splitlines()),
                      prints=any(map(printed, run)))
    for cell in run:
        shown = printed(cell)
        code = sources(cell)
        for part in [*code, *shown]:
            part.parent.remove(part)
        fold.extend(code)
        if shown:
            fold.append(nodes.container("", *shown, classes=["cell_output", "printed"]))
    return fold


def fold(run):
    """Put the code of a run of cells, and what they print, before the last one's output."""
    last = run[-1]
    kept = outputs(last)
    made = folded(run)
    last.children = []
    last.extend([made, *kept])
    for cell in run[:-1]:
        cell.parent.remove(cell)


def name_cards(document):
    """The fold of the card of a data set or a law says whose card it is."""
    for node in document.findall(HideCodeCellNode):
        found = CARD.search(node.astext())
        if found:
            kind = "Law" if found[1] == "LAWS[" else "Data"
            node["prompt_show"] = node["prompt_hide"] = f"{kind} card: {found[2]}"


class FoldCode(SphinxPostTransform):
    """Fold the code of each page, after the notebook's own folds have been made."""

    default_priority = 205
    formats = ("html",)

    def run(self, **kwargs):
        name_cards(self.document)
        parents = {id(n.parent): n.parent for n in self.document.findall(nodes.container)
                   if is_cell(n)}  # fmt: skip
        for parent in parents.values():
            for run in list(runs(parent)):
                fold(run)


def number(app, docname, label):
    """Link to an equation, shown by its number; the label itself where there is none."""
    found = app.env.get_domain("math").equations.get(label)
    if found is None:
        return label
    other, _ = found
    node = f"equation-{label}"
    digits = app.env.toc_fignumbers.get(other, {}).get("displaymath", {}).get(node)
    if digits is None:
        return label
    uri = app.builder.get_relative_uri(docname, other) if other != docname else ""
    return f'<a href="{uri}#{node}">({".".join(map(str, digits))})</a>'


def number_labels(app, pagename, templatename, context, doctree):
    """Replace the labels of equations in comments and docstrings of a page's code.

    Folds of the notebook are called by what they show.
    """
    if doctree is None or "body" not in context:
        return

    def shown(match):
        return LABEL.sub(lambda label: number(app, pagename, label[0]), match[0])

    context["body"] = CODE.sub(shown, context["body"]).replace(TOGGLE, "")


def setup(app):
    """Register the fold and the numbers."""
    app.add_node(FoldedCode, html=(visit_folded, depart_folded))
    app.add_post_transform(FoldCode)
    app.connect("html-page-context", number_labels)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
