"""Where samples come from: simulated problems, simulated reasoning, a small autoencoder.

May import estimate, laws, numerics and data; autograd is imported by `vae` alone.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["reasoning", "reconstruct", "simulate", "vae"],
)
