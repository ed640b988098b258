"""Evaluation logs: which format a file has, and its samples as `Samples`.

One file per format. May import refusals and the rest of `data`; nothing in a log is executed.
"""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["columns", "engine", "evalplus", "every_eval_ever", "find", "gather", "hub",
                "human_eval", "inspect_log", "latex", "listed", "lm_eval", "monkeys", "read",
                "record", "records", "search_and_learn", "source", "table", "values"],
)
