"""What was measured: the data sets that ship with the package and their cards.

May import refusals alone.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["datasets"],
)
