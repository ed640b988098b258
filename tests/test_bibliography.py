"""The bibliography: one entry per paper, all authors named, and a way to find each of them."""
import re
from pathlib import Path

from together import together

BIB = (Path(__file__).parents[1] / "references.bib").read_text("utf-8")
ENTRIES = {re.match(r"@\w+\{(\w+),", e).group(1): e for e in re.split(r"\n(?=@)", BIB)[1:]}
PATTERNS = {"doi": r"10\.\d{4,}/\S+", "eprint": r"\d{4}\.\d{4,5}", "url": r"https://\S+",
            "isbn": r"97[89](-\d+){4}"}  # fmt: skip


def field(entry, name):
    """Text of a field without its outer braces, or None."""
    found = re.search(rf"^  {name} *= \{{(.*)\}},$", entry, re.M)
    return found and found.group(1)


@together(ENTRIES)
def test_entry_can_be_found(key):
    given = {name: field(ENTRIES[key], name) for name in PATTERNS}
    assert any(given.values()), "give a doi, an arXiv eprint, a url or an isbn"
    wrong = {name: text for name, text in given.items()
             if text and not re.fullmatch(PATTERNS[name], text)}  # fmt: skip
    assert not wrong


@together(ENTRIES)
def test_entry_names_all_authors_and_its_year(key):
    assert not re.search(r"\band others\b", field(ENTRIES[key], "author"))
    assert re.fullmatch(r"(1[789]|20)\d\d", field(ENTRIES[key], "year"))


def test_no_paper_stands_twice():
    for name in ("doi", "eprint"):
        ids = [field(entry, name) for entry in ENTRIES.values() if field(entry, name)]
        assert len(ids) == len(set(ids))


def test_labels_are_those_of_the_text():
    from author_year import AuthorYearStyle
    from pybtex.database import parse_string

    bib = parse_string("".join(
        f"@misc{{{key}, author = {{{people}}}, title = {{T}}, year = {{2024}}}}\n"
        for key, people in (("a", "Brown, Ann and Cole, Bo and Day, Cy"), ("b", "de Vries, Jan"),
                            ("c", "Bay, Yi and Yearick, Kate"), ("d", "de Vries, Jan"))
    ), "bibtex")  # fmt: skip
    labels = {e.key: e.label for e in AuthorYearStyle().format_entries(bib.entries.values())}
    assert labels == {"a": "Brown et al., 2024", "b": "de Vries, 2024a",
                      "c": "Bay and Yearick, 2024", "d": "de Vries, 2024b"}  # fmt: skip


def test_file_is_read_to_the_end():
    from pybtex.database import parse_string

    assert set(parse_string(BIB, "bibtex").entries) == set(ENTRIES)
