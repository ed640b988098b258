"""Sphinx extension: pages are read and written on all cores; nothing is worked out twice.

The page that a numbered reference leads to is read once, not for each reference; the stem of a word
is found once, not wherever it stands; the writers of the bibliography are looked up once.
"""
import gc
import os
from functools import cache, lru_cache

from pybtex.plugin import find_plugin, register_plugin
from sphinx.domains.std import StandardDomain
from sphinx.search.en import SearchEnglish
from sphinx_proof.domain import ProofDomain

WRITERS = ("plaintext", "docutils")
SILENT = ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex")
KEPT = 200  # pages in memory


class Shelf:
    """The environment of a build, with its pages for reading alone."""

    def __init__(self, env):
        self.env = env
        self.get_doctree = lru_cache(KEPT)(env.get_doctree)

    def __getattr__(self, name):
        return getattr(self.env, name)


class Numbered(StandardDomain):
    """References by number, which read the page that they lead to."""

    shelf = None

    def _resolve_numref_xref(self, env, *rest):
        if self.shelf is None or self.shelf.env is not env:
            self.shelf = Shelf(env)
        return super()._resolve_numref_xref(self.shelf, *rest)


class Proofs(ProofDomain):
    """Theorems, which their extension joins elsewhere when pages are read on all cores."""

    def merge_domaindata(self, docnames, otherdata):
        """Nothing is kept here."""


class English(SearchEnglish):
    """Words of the search, each reduced to its stem once."""

    def init(self, options):
        super().init(options)
        self.stem = cache(super().stem)


def share(app):
    """Work is shared; two extensions that do not say whether they can bear it keep nothing of a
    page that is read: one numbers sections when all have been read, the other is for LaTeX."""
    app.parallel = max(app.parallel, os.cpu_count() or 1)
    for name in SILENT:
        app.extensions[name].parallel_read_safe = True


def leave(app, error):
    """The pages in memory end with the process; nobody need look through them once more."""
    gc.freeze()


def setup(app):
    """Put them in the place of those that forget."""
    gc.set_threshold(100_000, 20, 20)  # pages are many small objects that stay: looking is in vain
    app.connect("builder-inited", share)
    app.connect("build-finished", leave, priority=1000)
    app.add_domain(Numbered, override=True)
    app.add_domain(Proofs, override=True)
    app.add_search_language(English)
    for name in WRITERS:
        register_plugin("pybtex.backends", name, find_plugin("pybtex.backends", name), force=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
