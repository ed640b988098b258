"""Every built page as it is set in headless Chromium, wide and as on a phone; any finding fails.

Nothing may be requested from elsewhere or be missing, no script may complain, all mathematics must
be set, no page may be wider than its window, and its contents mark the section that is read.
"""
import sys

import browser
from one_pass import Check, main

WIDTHS = (1300, 390)


def findings(html, reports):
    """What was found on each page."""
    for (page, width), report in reports.items():
        yield from (f"{page} ({width} px): {what}" for what in report["found"])


def said(reports, n):
    """Pages and formulas that were looked at."""
    formulas = sum(report["set"] for report in reports.values())
    return (f"{len({page for page, _ in reports})} pages opened at {len(WIDTHS)} widths, "
            f"{formulas} formulas set, {n} findings")  # fmt: skip


CHECK = Check("check_browser", findings, said,
              sights=lambda html: dict.fromkeys(browser.pages(html), WIDTHS))

if __name__ == "__main__":
    main(sys.argv[1], CHECK)
