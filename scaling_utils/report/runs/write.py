"""A result as files: JSON, CSV, figure, and one page that needs no network."""
from __future__ import annotations

from pathlib import Path

from .record import Result, Written

INSTALL = "{} needs {}, which is not installed: pip install matplotlib jinja2 (the extra report)"


def write(result: Result, folder: Path) -> Written:
    """Write every part that can be written; see `Result.write`."""
    folder.mkdir(parents=True, exist_ok=True)
    out, notes = [], []
    texts = {"result.json": result.to_json() + "\n"} | {
        f"{name}.csv": frame.to_csv(index=False, lineterminator="\n")
        for name, frame in result.tables.items()}
    for name, text in texts.items():
        out.append(folder / name)
        out[-1].write_text(text, "utf-8")
    light, dark = _figures(result, notes)
    for kind, content in light.items():
        out.append(folder / f"figure.{kind}")
        out[-1].write_bytes(content)
    page = _page(result, light, dark, notes)
    if page:
        out.append(folder / "report.html")
        out[-1].write_text(page, "utf-8")
    return Written(tuple(out), tuple(notes))


def _figures(result, notes):
    """The figure in both kinds, and for a dark page; nothing, with a note, without matplotlib."""
    try:
        from .figure import images
    except ModuleNotFoundError as error:
        notes.append(INSTALL.format("The figure", error.name))
        return {}, {}
    return images(result), images(result, dark=True, kinds=("svg",))


def _page(result, light, dark, notes):
    """The page; nothing, with a note, without its template library."""
    try:
        from .html import page
    except ModuleNotFoundError as error:
        notes.append(INSTALL.format("The report", error.name))
        return ""
    return page(result, light.get("svg"), dark.get("svg"))
