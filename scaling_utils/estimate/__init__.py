"""What samples say without a law: coverage, votes, the best of n, their intervals; judges.

May import numerics and data.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["coverage", "designs", "intervals", "judges", "paired", "selection", "strategies",
                "threshold", "votes", "weighted"],
)
