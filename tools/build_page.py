"""Build one chapter into _build/page/<slug>, for a quick look; several can run at once.

Links to other chapters stay open and warnings do not fail: the gate is `make book`.
"""
import os
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def main(slug):
    """Run one chapter and show it with the references."""
    if not (ROOT / "chapters" / f"{slug}.md").exists():
        known = sorted(path.stem for path in (ROOT / "chapters").glob("*.md"))
        sys.exit(f"SLUG is one of {', '.join(known)}; got {slug!r}")
    out = ROOT / "_build" / "page" / slug
    out.mkdir(parents=True, exist_ok=True)
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    config["execute"]["execute_notebooks"] = "force"
    config["sphinx"]["config"]["html_static_path"] = [str(ROOT / "_static")]
    extensions = config["sphinx"]["local_extensions"]
    config["sphinx"]["local_extensions"] = dict.fromkeys(extensions, str(ROOT / "tools"))
    (out / "config.yml").write_text(yaml.safe_dump(config), "utf-8")
    files = [{"file": f"chapters/{name}"} for name in dict.fromkeys([slug, "references"])]
    toc = {"format": "jb-book", "root": "index", "options": {"numbered": True}, "chapters": files}
    (out / "toc.yml").write_text(yaml.safe_dump(toc), "utf-8")
    command = ["build", str(ROOT), "--quiet", "--all", "--keep-going", "--path-output", str(out)]
    command += ["--config", str(out / "config.yml"), "--toc", str(out / "toc.yml")]
    foreign = ("MPLBACKEND", "JUPYTER_PATH")  # the kernel of this environment draws its figures
    settings = {name: value for name, value in os.environ.items() if name not in foreign}
    program = Path(sys.executable).with_name("jupyter-book")
    subprocess.run([program, *command], check=True, env=settings)
    print(out / "_build" / "html" / "chapters" / f"{slug}.html")


if __name__ == "__main__":
    main(sys.argv[1])
