"""What a law says of samples: fits to counts and curves, their status and their intervals.

May import estimate, laws, numerics and data.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["compare", "coordinates", "counts", "curve", "exact", "inputs", "objective",
                "profile", "record", "resample", "saturation", "search", "show"],
)
