"""Refusals name argument, position and value, and what is legal comes back as numbers."""
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from scaling_utils import _check


def test_between_keeps_numbers_and_shapes():
    assert _check.between("x", 3, 0, 5) == 3.0 and isinstance(_check.between("x", 3, 0, 5), float)
    np.testing.assert_array_equal(_check.between("x", [[0, 1]], 0, 1), [[0.0, 1.0]])
    assert _check.between("x", np.inf, 0, np.inf) == np.inf


@pytest.mark.parametrize(("arguments", "inside", "message"), [
    (("share", 1.5, 0, 1), False, "share = 1.5 must be between 0 and 1$"),
    (("share", -0.1, 0, 1), False, "share = -0.1 must be between"),
    (("share", np.nan, 0, 1), False, "share = nan must be between"),
    (("share", [0.5, 2], 0, 1), False, r"share\[1\] = 2 must be between"),
    (("share", 0, 0, 1), True, "share = 0 must be between 0 and 1, both excluded"),
    (("share", 1, 0, 1), True, "both excluded"),
    (("share", "half", 0, 1), False, "share must hold numbers, not"),
    (("share", None, 0, 1), False, "share must hold numbers, not"),
])
def test_between_refuses(arguments, inside, message):
    with pytest.raises(ValueError, match=message):
        _check.between(*arguments, inside=inside)


@pytest.mark.parametrize("check", [_check.whole, _check.finite, _check.amount, _check.real])
def test_masks_and_ragged_rows_are_refused(check):
    with pytest.raises(ValueError, match=r"x\[1\] is masked: drop masked entries first"):
        check("x", np.ma.array([1, 2], mask=[False, True]))
    np.testing.assert_array_equal(check("x", np.ma.array([1, 2])), [1, 2])
    with pytest.raises(ValueError, match=r"x .*row 0 holds 2, row 1 holds 1 \(problem 1\)"):
        check("x", [[1, 2], [3]])


@pytest.mark.parametrize(("level", "least"), [(0.95, 40), (0.5, 4), (0.99, 200), (0.8, 10)])
def test_resamples_leave_one_beyond_each_end(level, least):
    assert _check.resampling(least, level) == (least, level)
    with pytest.raises(ValueError, match=f"n_resamples = {least - 1} .* at least {least} leave"):
        _check.resampling(least - 1, level)


def test_generators():
    assert _check.generator(3).random() == np.random.default_rng(3).random()
    rng = np.random.default_rng(1)
    assert _check.generator(rng) is rng
    for bad in ("a", -1, 1.5):
        with pytest.raises(ValueError, match="rng = .* must be a whole number"):
            _check.generator(bad)


def test_labels_that_differ_are_refused_and_equal_ones_are_not():
    a, b = pd.Series([1, 2], index=["x", "y"]), pd.Series([1, 2], index=["y", "x"])
    with pytest.raises(ValueError, match=r"a and b have different indices.*b.reindex\(a.index\)"):
        _check.aligned(a=a, b=b)
    _check.aligned(a=a, b=b.reindex(a.index), c=[1, 2], d=np.array([1, 2]))


def test_one_number_may_stand_for_all_samples():
    n, c = _check.problem_counts(10, [1, 2])
    assert n.tolist() == [10, 10] and c.tolist() == [1, 2]
    assert [x.tolist() for x in _check.problem_counts(10, 3)] == [[10], [3]]


@pytest.mark.parametrize(("value", "message"), [
    ([1, -2.0], r"x\[1\] = -2 is negative"), ([1, np.inf], r"x\[1\] = inf is not a finite"),
    ("1 kg", "x must hold numbers"), ([None, 1], r"x\[0\] = nan is not"),
])
def test_amounts(value, message):
    with pytest.raises(ValueError, match=message):
        _check.amount("x", value)


def test_amounts_may_be_other_numbers():
    np.testing.assert_array_equal(_check.amount("x", [Fraction(1, 2), 0]), [0.5, 0])
    with pytest.raises(ValueError, match=r"x\[1\] = 0 must be positive"):
        _check.amount("x", [1, 0], positive=True)
