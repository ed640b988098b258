"""What a build asks for again and again is worked out once, and is the same."""
import os
from types import SimpleNamespace

import pytest

pytest.importorskip("sphinx")
pytest.importorskip("pybtex")
import pybtex.plugin
import quick
from sphinx.search.en import SearchEnglish

WORDS = ("Scaling", "scales", "verifiers", "coverage", "scaling", "Running")


def test_pages_are_read_once_by_each_build():
    read = []
    env = SimpleNamespace(get_doctree=lambda name: read.append(name) or name, titles={"a": "A"})
    shelf = quick.Shelf(env)
    assert [shelf.get_doctree(name) for name in "abab"] == list("abab") and read == ["a", "b"]
    assert shelf.titles is env.titles


def test_stems_are_those_of_sphinx_and_found_once(monkeypatch):
    plain, ours = SearchEnglish({}), quick.English({})
    assert [ours.stem(word) for word in WORDS] == [plain.stem(word) for word in WORDS]
    monkeypatch.setattr(ours, "stemmer", None)
    assert ours.stem("scales") == "scale"
    with pytest.raises(AttributeError):
        ours.stem("new")


def test_pages_are_read_and_written_on_all_cores():
    for given, wanted in ((1, os.cpu_count()), (64, 64)):
        silent = {name: SimpleNamespace(parallel_read_safe=None) for name in quick.SILENT}
        app = SimpleNamespace(parallel=given, extensions=silent)
        quick.share(app)
        assert app.parallel == wanted
        assert all(extension.parallel_read_safe for extension in silent.values())


def test_what_is_in_memory_is_not_looked_through_at_the_end():
    quick.leave(None, None)
    kept = quick.gc.get_freeze_count()
    quick.gc.unfreeze()
    assert kept > 1000


def test_writers_of_the_bibliography_are_found_without_looking_through_the_environment(monkeypatch):
    """As at a build: the extension is set up, then each citation asks for its writer."""
    monkeypatch.setattr(quick.gc, "set_threshold", lambda *numbers: None)
    before = {name: pybtex.plugin.find_plugin("pybtex.backends", name)
              for name in quick.WRITERS}  # fmt: skip
    nothing = lambda *args, **options: None  # noqa: E731
    quick.setup(SimpleNamespace(connect=nothing, add_domain=nothing, add_search_language=nothing))
    monkeypatch.setattr(pybtex.plugin, "entry_points", None)
    for name, writer in before.items():
        assert pybtex.plugin.find_plugin("pybtex.backends", name) is writer
