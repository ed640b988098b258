"""Search on the smallest policy with two kinds of scorer, in NumPy: a row per problem and search.

    python -m experiments.chain_lm.searches RESULTS.csv

The scorers are the trained step scorer of 0.1 million parameters, read at the last line, and the
probability that the policy of 0.8 million parameters gives to all lines so far.
"""
from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

from scaling_utils.search import allocation, mcts, tree
from scaling_utils.worlds.chain_model import ChainModel
from scaling_utils.worlds.chain_task import ChainTask
from scaling_utils.worlds.chain_world import UNREAD, chain_world

N_PROBLEMS = 128
SCORERS = {"trained": ("chain-scorer-64x2", "last"), "likelihood": ("chain-128x4", "product")}
POLICY, N_SOLUTIONS = "chain-64x2", 16
SEARCHES = {
    "sampling": lambda world, n, rng: tree.stepwise(world, n, rng=rng),
    "beam": lambda world, n, rng: tree.stepwise(world, n, partial(allocation.beam, width=4),
                                                rng=rng),
    "REBASE": lambda world, n, rng: tree.stepwise(world, n, allocation.rebase_sequential, rng=rng),
    "MCTS": lambda world, n, rng: mcts.mcts(world, 2 * n, root_children=4, rng=rng),
}  # fmt: skip
HEADER = ("policy,scorer,search,n,problem,n_solutions,n_correct,vote,weighted_vote,best,"
          "drawn_tokens,scored_tokens")


def chosen(answers, weights):
    """Chance that the answer of the largest sum of weights is right, ties drawn at random."""
    use = (answers >= 0) & (answers != UNREAD)
    if not use.any():
        return 0.0
    values, where = np.unique(answers[use], return_inverse=True)
    total = np.bincount(where, weights[use])
    top = total >= total.max() * (1 - 1e-9)
    return float((top & (values == 0)).sum() / top.sum())


def best(answers, scores):
    """Chance that the solution of the best score is right, ties drawn at random."""
    scores = np.where(answers >= 0, scores, -np.inf)
    top = scores == scores.max()
    return float((answers[top] == 0).mean())


def rows(found):
    """A row per problem of an `Outcome`."""
    for i, (answers, scores) in enumerate(zip(found.answers, found.scores, strict=True)):
        one = np.ones(len(answers))
        yield (i, int((answers >= 0).sum()), int((answers == 0).sum()),
               round(chosen(answers, one), 4), round(chosen(answers, scores), 4),
               round(best(answers, scores), 4), int(found.drawn_tokens[i]),
               int(found.scored_tokens[i]))


def main(path):
    task = ChainTask(ChainTask.benchmark().prompts[:N_PROBLEMS])
    with Path(path).open("w", encoding="ascii") as file:
        print(HEADER, file=file)
        for scorer, (name, reading) in SCORERS.items():
            world = chain_world(task, ChainModel.load(POLICY), ChainModel.load(name), reading)
            for search, run in SEARCHES.items():
                start = time.process_time()
                for row in rows(run(world, N_SOLUTIONS, N_SOLUTIONS)):
                    print(POLICY, scorer, search, N_SOLUTIONS, *row, sep=",", file=file)
                file.flush()
                print(scorer, search, round(time.process_time() - start, 1), "s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
