"""What the parts of a chapter must be; each fault is one sentence."""
import re

import yaml

REQUIRED = ("The law", "Derivation", "Where it breaks", "Take away", "Exercises")
MAX_WORDS, MAX_NUMBERS, MAX_DESCRIPTION = 60, 3, 160
DIRECTIVE = r"^(`{3,}|:{3,})\{%s\} *%s(.*?)^\1$"
ROLE = r"\{[\w:]+\}`[^`]*`"


def front(text):
    """Front matter of a text."""
    found = re.match(r"---\n(.*?)\n---\n", text, re.S)
    return yaml.safe_load(found[1]) if found else {}


def directive(text, name, title=""):
    """First directive of a name and title; group 2 of the match holds options and content."""
    return re.search(DIRECTIVE % (name, title), text, re.S | re.M)


def words(body):
    """Words of a text; a role, a formula or a number with its sign counts as one."""
    bare = re.sub(rf"{ROLE}|\$[^$]*\$", "x", body)
    return len([word for word in bare.split() if re.search(r"\w", word)])


def head_faults(text):
    """Description, keywords and the line of prerequisites."""
    meta = front(text)["myst"]["html_meta"]
    description = meta.get("description") or ""
    if not re.fullmatch(r"[^\\$]+[.?]", description) or ",," in description:
        yield "the description is not one plain sentence without formulas"
    if len(description) >= MAX_DESCRIPTION:
        yield f"the description has {len(description)} characters, 160 or more"
    if "," not in (meta.get("keywords") or ""):
        yield "there are no keywords"
    if not re.search(r"^\(ch-[\w-]+\)=\n# .+\n\n\*You need\* .+\n\n:", text, re.M):
        yield "label, title, one line *You need* ... and the claim do not follow one another"


def claim_faults(text):
    """A question, then at most so many words and numbers."""
    claim = directive(text, "admonition", "Claim\n")
    if not claim:
        yield "there is no admonition Claim"
        return
    body = claim[2].strip()
    if not body.startswith(":class: tip\n"):
        yield "the claim is not of class tip"
    lines = [line for line in body.splitlines() if line and not line.startswith(":class:")]
    if not lines or not lines[0].endswith("?"):
        yield "the first line of the claim is no question"
    count, numbers = words("\n".join(lines)), body.count("{glue:")
    if count > MAX_WORDS:
        yield f"the claim has {count} words, more than {MAX_WORDS}"
    if numbers > MAX_NUMBERS:
        yield f"the claim has {numbers} numbers, more than {MAX_NUMBERS}"


def opening_faults(slug, text):
    """Between claim and first heading: the picture, then what would refute the claim."""
    claim = directive(text, "admonition", "Claim\n")
    label = f"fig-{slug.replace('_', '-')}-"
    opening = text[claim.end() if claim else 0:].split("\n## ")[0]
    glued = directive(opening, "glue:figure", f"{slug}-")
    drawn = re.search(rf"^:? +name: {label}[\w-]+$", opening, re.M)
    refuted = directive(opening, "admonition", "What would refute this\n")
    if glued and not re.search(rf"^:name: {label}claim\n:alt: \S+ \S+ \S+.*\n+\S", glued[2], re.M):
        yield f"the picture has not the name {label}claim, an alternative text and a caption"
    if not glued and not drawn:
        yield "no picture stands between the claim and the first heading"
    if not refuted:
        yield "no admonition says what would refute the claim"
        return
    if not re.search(r"^:class: dropdown\nEvidence: .*\{(numref|eq)\}`.*\n+\S", refuted[2], re.M):
        yield "what would refute the claim names no evidence, or no outcome"
    if not refuted[2].rstrip().endswith("."):
        yield "what would refute the claim does not end in a sentence"
    if (glued or drawn) and (glued or drawn).start() > refuted.start():
        yield "the picture stands below what would refute the claim"


def heading_faults(text):
    """The fixed headings, by how they begin, in order; exercises last and nothing after them."""
    headings = re.findall(r"^## (.+)$", text, re.M)
    places = [next((i for i, h in enumerate(headings) if h.startswith(name)), -1)
              for name in REQUIRED]  # fmt: skip
    missing = [name for name, place in zip(REQUIRED, places, strict=True) if place < 0]
    if missing:
        yield f"there is no heading {', '.join(missing)}"
    elif places != sorted(places) or places[0] != 0 or places[-1] != len(headings) - 1:
        yield f"the headings are not in order: {headings}"
    rest = re.split(r"^## Exercises.*$", text, maxsplit=1, flags=re.M)[-1] if not missing else ""
    for name in ("exercise", "solution"):
        gated = rf"^(`{{3,}}|:{{3,}})\{{{name}-start\}}.*?\{{{name}-end\}}\n\1$"
        rest = re.sub(gated, "", rest, flags=re.S | re.M)
        rest = re.sub(DIRECTIVE % (name, ""), "", rest, flags=re.S | re.M)
    if rest.strip():
        yield f"after the exercises stands: {rest.strip()[:60]!r}"


def cell_faults(cells):
    """The cells of a page: set-up folded, nothing shows a shape, no name is used twice."""
    tags = cells[0].metadata.get("tags", []) if cells else []
    if not {"hide-input", "remove-cell"} & set(tags):
        yield "the first cell is not folded"
    source = "\n".join(cell.source for cell in cells)
    if "write_part" in source or "import glue" in source:
        yield "rows and notes go through Page: page.write(rows), page.note(name, text)"
    names = re.findall(r"\bpage\.(?:note\(|picture\(\w+, )\"([\w-]+)\"", source)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        yield f"names are used twice: {', '.join(twice)}"


def faults(slug, text, cells):
    """Everything that is wrong with a chapter."""
    return [*head_faults(text), *claim_faults(text), *opening_faults(slug, text),
            *heading_faults(text), *cell_faults(cells)]  # fmt: skip
