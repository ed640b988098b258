"""What is measured of a policy, as rows of the experiment's tables."""
from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

import numpy as np
import torch

from scaling_utils.worlds.chain_task import ChainTask, encode

from . import judging
from .sample import exact_log_probability, sample, step_scores

TOP = 12  # answers kept of each problem
PLACE = 80  # at which a decoding step is timed
BATCHES = (1, 4, 16, 64, 256, 1024, 4096, 16384)
REPEATS = 9


@dataclass(frozen=True)
class Bench:
    """The benchmark on a device, with the workers that check solutions."""

    task: ChainTask
    device: str
    pool: object
    generator: torch.Generator

    def prompts(self):
        """Prompts on the device."""
        return torch.tensor(self.task.rows, device=self.device)

    def rows(self):
        """Prompts with their right solutions on the device."""
        pairs = zip(self.task.prompts, self.task.solutions, strict=True)
        return torch.tensor(np.stack([encode(*pair) for pair in pairs]), device=self.device)

    def drawn(self, model, n, temperature=1.0, share=1.0):
        """Different solutions and their verdicts, both sorted by problem."""
        drawn = sample(model, self.prompts(), n, temperature, self.generator, share)
        order = drawn.problem.argsort(stable=True)
        columns = [getattr(drawn, name)[order].numpy()
                   for name in ("problem", "trace", "count", "log_probability")]
        asked = [self.task.prompts[i] for i in columns[0]]
        return *columns, judging.in_parts(self.pool, judging.verdicts, asked, columns[1])


def totals(bench, drawn, n):
    """Per problem: (problem, n, n_correct, n_sound, tokens, n_different)."""
    problem, _, count, _, verdict = drawn
    right = verdict[:, 0] == bench.task.answers[problem]
    size = len(bench.task)
    columns = [np.bincount(problem, count * weight, size).astype(int)
               for weight in (right, verdict[:, 3], verdict[:, 4])]
    different = np.bincount(problem, minlength=size)
    return [(i, n, *row) for i, row in enumerate(zip(*columns, different, strict=True))]


def top_answers(bench, drawn):
    """(problem, answer, count) of the TOP most frequent answers of each problem."""
    problem, _, count, _, verdict = drawn
    rows = []
    for i in range(len(bench.task)):
        mine = problem == i
        answers, where = np.unique(verdict[mine, 0], return_inverse=True)
        votes = np.bincount(where, count[mine]).astype(int)
        first = np.argsort(-votes, kind="stable")[:TOP]
        rows += [(i, int(answers[j]), int(votes[j])) for j in first]
    return rows


def exact(bench, model, temperatures, part=64):
    """log P(right solution) of each problem at each temperature, (n_temperatures, n_problems)."""
    rows = bench.rows()
    parts = [exact_log_probability(model, rows[i:i + part], temperatures)
             for i in range(0, len(rows), part)]
    return torch.cat(parts, 1).numpy()


def in_full(bench, model, n, scorers, part=8192):
    """Different solutions among n samples of each problem, with scores, as named columns."""
    problem, trace, count, log_probability, verdict = bench.drawn(model, n)
    columns = {"problem": problem.astype(np.uint8), "count": count.astype(np.uint16),
               "answer": verdict[:, 0].astype(np.int32), "n_right": verdict[:, 1].astype(np.uint8),
               "n_lines": verdict[:, 2].astype(np.uint8), "sound": verdict[:, 3].astype(bool),
               "tokens": verdict[:, 4].astype(np.uint8),
               "log_probability": log_probability.astype(np.float16)}
    rows = np.concatenate([bench.task.rows[problem], trace], 1)
    for name, scorer in scorers.items():
        scores = [step_scores(scorer, torch.tensor(rows[i:i + part], device=bench.device)).cpu()
                  for i in range(0, len(rows), part)]
        for j, kind in enumerate(("last", "least", "product")):
            columns[f"{name}.{kind}"] = torch.cat(scores)[:, j].numpy().astype(np.float16)
    return columns


@torch.no_grad()
def decode_times(model, batches=BATCHES):
    """(batch, median seconds, least seconds) of one decoding step at PLACE."""
    device, rows = model.head.weight.device, []
    wait = torch.cuda.synchronize if device.type == "cuda" else lambda: None
    for batch in batches:
        caches = [model.empty_cache(batch).normal_() for _ in model.blocks]
        ids = torch.randint(1, 17, (batch, 1), device=device)
        times = []
        for _ in range(REPEATS + 3):
            wait()
            start = time.perf_counter()
            model(ids, caches, PLACE)
            wait()
            times.append(time.perf_counter() - start)
        rows.append((batch, statistics.median(times[3:]), min(times[3:])))
    return rows
