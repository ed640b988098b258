"""Inference-time scaling laws: estimators, laws as records, fits, data."""
import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["plot", "simulate", "results", "notation", "vae", "reconstruct",
                "allocation", "concepts", "mcts", "memory", "reasoning", "roofline", "search"],
    submod_attrs={
        "estimators": ["coverage", "log_fail_at_k", "pass_at_k"],
        "datasets": ["card", "load"],
        "law": ["Difficulty", "Law", "Limit", "Symbol"],
        "laws": ["LAWS"],
        "fit": ["Fit", "Status"],
        "curve": ["fit_curve"],
        "counts": ["fit_counts", "fit_each"],
        "resample": ["coverage_interval"],
        "votes": ["majority_at_k", "weighted_majority_at_k"],
        "selection": ["best_of_n"],
        "saturation": ["Saturation", "saturation"],
    },
)
