"""What the package offers by name: every signature has types, every name an example that is run.

Public are the names of `scaling_utils`; of a module among them that is no room, its own names.
"""
import inspect
from functools import cached_property
from types import ModuleType

from together import together

import scaling_utils


def offered():
    """Functions and classes by the name under which a reader finds them."""
    for name in scaling_utils.__all__:
        thing = getattr(scaling_utils, name)
        if not isinstance(thing, ModuleType):
            yield name, thing
        elif not hasattr(thing, "__path__"):
            own = {n: x for n, x in vars(thing).items() if not n.startswith("_")}
            yield from ((f"{name}.{n}", x) for n, x in own.items()
                        if getattr(x, "__module__", "") == thing.__name__)


def methods(cls):
    """Public functions of a class, whatever they are wrapped in."""
    for name, x in vars(cls).items():
        f = (x.fget if isinstance(x, property) else x.func if isinstance(x, cached_property)
             else getattr(x, "__func__", x))
        if not name.startswith("_") and inspect.isfunction(f):
            yield f


PUBLIC = {name: x for name, x in offered() if inspect.isfunction(x) or inspect.isclass(x)}


def functions(x):
    return [*methods(x)] if inspect.isclass(x) else [x]


def test_there_is_something_to_look_at():
    assert {"pass_at_k", "Samples", "fit_counts", "forecast", "simulate.draw_counts"} <= {*PUBLIC}
    assert len(PUBLIC) > 90


@together(PUBLIC)
def test_signatures_have_types(name):
    for function in functions(PUBLIC[name]):
        signature = inspect.signature(function)
        bare = [p.name for p in signature.parameters.values()
                if p.annotation is p.empty and p.name not in ("self", "cls")]
        assert not bare, f"{function.__qualname__}: no type of {bare}"
        assert signature.return_annotation is not signature.empty, function.__qualname__


@together(PUBLIC)
def test_names_have_an_example(name):
    """In the docstring of the name, or of a class's method; doctest runs them all."""
    texts = [PUBLIC[name].__doc__ or "", *(f.__doc__ or "" for f in functions(PUBLIC[name]))]
    assert texts[0] and any(">>>" in text for text in texts)
