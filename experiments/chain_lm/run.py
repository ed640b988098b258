"""Train a family of small language models and sample them.

    python -m experiments.chain_lm.run --out results            # all; about eight minutes, one GPU
    python -m experiments.chain_lm.run --out results --small    # minutes on a CPU
"""
from __future__ import annotations

import argparse
import multiprocessing
import os
from dataclasses import dataclass, replace

import numpy as np
import torch

from scaling_utils.worlds.chain_task import ChainTask

from . import judging, measure
from .model import SIZES, Model, loaded
from .record import Record
from .sample import sample
from .train import PEAK, by_length, examples, step_loss, trained

TEMPERATURES = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.5, 2.0)
SHARES = {"64x2": 1.0, "96x3": 0.6, "128x4": 0.35, "192x5": 0.2, "256x6": 0.2, "384x6": 0.2}


@dataclass(frozen=True)
class Plan:
    """How much is trained and drawn; the defaults are the full experiment."""

    sizes: tuple[str, ...] = tuple(SIZES)
    marks: tuple[int, ...] = (165, 330, 660, 1320)
    batch: int = 1024
    n_problems: int = 256
    n_samples: int = 10_000
    n_few: int = 256
    n_labelled: int = 240_000
    passes: int = 4  # of a scorer over its labelled solutions
    scorers: tuple[str, ...] = ("64x2", "128x4")
    labelled_by: tuple[str, ...] = ("64x2", "192x5")
    kept: tuple[str, ...] = ("64x2", "96x3", "128x4")  # weights
    n_exact: int = 2048  # further problems, for exact probabilities alone
    temperatures: tuple[float, ...] = (0.0, 0.5, 0.8, 1.2, 1.5)  # with n_few samples
    batches: tuple[int, ...] = measure.BATCHES


SMALL = Plan(sizes=("64x2",), marks=(40, 80, 160, 320), batch=64, n_problems=20, n_samples=200,
             n_few=32, n_labelled=1600, passes=2, scorers=("64x2",), labelled_by=("64x2",),
             kept=("64x2",), n_exact=40, batches=(1, 16))


class Experiment:
    """One execution of a plan on one device."""

    def __init__(self, plan, record, pool, device=None):
        self.plan, self.record, self.pool = plan, record, pool
        self.device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self.dtype = torch.float16 if self.device == "cuda" else torch.float32
        generator = torch.Generator(device=self.device).manual_seed(7)
        self.bench = measure.Bench(ChainTask.benchmark(plan.n_problems), self.device, pool,
                                   generator)
        wide = ChainTask.benchmark(plan.n_exact, seed=20261127)
        self.wide, self.policies = replace(self.bench, task=wide), {}
        name = torch.cuda.get_device_name() if self.device == "cuda" else "CPU"
        record.note("start", device=name, torch=torch.__version__, plan=vars(plan))

    def model(self, size, state, outputs=None, dtype=None):
        """A trained model on the device."""
        more = {} if outputs is None else {"outputs": outputs}
        return loaded(size, state, dtype or self.dtype, self.device, **more)

    def train(self, run, sizes):
        """Train policies on the examples of a run and measure each as soon as it is trained."""
        plan, torch_seed = self.plan, 1000 * run
        rows = examples(max(plan.marks) * plan.batch, run + 1, self.pool)
        known = {row.tobytes() for row in rows[:, : self.bench.task.rows.shape[1]]}
        seen = [i for i, row in enumerate(self.bench.task.rows) if row.tobytes() in known]
        self.record.note("examples", run=run, n=len(rows), benchmark_problems_among_them=seen)
        batches = by_length(rows, plan.batch)
        for size in sizes:
            torch.manual_seed(torch_seed)
            start, model = self.record.seconds, Model(*SIZES[size]).to(self.device)
            states, losses = trained(model, batches, plan.marks, PEAK[SIZES[size][0]])
            self.record.note("trained", run=run, model=size, params=model.n_params,
                             seconds=round(self.record.seconds - start, 1), losses=losses)
            del model
            self.measure_marks(run, size, states)
            self.policies[run, size] = states[max(plan.marks)]
            if size in plan.kept and run == 0:
                self.keep(size, states[max(plan.marks)])

    def keep(self, name, state):
        """Write weights in half precision."""
        self.record.keep("weights", {f"{name}/{key}": v.numpy() for key, v in state.items()})

    def measure_marks(self, run, size, states):
        """Exact probabilities and a few samples after each length of training."""
        plan, last = self.plan, max(self.plan.marks)
        for step, state in states.items():
            sharp = self.model(size, state, dtype=torch.float32)
            warm = [t for t in TEMPERATURES if t > 0] if step == last else [1.0]
            for t, row in zip(warm, measure.exact(self.bench, sharp, warm), strict=True):
                self.record.rows("exact", run, size, step, t, rows=enumerate(row))
            policy = self.model(size, state)
            for t in (1.0, *plan.temperatures) if step == last else (1.0,):
                n = plan.n_few if t else 1
                drawn = self.bench.drawn(policy, n, t)
                self.record.rows("curves", run, size, step, t,
                                 rows=measure.totals(self.bench, drawn, n))
        wide = measure.exact(self.wide, sharp, [1.0])[0].astype(np.float32)
        self.record.keep("samples", {f"{run}.{size}.wide": wide})
        self.record.note("measured", run=run, model=size, sound=float(np.exp(wide).mean()))

    def train_scorers(self):
        """Step scorers learn from labelled solutions of two policies to fresh problems."""
        plan, size, rows = self.plan, 8, []
        each = plan.n_labelled // size // len(plan.labelled_by)
        for which, name in enumerate(plan.labelled_by):
            policy = self.model(name, self.policies[0, name])
            prompts = examples(each, 99 + which, self.pool)[:, : self.bench.task.rows.shape[1]]
            drawn = sample(policy, torch.tensor(prompts, device=self.device), size, 1.0,
                           self.bench.generator)
            mine = np.concatenate([prompts[drawn.problem.numpy()], drawn.trace.numpy()], 1)
            rows.append(np.repeat(mine, drawn.count.numpy(), axis=0))
        rows, rng = np.concatenate(rows), np.random.default_rng(5)
        rows = np.concatenate([rng.permutation(rows) for _ in range(plan.passes)])
        batch, scorers = plan.batch // 2, {}
        label = lambda rows: judging.in_parts(self.pool, judging.labels, rows)  # noqa: E731
        for name in plan.scorers:
            torch.manual_seed(0)
            model, mark = Model(*SIZES[name], outputs=1).to(self.device), len(rows) // batch
            states, losses = trained(model, by_length(rows, batch), [mark], 1e-3, step_loss,
                                     label)
            scorers[name] = self.model(name, states[mark], outputs=1)
            self.keep(f"scorer_{name}", states[mark])
            self.record.note("scorer", model=name, n_labelled=len(rows) // plan.passes,
                             steps=mark, losses=losses)
        return scorers

    def draw(self, run, size):
        """The full number of samples of each problem: counts and most frequent answers."""
        start, n = self.record.seconds, self.plan.n_samples
        policy = self.model(size, self.policies[run, size])
        drawn = self.bench.drawn(policy, n, share=SHARES[size])
        totals = measure.totals(self.bench, drawn, n)
        self.record.rows("counts", run, size, rows=totals)
        self.record.rows("answers", run, size, rows=measure.top_answers(self.bench, drawn))
        right, different = (np.array([row[i] for row in totals]) for i in (2, 5))
        self.record.note("drawn", run=run, model=size, pass_at_1=right.mean() / n,
                         solved=float((right > 0).mean()), different=float(different.mean()),
                         seconds=round(self.record.seconds - start, 1))


def execute(plan, record, pool, limit=np.inf, device=None):
    """All parts of a plan in the order of their worth; nothing new is begun after `limit` s."""
    lab = Experiment(plan, record, pool, device)
    lab.train(0, plan.sizes)
    scorers = lab.train_scorers()
    for size in plan.sizes:
        policy = lab.model(size, lab.policies[0, size])
        columns = measure.in_full(lab.bench, policy, plan.n_few, scorers)
        record.keep("samples", {f"{size}.{key}": value for key, value in columns.items()})
        record.rows("decode_steps", size, rows=measure.decode_times(policy, plan.batches))
    record.note("in full")
    for size in plan.sizes:
        if record.seconds < limit:
            lab.draw(0, size)
    for run in (1, 2):  # the same again from other examples: what a second training changes
        if record.seconds < limit - 60:
            lab.train(run, plan.kept)
            for size in plan.kept:
                if record.seconds < limit:
                    lab.draw(run, size)
    record.note("end")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="results", help="folder of the tables")
    parser.add_argument("--small", action="store_true", help="a small plan for a CPU")
    parser.add_argument("--smoke", action="store_true", help="the full plan, a tenth of the work")
    parser.add_argument("--limit", type=float, default=np.inf, help="seconds")
    options = parser.parse_args()
    plan = SMALL if options.small else Plan()
    if options.smoke:
        plan = replace(plan, marks=(20, 40, 80, 160), n_problems=64, n_labelled=8000)
    torch.backends.cuda.enable_cudnn_sdp(False)  # it prepares a plan for every new shape
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        execute(plan, Record(options.out), pool, options.limit)


if __name__ == "__main__":
    main()
