"""Start a law: its record, a chapter in the anatomy of the book, and their entries everywhere.

The skeletons run and pass the tests as they are; what they say is to be replaced.
"""
import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONCEPT = """  SLUG:
    name: TITLE
    definition: Say what it is in one sentence.
    valid: Say how far it holds in one sentence.
    is_not: Say what it is not in one sentence.
"""
LAST = "- caption: Back matter\n"  # a new chapter comes before it


def filled(text, key, slug):
    """A template with its names."""
    names = {"KEY-LABEL": "eq-" + key.replace("_", "-"), "SLUG-LABEL": slug.replace("_", "-"),
             "TITLE": key.replace("_", " ").capitalize(), "KEY": key, "SLUG": slug}  # fmt: skip
    for mark, name in names.items():
        text = text.replace(mark, name)
    return text


def template(name, key, slug):
    """A filled template of a file."""
    return filled((ROOT / "tools" / "templates" / name).read_text("utf-8"), key, slug)


def refuse(key, slug):
    """Say what stands in the way of a key or a chapter, and stop."""
    if not all(re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) for name in (key, slug)):
        sys.exit(f"KEY and CHAPTER are lower-case words joined by _, got {key!r} and {slug!r}")
    if (ROOT / "scaling_utils" / "laws" / f"{key}.py").exists():
        sys.exit(f"there is a law {key} already: scaling_utils/laws/{key}.py")


def main(key, chapter=""):
    """Write the law; and unless it belongs to a chapter that is there, the chapter too."""
    slug = chapter or key
    refuse(key, slug)
    text = ROOT / "chapters" / f"{slug}.md"
    new = {ROOT / "scaling_utils" / "laws" / f"{key}.py": template("law.txt", key, slug)}
    if not text.exists():
        new[text] = template("chapter.txt", key, slug)
        toc, concepts = ROOT / "_toc.yml", ROOT / "scaling_utils" / "report" / "concepts.yml"
        new[toc] = toc.read_text("utf-8").replace(LAST, f"  - file: chapters/{slug}\n{LAST}")
        new[concepts] = concepts.read_text("utf-8") + filled(CONCEPT, key, slug)
    for path, content in new.items():
        path.write_text(content, "utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    if text not in new:
        print(f"now put its equation, labelled eq-{key.replace('_', '-')}, into chapters/{slug}.md")
    subprocess.run([sys.executable, str(ROOT / "tools" / "sync.py")], check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("key", help="name of the law's file and equation")
    parser.add_argument("chapter", nargs="?", default="", help="its chapter; by default the key")
    options = parser.parse_args()
    main(options.key, options.chapter)
