"""Inference-time scaling laws: estimators, laws as records, fits, data."""
import lazy_loader

__version__ = "0.2.0"

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["data", "estimate", "fit", "forecasting", "laws", "numerics", "report",
                "resources", "search", "worlds"],
    submod_attrs={
        "data": ["datasets"],
        "data.datasets": ["card", "load"],
        "data.logs.read": ["read_log"],
        "data.logs.record": ["Log"],
        "data.samples": ["Samples"],
        "estimate.coverage": ["all_at_k", "coverage", "log_all_at_k", "log_fail_at_k", "pass_at_k"],
        "estimate.designs": ["coverage_table", "solved_by"],
        "estimate.intervals": ["coverage_interval", "over_problems"],
        "estimate.selection": ["best_of_n"],
        "estimate.votes": ["majority_at_k"],
        "estimate.weighted": ["weighted_majority_at_k"],
        "fit.compare": ["compare"],
        "fit.counts": ["fit_counts", "fit_each", "maximum_likelihoods"],
        "fit.curve": ["fit_curve"],
        "fit.record": ["Fit", "Status"],
        "fit.saturation": ["Saturation", "saturation"],
        "forecasting.forecast": ["forecast"],
        "forecasting.record": ["Forecast"],
        "forecasting.seal": ["open_seal"],
        "laws": ["LAWS", "complement", "with_ceiling"],
        "laws._record": ["Difficulty", "Law", "Limit", "Symbol"],
        "resources.model": ["Model", "Workload"],
        "resources.roofline": ["Device"],
        "numerics": ["newton"],
        "report": ["concepts", "notation", "plot", "replications", "results"],
        "report.page": ["Page"],
        "resources": ["flops", "memory", "roofline"],
        "search": ["allocation", "mcts"],
        "worlds": ["reasoning", "reconstruct", "simulate", "vae"],
    },
)
