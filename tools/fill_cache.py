"""Run the chapters in parallel, so that the strict build finds their outputs in its cache.

A chapter that fails is named and left out of the cache: the strict build then runs it again and
reports it. With --every such a chapter is an error, for those who want the results alone.
"""
import logging
import os
import sys
from pathlib import Path

import matplotlib.font_manager  # noqa: F401  builds the font cache once, before the kernels need it
from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor

ROOT = Path(__file__).parents[1]
JUPYTEXT = {"name": "jupytext", "type": "plugin"}


def notebooks():
    """The texts of the chapters that have code."""
    return [p for p in sorted((ROOT / "chapters").glob("*.md")) if p.with_suffix(".ipynb").exists()]


def main(cache_path, timeout=300):
    """Execute every chapter, one process per core, each in its own folder; names of those failed.

    Kernels that other environments put on JUPYTER_PATH come first there, and are left out.
    """
    os.environ.pop("JUPYTER_PATH", None)
    cache = get_cache(cache_path)
    for path in notebooks():
        cache.add_nb_to_project(str(path), read_data=JUPYTEXT)
    executor = load_executor("local-parallel", cache, logging.getLogger("fill_cache"))
    result = executor.run_and_cache(timeout=timeout)
    failed = sorted(Path(uri).stem for uri in set(result.all()) - set(result.succeeded))
    print(f"{len(result.succeeded)} of {len(result.all())} chapters ran", *failed, sep="\nfailed: ")
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1])) and "--every" in sys.argv)
