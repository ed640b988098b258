"""Tables that are on disk as soon as a row is known."""
from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np

COLUMNS = {
    "counts": "run,model,problem,n_samples,n_correct,n_sound,tokens,n_different",
    "curves": "run,model,step,temperature,problem,n_samples,n_correct,n_sound,tokens,n_different",
    "answers": "run,model,problem,answer,n_votes",
    "warm_answers": "run,model,temperature,problem,answer,n_votes",
    "exact": "run,model,step,temperature,problem,log_probability",
    "decode_steps": "model,batch,median_s,least_s",
}


class Record:
    """Files of one execution in a folder, and a clock."""

    def __init__(self, folder: str):
        self.folder, self.start = Path(folder), time.perf_counter()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.arrays = {}
        for name, header in COLUMNS.items():
            (self.folder / f"{name}.csv").write_text(header + "\n", encoding="ascii")
        (self.folder / "log.jsonl").write_text("", encoding="ascii")

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.perf_counter() - self.start

    def rows(self, table: str, *first, rows) -> None:
        """Append rows that begin with the values of `first`."""
        with (self.folder / f"{table}.csv").open("a", encoding="ascii") as file:
            file.writelines(",".join(map(_text, (*first, *row))) + "\n" for row in rows)

    def note(self, what: str, **facts) -> None:
        """Append a line of facts to the log and print it."""
        line = json.dumps({"what": what, "at_s": round(self.seconds, 1), **facts})
        with (self.folder / "log.jsonl").open("a", encoding="ascii") as file:
            file.write(line + "\n")
        print(line[:300], flush=True)

    def keep(self, name: str, arrays: dict) -> None:
        """Add arrays to the file `name`.npz."""
        held = self.arrays.setdefault(name, {})
        held.update(arrays)
        np.savez_compressed(self.folder / f"{name}.npz", **held)


def _text(value) -> str:
    """A number as short as it can be."""
    return f"{value:.7g}" if isinstance(value, float | np.floating) else str(value)
