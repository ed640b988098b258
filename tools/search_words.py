"""Sphinx extension: the search leads from a word of the glossary to the chapter that it names.

A glossary entry ends with the chapter that says more. That chapter gets the entry's words in the
search index, so that it stands before the glossary, which only tells what a word means; how pages
are ordered then is in search_scorer.js.
"""
import json

from docutils import nodes
from sphinx import addnodes


def leads(tree):
    """{label of a chapter: [words whose entry refers to it]} of the glossary on a page."""
    found = {}
    for glossary in tree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            words = [term.astext() for term in item.findall(nodes.term)]
            for label in {x["reftarget"] for x in item.findall(addnodes.pending_xref)
                          if x["reftype"] == "ref"}:  # fmt: skip
                found.setdefault(label, []).extend(words)
    return found


def collect(app, tree):
    """Remember where the entries of a glossary lead."""
    found = leads(tree)
    if found:
        app.env.metadata[app.env.docname]["leads"] = json.dumps(found, sort_keys=True)


def name_page(app, tree, docname):
    """Give a page the words that lead to it, as entries of the search index."""
    labels = app.env.get_domain("std").anonlabels
    entries = [("single", word.replace(";", ""), labels[label][1], "main", None)
               for data in app.env.metadata.values()
               for label, words in json.loads(data.get("leads", "{}")).items()
               if labels.get(label, ("",))[0] == docname for word in words]  # fmt: skip
    if entries:
        tree.insert(0, addnodes.index(entries=entries))


def setup(app):
    """The index is fed from resolved pages."""
    app.connect("doctree-read", collect)
    app.connect("doctree-resolved", name_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
