"""Laws as records, one per file: a formula with symbols, limits, sources and a chapter.

May import `numerics` and `_check` alone. LAWS holds them by key, which is the name of the file.
"""
from ._combine import complement, with_ceiling
from ._registry import read

__all__ = ["LAWS", "complement", "with_ceiling"]

LAWS = read(__name__, __path__)
