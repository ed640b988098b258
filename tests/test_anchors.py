"""Addresses that others may cite stay."""
from pathlib import Path

import anchors
import check_site
import yaml

ROOT = Path(__file__).parents[1]
TEXT = """(ch-a)=
# A

$$ y = x $$ (eq-inline)

$$
y = x
$$ (eq-a)

```{glue:figure} a-picture
:name: fig-a-claim
```

```{code-cell} ipython3
mystnb:
  figure:
    name: fig-a-b
```

```{prf:theorem} A
:label: thm-a
```

```{exercise}
:label: ex-a
```
"""


def test_no_address_is_gone():
    lost = anchors.gone(anchors.listed(), anchors.present())
    assert lost == [], "keep the old name as a label above its new place: see tools/anchors.py"


def test_list_is_in_step():
    assert anchors.gone(anchors.present(), anchors.listed()) == [], "run `make sync`"


def test_every_kind_of_address_is_seen():
    assert anchors.anchors(TEXT) == [
        "ch-a", "eq-a", "eq-inline", "fig-a-b", "fig-a-claim", "thm-a"]  # fmt: skip
    assert "old" in anchors.anchors("(old)=\n" + TEXT)
    kinds = {name.split("-")[0] for names in anchors.present().values() for name in names}
    assert {"ch", "eq", "fig", "thm", "levi_beta"} <= kinds


def test_a_renamed_one_is_noticed_and_a_moved_one_too():
    old = {"a": ["eq-a", "fig-a"], "b": ["eq-b"]}
    assert anchors.gone(old, {"a": ["eq-a", "fig-new"], "b": ["eq-b"]}) == ["a#fig-a"]
    assert anchors.gone(old, {"a": ["eq-a", "fig-a", "eq-b"]}) == ["b#eq-b"]


def test_the_list_grows_and_never_shrinks(tmp_path, monkeypatch):
    path = tmp_path / "anchors.yml"
    path.write_text("a: [old]\n")
    monkeypatch.setattr(anchors, "LIST", path)
    monkeypatch.setattr(anchors, "present", lambda: {"a": ["new"], "b": ["c"]})
    anchors.main(path)
    assert yaml.safe_load(path.read_text()) == {"a": ["new", "old"], "b": ["c"]}


def test_the_built_page_must_have_them(tmp_path):
    page = check_site.Page('<p id="eq-a"></p><p id="equation-eq-b"></p><p id="a-b"></p>')
    names = ["eq-a", "eq-b", "a_b", "fig-c"]
    assert list(check_site.anchor_findings("p", page, {"p": names, "q": ["x"]})) == [
        "p: address that others may cite is gone: #fig-c"]  # fmt: skip
