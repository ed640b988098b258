"""What a model costs: floating-point operations, memory, the roofline.

May import refusals alone.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["flops", "memory", "roofline"],
)
