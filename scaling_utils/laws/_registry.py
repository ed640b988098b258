"""The laws by key: a mapping that cannot be changed, with a table and a helpful refusal."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules

from ._record import Law


class Laws(Mapping):
    """All laws by key.

    Examples
    --------
    >>> from scaling_utils import LAWS
    >>> LAWS["memory"].title
    'Memory of a batch'
    >>> LAWS["beta_failures"]
    Traceback (most recent call last):
    KeyError: "there is no law 'beta_failures'; did you mean beta_failure?"
    """

    def __init__(self, laws: Mapping[str, Law]):
        self._laws = dict(laws)

    def __getitem__(self, key: str) -> Law:
        try:
            return self._laws[key]
        except (KeyError, TypeError):
            near = get_close_matches(str(key), self._laws, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(self)}"
            raise KeyError(f"there is no law {key!r}; {hint}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._laws)

    def __len__(self) -> int:
        return len(self._laws)

    def __reduce__(self):
        return _registered, ()

    def __repr__(self):
        width = max(map(len, self), default=0)
        return "\n".join(f"{key:{width}}  {law.title}" for key, law in self.items())

    def _repr_markdown_(self):
        rows = [f"| `{key}` | {law.title} | ${law.tex}$ |" for key, law in self.items()]
        return "\n".join(["| key | law | formula |", "|---|---|---|", *rows])


def read(package: str, path: list[str]) -> Laws:
    """The laws of a package: every public module holds one LAW, whose key is its file name."""
    names = (module.name for module in iter_modules(path) if not module.name.startswith("_"))
    return Laws({name: _read(package, name) for name in sorted(names)})


def _read(package, name):
    """The law of one module."""
    law = import_module(f"{package}.{name}").LAW
    if law.key != name:
        raise ImportError(f"laws/{name}.py holds a law with key {law.key!r}")
    return law


def _registered():
    """The laws of this package, for a stored reference to them."""
    from . import LAWS

    return LAWS
