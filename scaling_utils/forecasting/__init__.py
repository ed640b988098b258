"""What samples not yet drawn would solve: forecasts of coverage, their intervals, their record.

May import fit, estimate, laws, numerics and data.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["alike", "allocate", "backtest", "bank", "contest", "designs", "forecast", "grid",
                "history", "joint", "ledger", "line", "methods", "predictive", "record", "runs",
                "scores", "seal", "unseen"],
)
