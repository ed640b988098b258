"""Write what follows from texts and records: notebooks, claims, README, conformance file."""
from pathlib import Path

import anchors
import claims
import conformance
import describe
import jupytext
import live_records
import nbformat
import readme

from scaling_utils.report import export

ROOT = Path(__file__).parents[1]


def texts():
    """The chapters with code: texts whose front matter names jupytext."""
    paths = sorted((ROOT / "chapters").glob("*.md"))
    return [path for path in paths if path.read_text("utf-8").startswith("---\njupytext:")]


def notebook(path):
    """The notebook of a text, its cells numbered so that the same text gives the same file."""
    nb = jupytext.read(path)
    for number, cell in enumerate(nb.cells):
        cell["id"] = f"cell-{number}"
    nb.metadata.pop("jupytext", None)
    return nbformat.writes(nb) + "\n"


def main():
    """Write what has changed, and say so."""
    anchors.main()
    claims.main()
    readme.main()
    describe.main()
    export.main(ROOT / "results", str(describe.FACTS["date-released"]))
    conformance.main()
    live_records.main()
    for path in texts():
        twin, content = path.with_suffix(".ipynb"), notebook(path)
        if not twin.exists() or twin.read_text("utf-8") != content:
            twin.write_text(content, "utf-8")
            print(f"wrote {twin.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
