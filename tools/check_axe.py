"""Every page in axe, which finds what keeps people out, light and dark, in headless Chromium.

Used where axe is installed (`npm install axe-core`, or the path of axe.min.js in the variable AXE);
any serious finding fails.
"""
import os
import sys
from pathlib import Path

import browser
from one_pass import Check, main

ROOT = Path(__file__).parents[1]
AXE = Path(os.environ.get("AXE", ROOT / "node_modules" / "axe-core" / "axe.min.js"))
WIDTH = 1300
# Of the theme, not of these pages: its buttons have other names for readers than for eyes.
THEME = (".theme-switch-button", ".search-button-field")


def findings(html, reports):
    """What axe says of each page."""
    for (page, _), found in reports.items():
        yield from (f"{page} {what}" for what in found)


def said(reports, n):
    """Pages that axe has seen."""
    return f"{len(reports)} pages in axe, {n} findings"


CHECK = Check("check_axe", findings, said,
              sights=lambda html: dict.fromkeys(browser.pages(html), (WIDTH,)),
              given=lambda: {"axe": AXE.read_text("utf-8"), "theme": THEME},
              lacks=lambda: "" if AXE.exists() else "no axe was found")  # fmt: skip

if __name__ == "__main__":
    main(sys.argv[1], CHECK)
