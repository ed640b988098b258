"""What surrounds the book: versions agree, licences are there, nothing points at one machine."""
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
VERBS = {"help", "book", "test", "bench", "serve", "lab", "lint", "sync", "clean", "results",
         "quick"}
SUPPORTED = ["3.11", "3.12", "3.13"]
LOCKS = ("requirements.lock", "requirements-lab.lock")
PLACEHOLDER = "OWNER" + "/REPOSITORY"


def read(path):
    return (ROOT / path).read_text("utf-8")


def tracked():
    """Tracked text files and their contents."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout")
    names = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True)
    paths = [ROOT / name for name in names.splitlines() if (ROOT / name).is_file()]
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths
            if path.suffix not in {".png", ".woff2", ".xz", ".npz", ".gz"}}  # fmt: skip


def test_citation_agrees_with_the_project():
    citation = yaml.safe_load(read("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0" and citation["message"] and citation["title"]
    assert (citation["version"], citation["license"]) == (PROJECT["version"], PROJECT["license"])
    assert citation["authors"] == PROJECT["authors"]
    assert f"## {PROJECT['version']}" in read("CHANGELOG.md")


def test_version_of_the_package_is_that_of_the_project():
    import scaling_utils

    assert scaling_utils.__version__ == PROJECT["version"]


def test_licences():
    assert read("LICENSE").startswith("MIT License") and PROJECT["license"] == "MIT"
    assert "creativecommons.org/licenses/by/4.0" in read("LICENSE-text.md")
    assert set(PROJECT["license-files"]) == {"LICENSE", "LICENSE-text.md"}
    readme = read("README.md")
    assert "(LICENSE)" in readme and "(LICENSE-text.md)" in readme


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_versions_and_hashes_alone(name):
    lines = [line.strip() for line in read(name).splitlines()]
    assert all(re.match(r"[\w.\-]+==[\w.]+|--hash=sha256:[0-9a-f]{64}", line) for line in lines)
    assert not re.search(r"://|file:|@|--(extra-)?index|--find-links", read(name))


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_every_direct_dependency(name):
    def canonical(requirement):
        return re.sub(r"[-_.]+", "-", re.match(r"[\w.\-]+", requirement)[0]).lower()

    extras = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *extras["book"]]
    wanted += extras["lab" if "lab" in name else "test"]
    locked = {canonical(line) for line in read(name).splitlines() if "==" in line}
    assert {canonical(requirement) for requirement in wanted} <= locked


def test_no_tracked_file_names_a_place_on_one_machine():
    pattern = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|Users|opt|mnt)/\w|[A-Z]:\\\\")
    found = {name: pattern.findall(text) for name, text in tracked().items()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_repository_address_stands_in_one_place():
    assert [name for name, text in tracked().items() if PLACEHOLDER in text] == ["_config.yml"]


def test_makefile_has_the_verbs_that_are_promised():
    described = set(re.findall(r"^([a-z-]+):.*##", read("Makefile"), re.M))
    assert described >= VERBS
    texts = "".join(map(read, ("README.md", "CONTRIBUTING.md", "index.md", ".ci/run")))
    assert set(re.findall(r"\bmake ([a-z]+)\b(?=[` \n]*[`#\n2S])", texts)) <= described


def test_links_of_the_root_documents_hold():
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE-text.md"):
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", read(name)):
            assert target.startswith("https://") or (ROOT / target).exists(), f"{name}: {target}"


def test_code_of_the_readme_runs(capsys):
    blocks = re.findall(r"^```python\n(.*?)^```", read("README.md"), re.S | re.M)
    for code in blocks:
        assert len([line for line in code.splitlines() if line.strip()]) <= 8
        exec(compile(code, "README.md", "exec"), {})
    shown = capsys.readouterr().out
    assert "CONVERGED" in shown and "0.625" in shown and len(blocks) == 4
    solutions, flops = map(float, shown.split()[-2:])
    assert 15 < solutions <= 16 and flops > 16 * 2 * 14e9  # at least a token per solution


def test_supported_versions_agree():
    classified = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["classifiers"]))
    assert classified == SUPPORTED
    assert PROJECT["requires-python"] == ">=3.11"  # no upper end for the library; the book has one
    assert "(3, 11) <= sys.version_info[:2] <= (3, 13)" in read("tools/find_python")
    jobs = yaml.safe_load(read(".github/workflows/test.yml"))["jobs"]
    assert jobs["locked"]["strategy"]["matrix"]["python"] == [SUPPORTED[0], SUPPORTED[-1]]
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        assert set(re.findall(r'python-version: "(3[.\d]+)"', path.read_text())) <= set(SUPPORTED)


def test_every_workflow_parses_and_the_book_is_deployed_from_main_only():
    names = {path.stem for path in (ROOT / ".github" / "workflows").glob("*.yml")}
    assert names == {"test", "book", "canary", "links"}
    deploy = yaml.safe_load(read(".github/workflows/book.yml"))["jobs"]["deploy"]
    assert "refs/heads/main" in deploy["if"] and deploy["needs"] == "build"


def test_published_constants_are_in_the_bibliography():
    from scaling_utils import load

    known = set(re.findall(r"^@\w+\{(\w+),", read("references.bib"), re.M))
    assert set(load("published_constants").paper) <= known | {""}
