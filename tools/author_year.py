"""Sphinx extension: the list of references is labelled as the text cites, by author and year."""
from pybtex.plugin import register_plugin
from pybtex.style.formatting.alpha import Style as AlphaStyle
from pybtex.style.labels import BaseLabelStyle


def label(entry):
    """Family names of the first author, or two, and the year.

    More than two authors are named by the first, as in the text.
    """
    people = entry.persons.get("author", [])
    names = [" ".join([*person.prelast_names, *person.last_names]) for person in people]
    if len(names) > 2:
        names = [f"{names[0]} et al."]
    return f"{' and '.join(names)}, {entry.fields['year']}".replace("{", "").replace("}", "")


class LabelStyle(BaseLabelStyle):
    """One label per entry; the same author and year are told apart by a letter."""

    def format_labels(self, entries):
        labels = [label(entry) for entry in entries]
        for i, text in enumerate(labels):
            letter = chr(ord("a") + labels[:i].count(text)) if labels.count(text) > 1 else ""
            yield text + letter


class AuthorYearStyle(AlphaStyle):
    """The usual entries, under these labels."""

    default_label_style = LabelStyle


def setup(app):
    """Make the style known to the bibliography."""
    register_plugin("pybtex.style.formatting", "author_year", AuthorYearStyle)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
