"""Run the chapters in parallel, so that the strict build finds their outputs in its cache.

A chapter that fails is named and left out of the cache: the strict build then runs it again and
reports it. With --every such a chapter is an error, for those who want the results alone.
What each chapter costs is printed and left in times.json beside the cache: see `build_times.py`.
"""
import asyncio
import json
import logging
import multiprocessing
import os
import resource
import sys
from multiprocessing.pool import ThreadPool
from pathlib import Path

import build_times
import forked_kernel
from jupyter_cache import get_cache
from jupyter_cache.executors.basic import ExecutionWorkerLocalMProc, ProcessData
from jupyter_cache.executors.utils import ExecutionResult
from nbclient.client import CellExecutionError, CellTimeoutError, NotebookClient
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
        """A kernel that dies before it has run anything is started again.

        Another program may have taken the port that was chosen for it.
        """
        folder = str(Path(project_nb.uri).parent)
        try:
            return run(project_nb.nb, folder, data.timeout)
        except RuntimeError as error:
            if tries == 1 or "before replying" not in str(error):
                raise
            return Worker.execute(project_nb, data, tries - 1)


def run(notebook, folder, timeout):
    """Run it in its folder: what came of it, and the seconds that its kernel used."""
    client = NotebookClient(notebook, timeout=timeout, startup_timeout=timeout,
                            record_timing=False,  # it would change the notebook that is looked up
                            resources={"metadata": {"path": folder}})
    error, said = None, None
    try:
        asyncio.run(client.async_execute())
    except (CellExecutionError, CellTimeoutError) as raised:
        error, said = raised, str(raised)
    return ExecutionResult(notebook, folder, forked_kernel.last.seconds, error, said)


def floor():
    """Seconds of a chapter that does nothing but start: kernel, imports, style, an empty figure.

    In a kernel that is not forked, as when the chapter is run by hand.
    """
    before = forked_kernel.processor_seconds(resource.RUSAGE_CHILDREN)
    run(new_notebook(cells=[new_code_cell(START)]), str(ROOT), 300)
    return forked_kernel.processor_seconds(resource.RUSAGE_CHILDREN) - before


def notebooks():
    """The texts of the chapters that have code."""
    return [p for p in sorted((ROOT / "chapters").glob("*.md")) if p.with_suffix(".ipynb").exists()]


def execute(cache, timeout):
    """Run what is not in the cache, the longest first; outcome (0 is good) of each chapter."""
    records = sorted(cache.list_unexecuted(), key=lambda r: -build_times.known(Path(r.uri).stem))
    tasks = [ProcessData(r.pk, r.uri, cache, timeout, False) for r in records]
    with forked_kernel.forked(), ThreadPool(os.cpu_count()) as pool:
        return {Path(uri).stem: code for code, uri in pool.imap_unordered(Worker(), tasks)}


def main(cache_path, timeout=300):
    """Execute every chapter, one kernel per core, each in its own folder; names of those failed.

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
