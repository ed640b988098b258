"""Sphinx extension: neighbouring code cells fold into one box; labels in code become numbers.

The argument reads by itself; one line says how much code stands behind it, and opens it.
A switch in the page's header (`_static/code.js`) opens all of it.
"""
import re

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms.post_transforms import SphinxPostTransform

CARD = re.compile(r'^card\("(\w+)"\)')
LABEL = re.compile(r"\beq-[a-z0-9-]+[a-z0-9]")
CODE = re.compile(r'<span class="(?:c1|sd)">.*?</span>', re.DOTALL)


class FoldedCode(nodes.container):
    """The code of one or more cells, behind a line that opens it."""


def visit_folded(writer, node):
    """A native element: it opens without a script, and by keyboard."""
    n = node["n_lines"]
    lines = "1 line" if n == 1 else f"{n} lines"
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


def outputs(cell):
    """The parts of a cell that stay: all but its code and the fold around it."""
    return [part for part in cell.children
            if not isinstance(part, HideCodeCellNode)
            and part.get("nb_element") != "cell_code_source"]  # fmt: skip


def runs(parent):
    """Neighbouring cells of which only the last has an output, in order."""
    run = []
    for child in list(parent.children):
        if is_cell(child):
            run.append(child)
        if run and (not is_cell(child) or outputs(child)):
            yield run
            run = []
    if run:
        yield run


def fold(run):
    """Put the code of a run of cells behind one line, before the output of the last."""
    last = run[-1]
    code = [part for cell in run for part in sources(cell)]
    text = "".join(part.astext() + "\n" for part in code)
    folded = FoldedCode(n_lines=sum(bool(line.strip()) for line in text.splitlines()))
    kept = outputs(last)
    for part in code:
        part.parent.remove(part)
        folded.append(part)
    last.children = []
    last.extend([folded, *kept])
    for cell in run[:-1]:
        cell.parent.remove(cell)


def name_cards(document):
    """The fold of a data set's card says whose card it is."""
    for node in document.findall(HideCodeCellNode):
        found = CARD.search(node.astext())
        if found:
            node["prompt_show"] = node["prompt_hide"] = f"Data card: {found[1]}"


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
    """Replace the labels of equations in comments and docstrings of a page's code."""
    if doctree is None or "body" not in context:
        return

    def shown(match):
        return LABEL.sub(lambda label: number(app, pagename, label[0]), match[0])

    context["body"] = CODE.sub(shown, context["body"])


def setup(app):
    """Register the fold and the numbers."""
    app.add_node(FoldedCode, html=(visit_folded, depart_folded))
    app.add_post_transform(FoldCode)
    app.connect("html-page-context", number_labels)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
