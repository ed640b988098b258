"""How many changes of the core do the tests notice? A seeded sample of mutmut's mutants.

Copies package and tests into a folder, lets mutmut write every mutant of the modules named in
pyproject.toml, draws some of them, and runs the tests that reach each one. Mutants that change a
message alone are left out. Survivors are looked up in results/mutants.csv, which gives a reason.
"""
import argparse
import ast
import csv
import json
import os
import random
import shutil
import subprocess
import sys
from itertools import islice
from pathlib import Path

from scipy.stats import binomtest

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "results" / "mutants.csv"
COPIED = ("scaling_utils", "tests", "results", "pyproject.toml")
FIRST = "scaling_utils.estimate.votes.x_majority_at_k__mutmut_1"  # any: all are written with it
SURVIVED = {0, 33}  # exit codes of mutmut: tests passed, and no test came near


def prepare(folder):
    """A fresh copy of package and tests."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)


def mutmut(folder, names):
    """Run mutmut on these mutants."""
    settings = os.environ | {"MPLBACKEND": "agg", "PYTHONPATH": ""}
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(os.cpu_count()), *names]
    subprocess.run(command, cwd=folder, env=settings, check=True, stdout=subprocess.DEVNULL)


def outcomes(folder):
    """Exit code of every mutant, None where it was not run."""
    found = {}
    for path in sorted(folder.glob("mutants/scaling_utils/**/*.meta")):
        found |= json.loads(path.read_text("utf-8"))["exit_code_by_key"]
    return found


class Functions:
    """The mutants' functions, read once per module."""

    def __init__(self, folder):
        self.folder, self.read = folder / "mutants", {}

    def of(self, mutant):
        """The original function and the changed one, as source lines without their names."""
        module, name = mutant.rsplit(".", 1)
        if module not in self.read:
            tree = ast.parse((self.folder / f"{module.replace('.', '/')}.py").read_text("utf-8"))
            self.read[module] = {n.name: n for n in ast.walk(tree)
                                 if isinstance(n, ast.FunctionDef)}
        known = self.read[module]
        return known[name.rsplit("__mutmut_", 1)[0] + "__mutmut_orig"], known[name]

    def change(self, mutant):
        """What was changed: old and new text of the first statement that differs."""
        old, new = (ast.unparse(f).splitlines()[1:] for f in self.of(mutant))
        pairs = [(a.strip(), b.strip()) for a, b in zip(old, new, strict=False) if a != b]
        return " -> ".join(pairs[0]) if pairs else "a line is gone"

    def only_text(self, mutant):
        """Whether nothing but a message differs: a string with a space in it."""
        old, new = (ast.dump(_Blank().visit(ast.Module(f.body, []))) for f in self.of(mutant))
        return old == new


class _Blank(ast.NodeTransformer):
    """Messages replaced by None, as mutmut does it too."""

    def visit_Constant(self, node):
        message = isinstance(node.value, str) and " " in node.value
        return ast.Constant(None) if message else node

    def visit_JoinedStr(self, node):
        return ast.Constant(None)


def reasons():
    """Known survivors and why: {(function, change): reason}."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {(row["function"], row["change"]): row["reason"] for row in csv.DictReader(lines)}


def sample(folder, size, seed):
    """Names drawn from all mutants but those of messages alone."""
    functions, names = Functions(folder), sorted(outcomes(folder))
    print(f"{size} of {len(names)} mutants are drawn (seed {seed})", flush=True)
    random.Random(seed).shuffle(names)
    return list(islice((name for name in names if not functions.only_text(name)), size))


def report(folder, drawn):
    """Print score, interval and survivors; whether nine in ten may be killed, all explained."""
    codes, functions, known, unknown = outcomes(folder), Functions(folder), reasons(), 0
    alive = sorted(name for name in drawn if codes[name] in SURVIVED)
    killed = len(drawn) - len(alive)
    low, high = binomtest(killed, len(drawn)).proportion_ci(0.95)
    for name in alive:
        function = name.rsplit("__mutmut_", 1)[0].replace(".x_", ".").replace("xǁ", "")
        key = function.replace("ǁ", "."), functions.change(name)
        unknown += key not in known
        print(*key, known.get(key, "NO REASON"), sep="\n    ")
    print(f"{killed} of {len(drawn)} mutants killed: {killed / len(drawn):.0%} "
          f"(95 % interval {low:.0%} to {high:.0%}); {unknown} survivors without a reason")
    return high >= 0.9 and not unknown


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    prepare(options.folder)
    mutmut(options.folder, [FIRST])
    drawn = sample(options.folder, options.size, options.seed)
    mutmut(options.folder, drawn)
    return not report(options.folder, drawn)


if __name__ == "__main__":
    sys.exit(main())
