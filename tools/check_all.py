"""All checks of a built book, side by side on the cores; what each says is printed in one piece.

Any check that fails makes this one fail, after the others have ended.
"""
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

TOOLS = Path(__file__).parent
CHECKS = ("one_pass", "check_live", "check_site")


def run(name, folder):
    """Outcome of one check, what it said, and its seconds."""
    start = time.monotonic()
    done = subprocess.run([sys.executable, TOOLS / f"{name}.py", folder], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    return done.returncode, done.stdout, time.monotonic() - start


def main(folder, checks=CHECKS):
    """Run the checks and print each as it ends; names of those that failed."""
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        names = {pool.submit(run, name, folder): name for name in checks}
        for done in as_completed(names):
            code, text, seconds = done.result()
            print(f"== {names[done]}, {seconds:.0f} s", text.rstrip(), sep="\n", flush=True)
            failed += [names[done]] * bool(code)
    print(*(f"failed: {name}" for name in failed), sep="\n", end="\n" * bool(failed))
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1])))
