"""Symbols that several laws share, so that a letter has one meaning, unit and range."""
import numpy as np

from ._record import Symbol

K = Symbol("k", "k", "samples per problem", "samples", (0, np.inf))
COVERAGE = Symbol("c", "c", "coverage: expected share of problems solved", "1", (0, 1))
LOSS = Symbol("L", "L", "inference loss: expected share of problems unsolved", "1", (0, 1))
P = Symbol("p", "p", "failure probability of one sample", "1", (0, 1))
ALPHA = Symbol(
    "alpha", r"\alpha", "weight of failures: the power law sets in at $k$ of its size", "1",
    (0, np.inf), log=True,
)
BETA = Symbol(
    "beta", r"\beta", "weight of successes: exponent for many samples", "1", (0, np.inf), log=True
)
PI0 = Symbol("pi0", r"\pi_0", "share of problems that are never solved", "1", (0, 1))
VOTES = Symbol("k", "k", "votes per problem, an odd number", "votes", (1, np.inf))
ACCURACY = Symbol("v", "v", "chance that the vote is correct", "1", (0, 1))
BEST_OF = Symbol("n", "n", "samples from which the best is chosen", "samples", (1, np.inf))
