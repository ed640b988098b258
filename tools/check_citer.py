"""What readers come for, in headless Chromium: look-ups of at most two clicks each."""
import sys

from one_pass import Check, main


def chapter(name):
    """A click on the first link of the first page to a chapter."""
    return ["click", f"article a[href^='chapters/{name}.html']"]


NUMBERS, RESULTS = chapter("replications"), chapter("results")
LOOKUPS = {  # question: (clicks from the first page, what is then in sight, what it must say)
    "Levi's beta": ([NUMBERS, ["pick", "paper", "levi2024simple"]], "#levi_beta", "0.35"),
    "Wu's slope of the best size": (
        [NUMBERS, ["type", "slope wu et al"]], "#wu_model_size_slope", "1.19"),
    "which of Brown's constants differs most": (
        [NUMBERS, ["click", "#brown-et-al-2024 .most a"]], "tr:target", "%"),
    "Chinchilla's alpha": (
        [NUMBERS, ["pick", "paper", "hoffmann2022training"]], "#hoffmann_alpha", "0.34"),
    "interval of Pythia-12B's beta": (
        [RESULTS, ["type", "beta failure pythia-12b maximum likelihood"]],
        "table.results tr:not([hidden]) td:nth-child(4)", "."),
    "gain of likelihood over the log-log slope": (
        [NUMBERS, ["type", "relative error orders"]], "#schaeffer_backtest_gain", "0.7"),
    "an entry for the bibliography": (
        [["click", "#pst-page-toc-nav a[href='#cite']"]], ".cite-box pre", "@misc"),
    "an entry for one page": ([RESULTS, ["click", ".cite-box summary"]], ".cite-box pre",
                              "@incollection"),
    "all published numbers as a file": ([NUMBERS], "article a[href$='replications.csv']", "CSV"),
    "the data sets, described for machines": (
        [RESULTS, ["click", "#pst-page-toc-nav a[href='#data-sets']"]],
        "a[href$='croissant.json']", "Croissant"),
    "what ten thousand samples would solve": ([chapter("your_runs")], "article .admonition", "log"),
    "four doors": ([], "article .sd-col:last-child .sd-card", "Check or cite"),
    "which strategy at equal cost": (
        [chapter("strategies_compared")], "article .admonition", "Which way"),
    "cache of a sequence": (
        [chapter("memory"), ["click", "#pst-page-toc-nav a[href='#the-cache']"]],
        "#the-cache h3", "cache"),
    "the paper behind a citation": (
        [chapter("coverage_power_law"), ["click", "article a[href^='references.html#']"]],
        ".citation:target a[href^='https://']", "arXiv"),
    "the data behind a figure": (
        [chapter("coverage_power_law"),
         ["click", "article a[href='#fig-coverage-power-law-claim']"]],
        "#fig-coverage-power-law-claim .figure-files", "CSV"),
}  # fmt: skip


def findings(html, reports):
    """What a look-up does not find."""
    for question, wrong in reports.items():
        if wrong:
            yield f"{question}: {wrong}"


def tasks(html):
    """Each look-up."""
    return {question: {"clicks": clicks, "selector": selector, "text": text}
            for question, (clicks, selector, text) in LOOKUPS.items()}  # fmt: skip


CHECK = Check("check_citer", findings, lambda reports, n: f"{len(reports)} look-ups, {n} findings",
              tasks=tasks)

if __name__ == "__main__":
    main(sys.argv[1], CHECK)
