"""What was measured: the record of samples, the data sets that ship and their cards.

May import refusals alone.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["datasets", "design", "logs", "merge", "rows", "samples"],
)
