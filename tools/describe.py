"""Descriptions of the data sets for machines, from their cards: Frictionless and Croissant.

Also codemeta.json, what the package is, from CITATION.cff and pyproject.toml.
"""
import json
import tomllib
from pathlib import Path

import yaml

from scaling_utils.data.datasets import available, card, content

ROOT = Path(__file__).parents[1]
FACTS = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
NAME = "inference-scaling-data"
TITLE = "Data sets of Inference-time scaling laws"
DESCRIPTION = ("Counts, curves and constants behind the book, as published or made for it; every "
               "table names its source, its licence, its independent unit and its known problems.")
LICENCES = {  # what the first words of a card's licence mean
    "MIT": "https://opensource.org/license/mit",
    "Apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0",
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
}
BY_TABLE = "Each table has its own, named in its description; numbers of papers are facts."
TYPES = {"int": ("integer", "sc:Integer"), "float": ("number", "sc:Float"),
         "str": ("string", "sc:Text"), "bool": ("boolean", "sc:Boolean")}  # fmt: skip
CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/", "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
    "equivalentProperty": "cr:equivalentProperty", "field": "cr:field",
    "fileObject": "cr:fileObject", "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
    "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex",
    "repeated": "cr:repeated", "replace": "cr:replace", "samplingRate": "cr:samplingRate",
    "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform",
}  # fmt: skip


def plain(text):
    """A card's text on one line."""
    return " ".join(str(text).split())


def licence(entry):
    """Name and address of a card's licence; None if it is told in words alone."""
    text = plain(entry["licence"])
    return next((known for known in LICENCES.items() if text.startswith(known[0])), None)


def story(entry):
    """What a table is and where it comes from, in a few sentences."""
    parts = {"One row": entry["row"], "Independent unit": entry["independent_unit"],
             "Source": entry["source"], "Obtained": entry["obtained"],
             "Licence": entry["licence"], "Left out": entry["exclusions"],
             "Checked from outside": entry["external_check"],
             "Known problems": "; ".join(plain(p).rstrip(".") for p in entry["known_problems"])}
    return " ".join(f"{name}: {plain(text).rstrip('.')}." for name, text in parts.items())


def key(entry):
    """Columns that tell the rows apart; a row that is kept but excluded repeats another."""
    return entry["key"] + (["exclude"] if "exclude" in entry["columns"] else [])


def meaning(column):
    """What a column means, with its unit."""
    unit = column.get("unit")
    return plain(column["meaning"]) + (f" [{unit}]" if unit else "")


def table_field(name, column):
    """Column of a Frictionless table; an empty number is missing, an empty text is a text."""
    number = column["type"] in ("int", "float")
    values = [str(value) for value in column.get("values", [])]
    low, high = (end if isinstance(end, int | float) else None  # a limit may name a column
                 for end in (column.get("min"), column.get("max")))  # fmt: skip
    limits = {"required": number and not column.get("optional"), "minimum": low, "maximum": high,
              "enum": values if column["type"] == "str" else None}  # fmt: skip
    kept = {key: value for key, value in limits.items() if value not in (None, False, [])}
    field = {"name": name, "type": TYPES[column["type"]][0], "description": meaning(column),
             "missingValues": [""] if number else []}  # fmt: skip
    if column["type"] == "bool":
        field |= {"trueValues": ["True"], "falseValues": ["False"]}
    return field | ({"constraints": kept} if kept else {})


def resource(name):
    """One table of the Frictionless package."""
    entry, data, known = card(name), content(name), licence(card(name))
    fields = [table_field(column, facts) for column, facts in entry["columns"].items()]
    text = {"name": name, "title": plain(entry["title"]), "description": story(entry)}
    kind = {"path": f"{name}.csv", "profile": "tabular-data-resource", "format": "csv",
            "mediatype": "text/csv", "encoding": "utf-8"}  # fmt: skip
    facts = {"bytes": len(data), "hash": f"sha256:{entry['sha256']}",
             "sources": [{"title": plain(entry["source"])}]}  # fmt: skip
    if known:
        facts["licenses"] = [{"name": known[0].replace(" ", "-"), "path": known[1]}]
    return text | kind | facts | {"schema": {"fields": fields, "primaryKey": key(entry)}}


def datapackage():
    """Frictionless description of all tables."""
    return {"profile": "tabular-data-package", "name": NAME, "title": TITLE,
            "description": DESCRIPTION, "version": str(FACTS["version"]),
            "created": f"{FACTS['date-released']}T00:00:00Z",
            "contributors": [{"title": a["name"], "role": "author"} for a in FACTS["authors"]],
            "resources": [resource(name) for name in available()]}  # fmt: skip


def file_object(name):
    """One file of the Croissant description."""
    entry, known = card(name), licence(card(name))
    facts = {"@type": "cr:FileObject", "@id": f"{name}.csv", "name": f"{name}.csv",
             "description": story(entry), "contentUrl": f"{name}.csv",
             "contentSize": f"{len(content(name))} B", "encodingFormat": "text/csv",
             "sha256": entry["sha256"]}  # fmt: skip
    return facts | ({"license": known[1]} if known else {})


def record_set(name):
    """Columns of one table in the Croissant description."""
    entry = card(name)
    fields = [{"@type": "cr:Field", "@id": f"{name}/{column}", "name": column,
               "description": meaning(facts), "dataType": TYPES[facts["type"]][1],
               "source": {"fileObject": {"@id": f"{name}.csv"}, "extract": {"column": column}}}
              for column, facts in entry["columns"].items()]  # fmt: skip
    return {"@type": "cr:RecordSet", "@id": name, "name": name,
            "description": plain(entry["title"]), "field": fields,
            "key": [{"@id": f"{name}/{column}"} for column in key(entry)]}  # fmt: skip


def croissant(address, cite_as):
    """Croissant description of all tables, which lie beside it at `address`."""
    return {"@context": CONTEXT, "@type": "sc:Dataset", "name": NAME, "description": DESCRIPTION,
            "conformsTo": "http://mlcommons.org/croissant/1.0", "license": BY_TABLE,
            "url": address, "version": str(FACTS["version"]), "citeAs": cite_as,
            "datePublished": str(FACTS["date-released"]),
            "creator": [{"@type": "Organization", "name": a["name"]} for a in FACTS["authors"]],
            "distribution": [file_object(name) for name in available()],
            "recordSet": [record_set(name) for name in available()]}  # fmt: skip


def codemeta():
    """What the package is, for catalogues of software."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {"@context": "https://w3id.org/codemeta/3.0", "@type": "SoftwareSourceCode",
            "name": FACTS["title"], "identifier": project["name"],
            "description": plain(FACTS["abstract"]), "version": project["version"],
            "dateModified": str(FACTS["date-released"]),
            "license": f"https://spdx.org/licenses/{project['license']}",
            "author": [{"@type": "Organization", "name": a["name"]} for a in project["authors"]],
            "programmingLanguage": "Python",
            "runtimePlatform": f"Python {project['requires-python']}",
            "softwareRequirements": project["dependencies"]}  # fmt: skip


def text(description):
    """A description as it is written."""
    return json.dumps(description, ensure_ascii=False, indent=1) + "\n"


def main(path=ROOT / "codemeta.json"):
    """Write codemeta.json if it has changed, and say so."""
    new = text(codemeta())
    if not path.exists() or path.read_text("utf-8") != new:
        path.write_text(new, "utf-8")
        print(f"wrote {path.name}")


if __name__ == "__main__":
    main()
