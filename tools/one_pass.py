"""Several checks of a built site in one pass of the browser: a page is opened once per width.

Each check is a script beside it, which looks at a page in sight or does jobs of its own, and a
function that says what is wrong in the reports; any finding fails.
Without a browser nothing is checked.
"""
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import browser

PHONE = 700  # pixels up to which a page is opened anew: it may be another one for a phone


def nothing(html):
    """No page and no job."""
    return {}


@dataclass(frozen=True)
class Check:
    """One check: its script is name.js, and what is given to that has names of its own."""

    name: str
    findings: Callable  # (folder of the site, reports by what was looked at) -> findings
    said: Callable  # (reports, number of findings) -> a last line
    sights: Callable = nothing  # folder -> {page: widths}
    tasks: Callable = nothing  # folder -> {title: job of its own}
    given: Callable = dict  # values for the script
    lacks: Callable = str  # what is missing to do it, in words


def page_jobs(html, checks):
    """One job for each page and all its wide windows, one for each narrow window."""
    wanted = {}
    for check in checks:
        for page, widths in check.sights(html).items():
            for width in widths:
                key = page, (width if width < PHONE else None)
                wanted.setdefault(key, []).append((width, check.name))
    return [{"kind": "page", "page": page, "sights": sorted(sights, key=lambda s: -s[0])}
            for (page, _), sights in wanted.items()]  # fmt: skip


def own_jobs(html, checks):
    """Jobs of single checks, with the titles under which their reports are kept."""
    return [{"kind": check.name, "title": title, **job}
            for check in checks for title, job in check.tasks(html).items()]  # fmt: skip


def sorted_out(jobs, told, seconds):
    """Reports by check and by what was looked at; jobs without a report as findings."""
    reports, lost = {}, []
    for job, report in zip(jobs, told, strict=True):
        title = job.get("page") or job["title"]
        report = report or {"error": f"no report within {seconds} s"}
        if "error" in report:
            lost.append(f"{title}: {report['error']}")
        elif job["kind"] != "page":
            reports.setdefault(job["kind"], {})[title] = report["done"]
        else:
            for (width, name), seen in zip(job["sights"], report["done"], strict=True):
                reports.setdefault(name, {})[title, width] = seen
    return reports, lost


def run(chromium, html, checks, seconds=browser.SECONDS):
    """All findings of the checks; each says in a line what it did."""
    def size(job):  # the longest jobs first
        return -(html / job.get("page", "search.html")).stat().st_size

    jobs = [*sorted(page_jobs(html, checks), key=size), *own_jobs(html, checks)]
    given = {"seconds": seconds / 3}
    for check in checks:
        given |= check.given()
    page = browser.harness(["visit.js", *(f"{check.name}.js" for check in checks)], given)
    told, complaints = browser.visits(chromium, html, jobs, page, seconds)
    reports, found = sorted_out(jobs, told, seconds)
    found += complaints
    for check in checks:
        mine = reports.get(check.name, {})
        wrong = list(check.findings(html, mine))
        print(check.said(mine, len(wrong)))
        found += wrong
    print(*found, sep="\n", end="\n" if found else "")
    return found


def main(folder, *checks):
    """Print what the checks find; exit 1 if there is anything."""
    chromium = browser.find()
    if chromium is None:
        print(f"{', '.join(check.name for check in checks)} skipped: no Chromium was found")
        return
    for check in checks:
        if check.lacks():
            print(f"{check.name} skipped: {check.lacks()}")
    checks = [check for check in checks if not check.lacks()]
    sys.exit(bool(checks and run(chromium, Path(folder), checks)))


if __name__ == "__main__":
    import check_axe
    import check_browser
    import check_citer
    import check_reading

    modules = (check_browser, check_reading, check_axe, check_citer)
    main(sys.argv[1], *(module.CHECK for module in modules))
