"""Where samples come from: simulated problems and reasoning, chains of arithmetic, autoencoder.

May import estimate, laws, numerics and data; autograd is imported by `vae` and `reconstruct` alone.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["chain_drawing", "chain_model", "chain_task", "chain_world", "reasoning",
                "reconstruct", "simulate", "vae"],
)
