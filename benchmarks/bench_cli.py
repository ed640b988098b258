"""Seconds from the shell's point of view: help, a check, a whole forecast with its report."""
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scaling_utils import load

CALLS = {
    "--help": "help of the group",
    "forecast --help": "help of a command",
    "check run.csv": "read and check",
    "forecast run.csv --k 100000": "forecast",
    "forecast run.csv --k 100000 --out report": "forecast with figure and page",
}


def seconds(words, folder, times=3):
    """Least wall time of a call in its own process."""
    least = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "scaling_utils", *words.split()], cwd=folder,
                       check=True, capture_output=True)
        least = min(least, time.perf_counter() - start)
    return least


def main():
    """Print one line per call."""
    counts = load("monkeys_counts").query("benchmark == 'MATH' and model == 'Pythia-160M'")
    with tempfile.TemporaryDirectory() as folder:
        counts[["problem", "n_samples", "n_correct"]].to_csv(Path(folder) / "run.csv", index=False)
        for words, what in CALLS.items():
            print(f"{what:32} {seconds(words, folder):6.2f} s   scaling-laws {words}")


if __name__ == "__main__":
    main()
