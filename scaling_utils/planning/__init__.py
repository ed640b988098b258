"""What to buy: model, strategy and samples for a target at least cost, or best within a budget.

May import forecasting, search, estimate, fit, resources, laws, numerics and data.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["candidates", "choosing", "costs", "curves", "files", "plan", "pricing",
                "record", "verdicts"],
)
