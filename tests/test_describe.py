"""Descriptions for machines: the data are as the descriptions say, and the facts agree."""
import hashlib
import json
import tomllib
from io import BytesIO
from pathlib import Path

import data_files
import describe
import pandas as pd
import pytest
import yaml

from scaling_utils.data.datasets import available, card, content

ROOT = Path(__file__).parents[1]
NUMBERS = {"integer": "Int64", "number": "float64", "boolean": "bool", "string": "str"}
each_set = pytest.mark.parametrize("name", available())


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The folder of the site."""
    folder = tmp_path_factory.mktemp("data")
    data_files.write(folder, "https://x.org/")
    return folder


@pytest.fixture(scope="module")
def package(published):
    content = json.loads((published / "datapackage.json").read_text("utf-8"))
    return content, {one["name"]: one for one in content["resources"]}


@pytest.fixture(scope="module")
def croissant(published):
    return json.loads((published / "croissant.json").read_text("utf-8"))


def read(path, fields):
    """A table by the types that its description gives, and nothing else."""
    types = {field["name"]: NUMBERS[field["type"]] for field in fields}
    missing = {field["name"]: field["missingValues"] for field in fields}
    return pd.read_csv(path, dtype=types, keep_default_na=False, na_values=missing)


def broken(table, field):
    """Constraints of a field that its column breaks."""
    column, limits = table[field["name"]], field.get("constraints", {})
    given = column.dropna()
    checks = {
        "required": lambda _: column.notna().all(),
        "minimum": lambda low: (given >= low).all(),
        "maximum": lambda high: (given <= high).all(),
        "enum": lambda values: set(given) <= set(values),
    }
    return [name for name, limit in limits.items() if not checks[name](limit)]


@each_set
@pytest.mark.slow
def test_table_is_as_its_description_says(name, published, package):
    one = package[1][name]
    data = (published / one["path"]).read_bytes()
    assert data == content(name) and len(data) == one["bytes"]
    assert one["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
    table = read(BytesIO(data), one["schema"]["fields"])
    assert list(table) == [field["name"] for field in one["schema"]["fields"]]
    assert {f["name"]: broken(table, f) for f in one["schema"]["fields"] if broken(table, f)} == {}
    assert not table.duplicated(one["schema"]["primaryKey"]).any()
    assert card(name)["row"] in one["description"] and len(table) == card(name)["rows"]


def test_a_broken_constraint_is_noticed():
    table = pd.DataFrame({"n": pd.array([1, None], "Int64"), "kind": ["a", "b"]})
    field = {"name": "n", "constraints": {"required": True, "minimum": 2, "maximum": 0}}
    assert broken(table, field) == ["required", "minimum", "maximum"]
    assert broken(table, {"name": "kind", "constraints": {"enum": ["a"]}}) == ["enum"]


@pytest.mark.slow
def test_package_names_everything_once(package):
    whole, resources = package
    assert whole["profile"] == "tabular-data-package" and set(resources) == set(available())
    for one in resources.values():
        assert {"name", "path", "profile", "title", "sources", "schema"} <= set(one)
        assert all(field["description"] for field in one["schema"]["fields"])
        assert {entry["name"] for entry in one.get("licenses", [])} <= {
            "MIT", "Apache-2.0", "CC-BY-4.0"}  # fmt: skip
    assert "licenses" not in resources["hoffmann_runs"]  # told in words: no licence is named


@pytest.mark.slow
def test_croissant_is_whole(croissant, package):
    assert croissant["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert {"name", "description", "license", "url", "creator", "datePublished"} <= set(croissant)
    files = {one["@id"]: one for one in croissant["distribution"]}
    assert set(files) == {one["path"] for one in package[1].values()}
    for one in files.values():
        assert one["contentUrl"] in files and len(one["sha256"]) == 64
    fields = [field for records in croissant["recordSet"] for field in records["field"]]
    ids = [*files, *(r["@id"] for r in croissant["recordSet"]), *(f["@id"] for f in fields)]
    assert len(ids) == len(set(ids))
    for records in croissant["recordSet"]:
        known = {field["@id"] for field in records["field"]}
        assert {key["@id"] for key in records["key"]} <= known
        columns = [field["source"]["extract"]["column"] for field in records["field"]]
        assert columns == list(card(records["@id"])["columns"])
        assert {f["source"]["fileObject"]["@id"] for f in records["field"]} <= set(files)
    assert {f["dataType"] for f in fields} <= {t[1] for t in describe.TYPES.values()}


@pytest.mark.slow
def test_version_date_licence_and_authors_agree_everywhere(package, croissant):
    facts = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    meta = json.loads((ROOT / "codemeta.json").read_text("utf-8"))
    people = [author["name"] for author in facts["authors"]]
    date = str(facts["date-released"])
    assert meta["version"] == facts["version"] == project["version"]
    assert package[0]["version"] == croissant["version"] == facts["version"]
    assert meta["dateModified"] == croissant["datePublished"] == date
    assert package[0]["created"].startswith(date)
    assert facts["license"] == project["license"] == meta["license"].rsplit("/", 1)[1]
    assert [a["name"] for a in meta["author"]] == people == [a["name"] for a in project["authors"]]
    assert [a["name"] for a in croissant["creator"]] == people
    assert meta["name"] == facts["title"] and meta["identifier"] == project["name"]


def test_codemeta_is_in_step(tmp_path, capsys):
    assert (ROOT / "codemeta.json").read_text("utf-8") == describe.text(describe.codemeta()), \
        "run `make sync`"
    describe.main(tmp_path / "codemeta.json")
    describe.main(tmp_path / "codemeta.json")
    assert capsys.readouterr().out == "wrote codemeta.json\n"
