"""The command `scaling-laws`: one file per command, options and no statistics.

May import every room; no room imports it. A command imports click alone and finds the rest lazily,
so that help comes at once.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["check", "compare", "convert", "fit", "forecast", "main", "options", "plan",
                "votes"],
)
