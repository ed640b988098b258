"""Ground floor: special functions, quadrature, ballots, Newton steps.

May import nothing of ours.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["ballot", "newton", "quadrature", "special"],
)
