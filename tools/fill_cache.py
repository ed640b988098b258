"""Run the chapters in parallel, so that the strict build finds their outputs in its cache.

A chapter that fails is named and left out of the cache: the strict build then runs it again and
reports it. With --every such a chapter is an error, for those who want the results alone.
What each chapter costs is printed and left in times.json beside the cache: see `build_times.py`.
"""
import json
import logging
import multiprocessing
import os
import resource
import sys
from pathlib import Path

import build_times
import matplotlib.font_manager  # noqa: F401  builds the font cache once, before the kernels need it
from jupyter_cache import get_cache
from jupyter_cache.executors.basic import ExecutionWorkerLocalMProc, ProcessData
from jupyter_cache.executors.utils import single_nb_execution
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parents[1]
JUPYTEXT = {"name": "jupytext", "type": "plugin"}
START = """import matplotlib.pyplot as plt
import numpy as np
from scaling_utils import LAWS, Page, fit_curve, load, plot
plot.use_style()
plt.subplots()"""  # what nearly every chapter does before it starts


class Worker(ExecutionWorkerLocalMProc):
    """Runs one chapter and notes the processor's seconds in place of the clock's."""

    @staticmethod
    def execute(project_nb, data, tries=3):
        """The kernel is the only child that ends in the meantime.

        Kernels that start at once may choose the same port, and one of them dies before it has
        run anything: it is started again.
        """
        before = processor_seconds()
        try:
            result = ExecutionWorkerLocalMProc.execute(project_nb, data)
        except RuntimeError as error:
            if tries == 1 or "before replying" not in str(error):
                raise
            return Worker.execute(project_nb, data, tries - 1)
        result.time = processor_seconds() - before
        return result


def processor_seconds():
    """Of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def floor():
    """Seconds of a chapter that does nothing but start: kernel, imports, style, an empty figure."""
    before = processor_seconds()
    single_nb_execution(new_notebook(cells=[new_code_cell(START)]), str(ROOT), 300, False)
    return processor_seconds() - before


def notebooks():
    """The texts of the chapters that have code."""
    return [p for p in sorted((ROOT / "chapters").glob("*.md")) if p.with_suffix(".ipynb").exists()]


def execute(cache, timeout):
    """Run what is not in the cache, the longest first; outcome (0 is good) of each chapter."""
    records = sorted(cache.list_unexecuted(), key=lambda r: -build_times.known(Path(r.uri).stem))
    tasks = [ProcessData(r.pk, r.uri, cache, timeout, False) for r in records]
    with multiprocessing.Pool() as pool:
        return {Path(uri).stem: code for code, uri in pool.imap_unordered(Worker(), tasks)}


def main(cache_path, timeout=300):
    """Execute every chapter, one process per core, each in its own folder; names of those failed.

    Kernels that other environments put on JUPYTER_PATH come first there, and are left out.
    """
    os.environ.pop("JUPYTER_PATH", None)
    multiprocessing.log_to_stderr(logging.WARNING)
    cache = get_cache(cache_path)
    for path in notebooks():
        cache.add_nb_to_project(str(path), read_data=JUPYTEXT)
    outcome = execute(cache, timeout)
    failed = sorted(name for name, code in outcome.items() if code)
    seconds = {Path(r.uri).stem: r.data["execution_seconds"] for r in cache.list_cache_records()
               if Path(r.uri).stem in outcome}  # fmt: skip
    if seconds:
        times = {"seconds": seconds, "floor": floor()}
        Path(cache_path).with_name("times.json").write_text(json.dumps(times), "utf-8")
        print(build_times.table(**times), *build_times.slow(**times), sep="\n")
    print(f"{len(outcome) - len(failed)} of {len(outcome)} chapters ran", *failed,
          sep="\nfailed: ")  # fmt: skip
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1])) and "--every" in sys.argv)
