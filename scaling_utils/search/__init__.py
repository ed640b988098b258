"""Strategies that look at unfinished solutions: step-wise search, its allocations, MCTS.

May import worlds and everything below them.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["allocation", "mcts", "tree"],
    submod_attrs={"tree": ["DEEPEST", "Outcome", "Strategy", "Tree", "greedy", "stepwise"]},
)
