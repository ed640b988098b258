"""The wheel, installed outside the checkout, loads every data set and needs its own list alone."""
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SETS = ROOT / "scaling_utils" / "data" / "sets"
DATA = sorted(path.parent.name for path in SETS.glob("*/card.yml"))
SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import scaling_utils
from scaling_utils import LAWS, card, load, plot
print(scaling_utils.__file__)
plot.use_style()
for name in sys.argv[2:]:
    print(name, len(load(name)), card(name)["title"], sep="|")
print(len(LAWS))
"""

BARE = """
import sys
from importlib import metadata
site, code = sys.argv[1:]
sys.path.insert(0, site)
folder = [metadata.distribution("inference-scaling-compendium")]
needed, seen = [], set()
from packaging.requirements import Requirement
while folder:
    found = folder.pop()
    needed.append(found.metadata["Name"])
    for line in found.requires or []:
        wanted = Requirement(line)
        if wanted.name not in seen and (not wanted.marker or wanted.marker.evaluate({"extra": ""})):
            seen.add(wanted.name)
            folder.append(metadata.distribution(wanted.name))
key = lambda name: name.lower().replace("_", "-")
allowed = {*map(key, needed)}
owners = metadata.packages_distributions()
foreign = {top for top, names in owners.items() if not {*map(key, names)} & allowed}
for name in [name for name in sys.modules if name.split(".")[0] in foreign]:
    del sys.modules[name]

class Bare:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in foreign:
            raise ModuleNotFoundError(f"{name} is not among {sorted(allowed)}", name=name)

sys.meta_path.insert(0, Bare())
exec(compile(code, "README.md", "exec"), {})
from scaling_utils.report.results import read_fits
from scaling_utils.report.replications import compare
print(len(read_fits()), len(compare()))
assert "matplotlib" in foreign and "autograd" in foreign and "myst_nb" in foreign
assert not foreign & {name.split(".")[0] for name in sys.modules}
import scaling_utils
try:
    scaling_utils.plot
except ModuleNotFoundError as error:
    print(error.name)
"""


def pip(*arguments):
    """Run pip in the tests' interpreter, without the network."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, *arguments], check=True, capture_output=True, text=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder that holds nothing but the installed wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"  # a copy, so that the checkout stays as it is
    shutil.copytree(ROOT / "scaling_utils", source / "scaling_utils")
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-text.md"):
        shutil.copy(ROOT / name, source)
    pip("wheel", str(source), "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder))
    (wheel,) = folder.glob("*.whl")
    pip("install", str(wheel), "--no-deps", "--no-index", "--target", str(folder / "site"))
    return folder / "site"


@pytest.mark.slow
def test_installed_package_loads_all_data(site, tmp_path):
    command = [sys.executable, "-I", "-c", SCRIPT, str(site), *DATA]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    place, *rows, n_laws = run.stdout.splitlines()
    assert Path(place).is_relative_to(site) and not Path(place).is_relative_to(ROOT)
    assert [row.split("|")[0] for row in rows] == DATA and len(DATA) >= 3
    assert int(n_laws) == len([p for p in (ROOT / "scaling_utils/laws").glob("[a-z]*.py")])


@pytest.mark.slow
def test_wheel_holds_all_package_files(site):
    ours = ROOT / "scaling_utils"
    files = {p.relative_to(ours) for p in ours.rglob("*") if p.is_file() and p.suffix != ".pyc"}
    assert files == {p.relative_to(site / "scaling_utils")
                     for p in (site / "scaling_utils").rglob("*")
                     if p.is_file() and p.suffix != ".pyc"}  # fmt: skip


@pytest.mark.slow
def test_core_dependencies_alone_run_the_readme_and_hold_the_results(site, tmp_path):
    """Every module outside the closure of the wheel's own list is refused at import."""
    pytest.importorskip("packaging")
    readme = (ROOT / "README.md").read_text("utf-8")
    code = "\n".join(re.findall(r"^```python\n(.*?)^```", readme, re.S | re.M))
    command = [sys.executable, "-I", "-c", BARE, str(site), code]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    *shown, sizes, missing = run.stdout.splitlines()
    n_fits, n_compared = map(int, sizes.split())
    assert any("CONVERGED" in line for line in shown)
    assert n_fits > 1000 and n_compared > 100 and missing == "matplotlib"
