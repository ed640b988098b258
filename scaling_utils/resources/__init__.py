"""What a model costs: floating-point operations, memory, time at the roofline.

Records `Model`, `Workload` and `Device`, and the functions that take them.
May import refusals and data.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["flops", "memory", "model", "roofline"],
)
