"""What a reader sees: figures, tables, notation, replications, the table of results.

May import every room below; no room below imports it. Matplotlib is imported here alone.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["concepts", "export", "figure_data", "implementations", "notation", "page", "plot",
                "relations", "replications", "replications_page", "results", "results_page", "rows",
                "runs"],
)
