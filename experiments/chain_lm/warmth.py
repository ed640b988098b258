"""Temperature, and revision against independent samples: two further measurements.

    python -m experiments.chain_lm.warmth --out results            # about seven minutes, one GPU
    python -m experiments.chain_lm.warmth --out results --smoke    # seconds
"""
from __future__ import annotations

import argparse
import multiprocessing
import os
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch

from scaling_utils.worlds.chain_task import PROMPT, TRACE, ChainTask

from . import judging, measure
from .model import SIZES, Model, loaded
from .record import Record
from .sample import sample
from .train import PEAK, by_length, examples, next_token_loss, trained

CONTEXT = PROMPT + TRACE  # a problem and an attempt at it
ATTEMPTS_PER_PROMPT = 8


@dataclass(frozen=True)
class Plan:
    """How much is trained and drawn; the defaults are the full measurement."""

    sizes: tuple[str, ...] = ("64x2", "128x4")
    runs: tuple[int, ...] = (0, 1, 2)
    temperatures: tuple[float, ...] = (0.3, 0.5, 0.7, 0.9, 1.0, 1.1, 1.2, 1.5)
    steps: int = 1320
    batch: int = 1024
    n_problems: int = 256
    n_samples: int = 2048
    n_chains: int = 32
    length: int = 16  # attempts of a chain


SMOKE = Plan(sizes=("64x2",), runs=(0,), temperatures=(0.7, 1.2), steps=30, batch=64,
             n_problems=16, n_samples=64, n_chains=4, length=3)


class Measurement:
    """One execution of a plan on one device."""

    def __init__(self, plan, record, pool):
        self.plan, self.record, self.pool = plan, record, pool
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.dtype = torch.float16 if self.device == "cuda" else torch.float32
        generator = torch.Generator(device=self.device).manual_seed(15)
        self.bench = measure.Bench(ChainTask.benchmark(plan.n_problems), self.device, pool,
                                   generator)
        name = torch.cuda.get_device_name() if self.device == "cuda" else "CPU"
        record.note("start", device=name, torch=torch.__version__, plan=vars(plan))

    def trained(self, size, rows, seed, places, start):
        """A model of one size after the plan's steps on rows (n, places)."""
        torch.manual_seed(seed)
        model = Model(*SIZES[size], places=places).to(self.device)
        states, losses = trained(model, by_length(rows, self.plan.batch), [self.plan.steps],
                                 PEAK[SIZES[size][0]], partial(next_token_loss, start=start))
        self.record.note("trained", model=size, seed=seed, places=places, losses=losses[-1])
        return loaded(size, states[self.plan.steps], self.dtype, self.device)

    def temperatures(self, run, size, policy):
        """Counts of each problem at each temperature, and the most frequent answers."""
        n = self.plan.n_samples
        for t in self.plan.temperatures:
            drawn = self.bench.drawn(policy, n, t, share=0.5)
            totals = measure.totals(self.bench, drawn, n)
            self.record.rows("curves", run, size, self.plan.steps, t, rows=totals)
            self.record.rows("warm_answers", run, size, t,
                             rows=measure.top_answers(self.bench, drawn))
            right = np.array([row[2] for row in totals])
            self.record.note("drawn", run=run, model=size, temperature=t,
                             pass_at_1=right.mean() / n, solved=float((right > 0).mean()))

    def attempts(self, policy, prompts):
        """One attempt (n, TRACE) at each of `prompts` (n, places), drawn at temperature 1."""
        drawn = sample(policy, torch.tensor(prompts, device=self.device), 1, 1.0,
                       self.bench.generator)
        return drawn.trace[drawn.problem.argsort()].numpy()

    def revision_rows(self, policy, wrong_only):
        """Examples (n, CONTEXT + TRACE): a problem, an attempt of `policy`, the right solution."""
        n = self.plan.steps * self.plan.batch // ATTEMPTS_PER_PROMPT * (2 if wrong_only else 1)
        rows = np.repeat(examples(n, 71 + wrong_only, self.pool), ATTEMPTS_PER_PROMPT, axis=0)
        tries = self.attempts(policy, rows[:, :PROMPT])
        rows = np.concatenate([rows[:, :PROMPT], tries, rows[:, PROMPT:]], 1)
        if wrong_only:
            rows = rows[(tries != rows[:, CONTEXT:]).any(1)]
        rows = np.random.default_rng(5).permutation(rows)
        return np.resize(rows, (self.plan.steps * self.plan.batch, rows.shape[1]))

    def chains(self, policy, reviser):
        """Answers (n_problems, n_chains, length): first of `policy`, then each revises the last.

        Without a reviser every attempt is a new sample.
        """
        prompts = np.repeat(self.bench.task.rows, self.plan.n_chains, axis=0)
        asked, context, answers = np.repeat(self.bench.task.prompts, self.plan.n_chains), None, []
        for _ in range(self.plan.length):
            fresh = context is None or reviser is None
            tries = self.attempts(policy, prompts) if fresh else self.attempts(reviser, context)
            context = np.concatenate([prompts, tries], 1)
            answers.append(judging.in_parts(self.pool, judging.verdicts, list(asked), tries)[:, 0])
        return np.stack(answers, 1).reshape(len(self.bench.task), -1, self.plan.length)

    def revisions(self, size, policy):
        """Chains of independent samples, and of both kinds of reviser."""
        revisers = {"parallel": None}
        for name, wrong_only in (("drawn", False), ("wrong", True)):
            rows = self.revision_rows(policy, wrong_only)
            self.record.note("revision rows", kind=name, n=len(rows))
            revisers[name] = self.trained(size, rows, 7, CONTEXT + TRACE, CONTEXT)
        for name, reviser in revisers.items():
            answers = self.chains(policy, reviser)
            self.record.keep("revisions", {f"{size}.{name}": answers.astype(np.int32)})
            right = answers == self.bench.task.answers[:, None, None]
            self.record.note("chains", model=size, kind=name,
                             accuracy=[round(float(x), 4) for x in right.mean((0, 1))])


def execute(plan, record, pool, limit):
    """Temperatures, then revisions; those of no further size are begun after `limit` seconds."""
    lab, first = Measurement(plan, record, pool), {}
    for run in plan.runs:
        rows = examples(plan.steps * plan.batch, run + 1, pool)
        for size in plan.sizes:
            policy = lab.trained(size, rows, 1000 * run, rows.shape[1], PROMPT)
            lab.temperatures(run, size, policy)
            first.setdefault(size, policy)
    for size, policy in first.items():
        if record.seconds < limit:
            lab.revisions(size, policy)
    record.note("end")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="results", help="folder of the tables")
    parser.add_argument("--smoke", action="store_true", help="a small plan")
    parser.add_argument("--limit", type=float, default=np.inf, help="seconds")
    options = parser.parse_args()
    torch.backends.cuda.enable_cudnn_sdp(False)  # it prepares a plan for every new shape
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        execute(SMOKE if options.smoke else Plan(), Record(options.out), pool, options.limit)


if __name__ == "__main__":
    main()
