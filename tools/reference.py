"""Sphinx extension: reference pages from the docstrings, and links between them and the chapters.

The directive `{room} estimate` documents every public name of a room, in the order in which the
package offers them. At its foot a chapter names what its code uses, and each entry of the reference
names the chapters that use it.
"""
import ast
import inspect
import re
from functools import cache
from types import ModuleType

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

import scaling_utils

ROLE = re.compile(r"(`+[^`]*`+)")
SPECIAL = re.compile(r"[*|]|(?<=\w)_(?=\W|$)")


@cache
def public():
    """{module: [name in `scaling_utils`, or own name of a public module]}, in the order offered."""
    found, top = {}, {name: getattr(scaling_utils, name) for name in scaling_utils.__all__}
    for name, thing in top.items():
        if not isinstance(thing, ModuleType):
            found.setdefault(getattr(thing, "__module__", "scaling_utils.laws"), []).append(name)
        elif not hasattr(thing, "__path__"):
            own = [n for n, x in vars(thing).items() if not n.startswith("_") and callable(x)
                   and getattr(x, "__module__", "") == thing.__name__ and top.get(n) is not x]
            found.setdefault(thing.__name__, []).extend(f"{name}.{n}" for n in own)
    return found


def address(module, name):
    """Full name under which an entry is documented: as it is imported."""
    return f"{module}.{name.split('.')[1]}" if "." in name else f"scaling_utils.{name}"


class Room(SphinxDirective):
    """All public names of a room, each with its docstring."""

    required_arguments = 1

    def run(self):
        """A section for each module, under the first line of its docstring."""
        return [self.section(module, names) for module, names in public().items()
                if module.split(".")[1] == self.arguments[0]]  # fmt: skip

    def section(self, module, names):
        """The names of one module."""
        title = heading(module)
        section = nodes.section("", nodes.title(title, title), names=[title.lower()])
        self.state.document.note_implicit_target(section, section)
        lines = [line for name in names for line in [*entry(module, name), ""]]
        lines = StringList(["```{eval-rst}", *lines, "```"], "reference")
        self.state.nested_parse(lines, 0, section)
        return section


def heading(module):
    """First sentence of a module's docstring, as the heading of its names."""
    text = inspect.getdoc(__import__(module, fromlist=["_"])).splitlines()[0]
    return text.rstrip(".")


def entry(module, name):
    """The directive that documents one name."""
    thing = getattr(scaling_utils, name.split(".")[0])
    thing = getattr(thing, name.split(".")[1]) if "." in name else thing
    kind = ("class" if inspect.isclass(thing) else
            "function" if inspect.isfunction(thing) else "data")
    options = ["   :members:"] if kind == "class" else []
    return [f".. auto{kind}:: {address(module, name)}", *options]


def escape(lines):
    """Formulas in plain text keep their bars and stars; examples and code stay as they are."""
    out, example = [], False
    for line in lines:
        example = bool(line.strip()) and (example or line.lstrip().startswith(">>>"))
        if example or re.match(r"\s*\*+\w+( :|$)", line):
            out.append(line)
        else:
            parts = ROLE.split(line)
            out.append("".join(part if part.startswith("`") else SPECIAL.sub(r"\\\g<0>", part)
                               for part in parts))
    return out


def plain_formulas(app, what, name, thing, options, lines):
    """Docstrings are read by people at a prompt first: what looks like markup is none."""
    lines[:] = escape(lines)


def short_signature(app, what, name, thing, options, signature, returns):
    """A class is called with the fields that follow; their types stand in its source."""
    if what != "class" or not signature:
        return None
    return f"({', '.join(inspect.signature(thing).parameters)})", None


def used_names(source):
    """Full names of the public entries that the code of a page uses."""
    entries = {f"scaling_utils.{name}": address(module, name)
               for module, names in public().items() for name in names}
    entries |= {f"{module}.{name}": address(module, name)
                for module, names in public().items() for name in names if "." not in name}
    entries |= {full: full for full in entries.values()}
    tree, local = ast.parse(source), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("scaling_utils"):
            local |= {x.asname or x.name: f"{node.module}.{x.name}" for x in node.names}
    used = {local[node.id] for node in ast.walk(tree)
            if isinstance(node, ast.Name) and node.id in local}
    used |= {f"{local[node.value.id]}.{node.attr}" for node in ast.walk(tree)
             if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
             and node.value.id in local}
    return sorted({entries[name] for name in used if name in entries})


def collect(app, tree):
    """Remember what the code cells of a page use."""
    blocks = [block for block in tree.findall(nodes.literal_block)
              if block.parent.get("nb_element") == "cell_code_source"]
    names = used_names("\n".join(block.astext() for block in blocks))
    app.env.metadata[app.env.docname]["uses"] = " ".join(names)


def link(app, docname, full, text):
    """Reference from a page to the entry of a name, or None where no page documents it."""
    found = app.env.domaindata["py"]["objects"].get(full)
    if found is None:
        return None
    uri = app.builder.get_relative_uri(docname, found.docname) + f"#{found.node_id}"
    return nodes.reference("", "", nodes.literal(text, text), internal=True, refuri=uri)


def listed(words, links):
    """A line of links after some words."""
    line = nodes.paragraph("", words)
    for i, one in enumerate(links):
        line += [nodes.Text(", ")] * bool(i) + [one]
    return nodes.container("", line, classes=["uses"])


def resolve(app, tree, docname):
    """The line at the foot of a chapter, and under each entry of the reference."""
    uses = {page: data.get("uses", "").split() for page, data in app.env.metadata.items()}
    names = [(full, full.removeprefix("scaling_utils.")) for full in uses.get(docname, [])]
    links = [link(app, docname, *pair) for pair in names]
    if any(links):
        tree.children[-1].append(listed("This page uses ", [x for x in links if x is not None]))
    for part in tree.findall(addnodes.desc) if docname.startswith("reference/") else ():
        ids = [i for sign in part.findall(addnodes.desc_signature) for i in sign["ids"]]
        pages = [page for page in sorted(uses) if ids and ids[0] in uses[page]]
        if pages:
            part.children[-1].append(listed("Used in ", [title(app, docname, p) for p in pages]))


def title(app, docname, page):
    """Link from a page to another one, by its title."""
    uri = app.builder.get_relative_uri(docname, page)
    return nodes.reference("", "", nodes.Text(app.env.titles[page].astext()), internal=True,
                           refuri=uri)


def setup(app):
    """Register directive and events."""
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("sphinx.ext.napoleon")
    app.add_directive("room", Room)
    app.connect("autodoc-process-docstring", plain_formulas, priority=400)
    app.connect("autodoc-process-signature", short_signature)
    app.connect("doctree-read", collect)
    app.connect("doctree-resolved", resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
