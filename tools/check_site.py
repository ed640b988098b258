"""Check the built pages without a browser; every finding is printed, and any of them fails.

Pages are those of _toc.yml, nothing is requested from elsewhere, internal links and anchors hold,
figures have name, caption and alternative text, and launch links point at tracked notebooks.
"""
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import anchors
import yaml

ROOT = Path(__file__).parents[1]
GENERATED = {"genindex", "search", "prf-prf", "404"}  # written by Sphinx and its extensions
ASSETS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src",
          "audio": "src", "embed": "src", "object": "data"}  # fmt: skip
ASSET_RELS = {"stylesheet", "preload", "icon", "shortcut icon", "modulepreload", "prefetch"}
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Page(HTMLParser):
    """What one page holds: ids, links, assets, and the images and figures of its article."""

    text: str
    ids: set = field(default_factory=set)
    links: list = field(default_factory=list)
    assets: list = field(default_factory=list)
    images: list = field(default_factory=list)  # (alt, figure or None)
    figures: list = field(default_factory=list)  # [id, caption]
    metas: list = field(default_factory=list)  # (name or property, content)
    words: list = field(default_factory=list)  # text of the article, piece by piece
    stack: list = field(default_factory=list)

    def __post_init__(self):
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.add(attrs["id"])
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])
        if tag == "meta" and (attrs.get("name") or attrs.get("property")):
            self.metas.append((attrs.get("name") or attrs["property"], attrs.get("content") or ""))
        if tag == "link" and attrs.get("rel") in ASSET_RELS:
            self.assets.append(attrs["href"])
        if attrs.get(ASSETS.get(tag)):
            self.assets.append(attrs[ASSETS[tag]])
        if tag == "figure":
            self.figures.append([attrs.get("id") or "", ""])
        if tag == "img" and "article" in self.stack:
            self.images.append((attrs.get("alt") or "", "figure" in self.stack))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        while tag in self.stack and self.stack.pop() != tag:
            pass

    def handle_data(self, data):
        if "figcaption" in self.stack:
            self.figures[-1][1] += data
        if "article" in self.stack and not {"script", "style", "footer"} & set(self.stack):
            self.words.append(data)


def is_external(address):
    """True for an address that leaves the site."""
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme in ("http", "https", "ftp")


def listed(toc):
    """Documents that a table of contents names, at any depth."""
    if isinstance(toc, list):
        return [name for entry in toc for name in listed(entry)]
    if isinstance(toc, dict):
        here = [toc[key] for key in ("root", "file") if key in toc]
        return here + [name for value in toc.values() for name in listed(value)]
    return []


def page_findings(built, names):
    """Pages that are missing or too many."""
    for name in sorted(set(names) - set(built)):
        yield f"{name}: in _toc.yml, not built"
    for name in sorted(set(built) - set(names) - GENERATED):
        yield f"{name}: built, not in _toc.yml"


def asset_findings(html, name, page):
    """Assets from elsewhere or absent."""
    for address in page.assets:
        if is_external(address):
            yield f"{name}: asset from elsewhere: {address}"
        elif not address.startswith("data:"):
            path = (html / name).parent / unquote(urlsplit(address).path)
            if not path.is_file():
                yield f"{name}: no such asset: {address}"


def style_findings(html):
    """Style sheets that fetch something from elsewhere."""
    pattern = r"(?:url\(|@import\s+)[\"']?((?:https?:)?//[^\"')\s]+)"
    for path in sorted(html.rglob("*.css")):
        for address in re.findall(pattern, path.read_text("utf-8")):
            yield f"{path.relative_to(html)}: asset from elsewhere: {address}"


def link_findings(html, name, pages):
    """Internal links and anchors that lead nowhere."""
    for address in pages[name].links:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        here = (html / f"{name}.html").resolve()
        path = (here.parent / unquote(parts.path)).resolve() if parts.path else here
        if not path.is_file() or not path.is_relative_to(html.resolve()):
            yield f"{name}: dead link: {address}"
            continue
        target = path.relative_to(html.resolve()).with_suffix("").as_posix()
        if parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
            yield f"{name}: no such anchor: {address}"


def figure_findings(html, name, page):
    """Figures without a name, a caption or their data; images without real alternative text."""
    for label, caption in page.figures:
        if not label.startswith("fig-"):
            yield f"{name}: figure without a name fig-...: {label or caption[:60]!r}"
        if not re.sub(r"^(Fig\. [\d.]+)?|#$", "", caption.strip()).strip():
            yield f"{name}: figure {label} has no caption"
        if not all((html / "figures" / f"{label}.{kind}").exists() for kind in ("csv", "svg")):
            yield f"{name}: figure {label} has no data or no drawing"
    for alt, inside in page.images:
        if len(alt.split()) < 3 or re.search(r"_images|\.(png|svg|jpe?g)$", alt):
            yield f"{name}: image without real alternative text: {alt!r}"
        if not inside:
            yield f"{name}: image outside a figure: {alt!r}"


def description_findings(name, page):
    """Pages that a search engine or a shared link would describe by nothing, or by formulas."""
    for key in ("description", "og:description"):
        texts = [content for given, content in page.metas if given == key]
        if len(texts) != 1:
            yield f"{name}: {len(texts)} tags {key}"
        for text in texts:
            if not 40 <= len(text) <= 200 or re.search(r"[\\$`{}]|,,", text):
                yield f"{name}: {key} is not a plain sentence: {text[:60]!r}"
    for key in ("og:url", "og:image"):
        if not [content for given, content in page.metas if given == key and is_external(content)]:
            yield f"{name}: no absolute {key}"


def text_findings(name, page):
    """What was left on the page by accident: the shape of a table, punctuation in a heap."""
    text = " ".join(" ".join(page.words).split())
    for pattern in (r"(?:^| )\(\d+, \d+\)$", r"(?<!et al)\.;"):
        for found in re.findall(pattern, text):
            yield f"{name}: left over: {found.strip()!r}"


def anchor_findings(name, page, listed):
    """Addresses that the page once had and has no more."""
    for anchor in listed.get(name, []):
        if not anchors.ids(anchor) & page.ids:
            yield f"{name}: address that others may cite is gone: #{anchor}"


def reference_findings(name, page):
    """A list of references that leads nowhere."""
    if name.endswith("references"):
        out = [a for a in page.links if re.match(r"https://(doi|arxiv)\.org", a)]
        if len(out) < 20:
            yield f"{name}: {len(out)} links to papers"


def launch_findings(name, page, tracked):
    """Launch links that do not open the page's tracked notebook."""
    launches = [a for a in page.links if "urlpath=" in a]
    paths = [parse_qs(urlsplit(a).query)["urlpath"][0].split("tree/")[-1] for a in launches]
    for path in paths:
        if path != f"{name}.ipynb" or path not in tracked:
            yield f"{name}: launch link to {path}, which is not its tracked notebook"
    if f"{name}.ipynb" in tracked and not paths:
        yield f"{name}: no launch link"


def tracked_files(root=ROOT):
    """Files of the repository; in a copy without git those that lie beside the texts."""
    if (root / ".git").exists() and shutil.which("git"):
        return set(subprocess.check_output(["git", "ls-files"], cwd=root, text=True).splitlines())
    return {path.relative_to(root).as_posix() for path in (root / "chapters").glob("*.*")}


def findings(html, toc, tracked, kept=()):
    """Everything that is wrong with a site; kept: addresses that its pages must have."""
    built = {p.relative_to(html).with_suffix("").as_posix(): p for p in html.rglob("*.html")
             if "_static" not in p.parts}  # fmt: skip
    pages = {name: Page(path.read_text("utf-8")) for name, path in sorted(built.items())}
    yield from page_findings(pages, listed(toc))
    yield from style_findings(html)
    for name, page in pages.items():
        yield from asset_findings(html, name, page)
        yield from link_findings(html, name, pages)
        yield from figure_findings(html, name, page)
        yield from launch_findings(name, page, tracked)
        if name not in GENERATED:
            yield from description_findings(name, page)
            yield from text_findings(name, page)
            yield from reference_findings(name, page)
            yield from anchor_findings(name, page, dict(kept))


def main(folder):
    """Print the findings; exit 1 if there are any."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    found = list(findings(Path(folder), toc, tracked_files(), anchors.listed()))
    print(*found, f"{len(listed(toc))} pages checked, {len(found)} findings", sep="\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main(sys.argv[1])
