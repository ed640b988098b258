"""Seconds and memory from ten million graded samples to counts, beside a pandas group-by."""
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

N_ROWS, N_PROBLEMS = 10**7, 1_000
RUN = """
import resource, time
start, cpu = time.perf_counter(), time.process_time()
{body}
print(time.perf_counter() - start, time.process_time() - cpu,
      resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, n, c)
"""
OURS = """
from scaling_utils import read_log
[log] = read_log({path!r}, engine={engine!r})
n, c = log.samples.n_samples.sum(), log.samples.n_correct.sum()
"""
PANDAS = """
import pandas as pd
frame = pd.read_{kind}({path!r})
assert not frame.duplicated([name for name in ("problem", "sample") if name in frame]
                            ).any() or "sample" not in frame
counts = frame.groupby("problem")["correct"].agg(["size", "sum"])
n, c = counts["size"].sum(), counts["sum"].sum()
"""


def write(folder, numbered):
    """A table of samples as CSV, in parts so that this program stays small."""
    path, rng = Path(folder) / f"run{int(numbered)}.csv", np.random.default_rng(0)
    with open(path, "w") as file:
        file.write("problem,sample,correct\n" if numbered else "problem,correct\n")
        for sample in range(N_ROWS // N_PROBLEMS):
            right = rng.random(N_PROBLEMS) < np.linspace(0, .5, N_PROBLEMS)
            number = f"{sample}," if numbered else ""
            file.writelines(f"problem-{i},{number}{int(y)}\n" for i, y in enumerate(right))
    return path


def measured(body):
    """(seconds, seconds of CPU, MB, samples, correct ones) of a program of its own."""
    out = subprocess.run([sys.executable, "-c", RUN.format(body=body)], capture_output=True,
                         text=True, check=True).stdout
    return [float(word) for word in out.split()]


def main():
    """Print one row per reader."""
    print(f"\n{N_ROWS:,} rows of {N_PROBLEMS:,} problems to counts (memory includes Python)")
    print(f"{'reader':34s}{'s':>8s}{'CPU s':>8s}{'MB':>8s}{'ratio':>8s}")
    with tempfile.TemporaryDirectory() as folder:
        for numbered in (False, True):
            path = str(write(folder, numbered))
            rows = [("pandas group-by", PANDAS.format(kind="csv", path=path))]
            rows += [(f"read_log, {name}", OURS.format(path=path, engine=name))
                     for name in ("duckdb", "pandas")[:2 - numbered]]
            found = [(name, measured(body)) for name, body in rows]
            assert len({tuple(row[3:]) for _, row in found}) == 1  # the same counts
            for name, (seconds, cpu, megabytes, *_) in found:
                what = name + ", numbered samples" * numbered
                print(f"{what:34s}{seconds:8.1f}{cpu:8.1f}{megabytes:8.0f}"
                      f"{found[0][1][0] / seconds:8.2f}")


if __name__ == "__main__":
    main()
