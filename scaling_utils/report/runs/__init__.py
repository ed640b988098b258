"""One's own runs: what each command finds, as tables, text, JSON, figure and page.

`forecasts.forecasts(read_log("run.jsonl"), k=[1000]).write("out")` is what the command
`scaling-laws forecast run.jsonl --k 1000 --out out` does.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["checks", "comparisons", "figure", "fits", "forecasts", "html", "limits",
                "plain", "plans", "record", "text", "votes", "write"],
)
