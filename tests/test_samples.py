"""The record of samples: reading, merging, thinning, joining, and what it refuses."""
import pickle
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaling_utils import Samples
from scaling_utils.data.merge import canonical

FRAME = pd.DataFrame({
    "problem": ["b", "a", "b", "a", "b", "a"],
    "correct": [True, False, True, False, False, True],
    "answer": ["1/2", "7", r"\frac{2}{4}", "7.0", None, "8"],
    "score": [0.1, -np.inf, 0.3, 0.4, 0.5, 0.6],
    "tokens": [10, 20, 30, 40, 50, 60],
})


def test_counts_come_back_as_given():
    samples = Samples.from_counts([4, 5], [0, 5], problem=["x", "y"], model="m")
    n, c = samples.counts()
    assert n.tolist() == [4, 5] and c.tolist() == [0, 5]
    assert samples.problem.tolist() == ["x", "y"] and samples.model.tolist() == ["m", "m"]
    assert len(samples) == 2 and samples.rows is None


def test_rows_are_counted_by_problem_in_order_of_appearance():
    samples = Samples.from_rows(FRAME)
    assert samples.problem.tolist() == ["b", "a"]
    assert [x.tolist() for x in samples.counts()] == [[3, 3], [2, 1]]
    assert samples.rows.tokens.tolist() == [10, 30, 50, 20, 40, 60]
    assert samples.rows.cost is None


def test_other_names_and_other_libraries():
    frame = FRAME.rename(columns={"problem": "doc_id", "correct": "exact_match"})
    renamed = Samples.from_rows(frame, problem="doc_id", correct="exact_match")
    assert renamed == Samples.from_rows(FRAME)
    nullable = FRAME.astype({"problem": "string", "correct": "boolean", "answer": "string",
                             "score": "Float64", "tokens": "Int64"})  # fmt: skip
    np.testing.assert_array_equal(Samples.from_rows(nullable).votes().answer_counts,
                                  Samples.from_rows(FRAME).votes().answer_counts)


def test_votes_put_the_right_answer_first():
    votes = Samples.from_rows(FRAME).votes()
    assert votes.answer_counts.tolist() == [[2, 0], [1, 2]]
    assert votes.n_abstain.tolist() == [1, 0]


def test_the_rule_of_equal_answers_can_be_replaced():
    apart = Samples.from_rows(FRAME).votes(merge=str)  # "7" and "7.0" are two answers
    assert apart.answer_counts.tolist() == [[2, 0, 0], [1, 1, 1]]
    one = FRAME.assign(correct=[1, 0, 1, 0, 1, 0], answer=["1", "2", "1", "30", "1", "2"])
    first_letter = Samples.from_rows(one).votes(merge=lambda a: "x" if a in ("2", "30") else a)
    assert first_letter.answer_counts.tolist() == [[3, 0], [0, 3]]


def test_wrong_answers_stand_in_falling_order():
    frame = pd.DataFrame({"problem": 1, "correct": 0, "answer": list("abbccc")})
    assert Samples.from_rows(frame).votes().answer_counts.tolist() == [[0, 3, 2, 1]]


def test_answers_graded_correct_are_one():
    """The grader knows more than the rule: both are right, so they vote together."""
    frame = pd.DataFrame({"problem": 1, "correct": [1, 1, 0], "answer": ["x+1", "1+x", "x"]})
    assert Samples.from_rows(frame).votes().answer_counts.tolist() == [[2, 1]]


def test_ballots_follow_the_rows():
    samples = Samples.from_rows(FRAME)
    assert samples.ballots().tolist() == [0, 0, -1, 1, 1, 0]


@pytest.mark.parametrize(("writings", "value"), [
    (["1/2", "0.5", ".50", " 1 / 2 ", r"\frac{1}{2}", r"\dfrac12", r"$\tfrac{2}{4}$", "5e-1",
      r"\boxed{0.5}", r"\boxed{\frac{1}{2}}", r"\(0.500\)", 0.5, "$$0.5$$"], "1/2"),
    (["3", "3.", "3.000", "+3", 3, 3.0, "6/2", "$3$", "3e0", "\t3\n"], "3"),
    (["-1/4", "-0.25", r"-\frac{1}{4}", r"\frac{-1}{4}", "\N{MINUS SIGN}0.25", "- 0.25"], "-1/4"),
    (["0", "-0", "0.0", "0/7", "+0"], "0"),
    (["x + 1", " x  + 1 ", "$x + 1$"], "x + 1"),
])
def test_equal_answers_are_merged(writings, value):
    assert {canonical(x) for x in writings} == {value}


@pytest.mark.parametrize("writings", [
    ("1,000", "1000", "1.000"), ("50%", "0.5"), ("1 1/2", "11/2", "1.5", r"1\frac{1}{2}"),
    ("12 3", "123"), ("A", "a"), ("1/0", "2/0"), (r"\frac123", "1/23"),
    ("$1$ or $2$", "1$ or $2"), (r"\boxed{1}+\boxed{2}", "1}+\\boxed{2"),
    ("0.3", 0.1 + 0.2), ("1e400", "1e401"), ("9" * 99, "9" * 98 + "8"),
    ("9" * 5000, "9" * 5000 + ".0"), ("True", "1"), ("", "0"), ("2/-3", "-2/3"), ("1_000", "1000"),
])
def test_what_may_differ_stays_apart(writings):
    assert len({canonical(x) for x in writings}) == len(writings)


@settings(deadline=None, derandomize=True)
@given(st.fractions(), st.fractions())
def test_numbers_are_merged_exactly_if_they_are_equal(a, b):
    latex = rf"\frac{{{b.numerator}}}{{{b.denominator}}}"
    assert (canonical(f"{a.numerator}/{a.denominator}") == canonical(latex)) == (a == b)
    assert Fraction(canonical(canonical(latex))) == b


def test_scored_is_a_table_and_minus_infinity_is_legal():
    scores, correct = Samples.from_rows(FRAME).scored()
    assert scores.tolist() == [[0.1, 0.3, 0.5], [-np.inf, 0.4, 0.6]]
    assert correct.tolist() == [[1, 1, 0], [0, 0, 1]]


def test_thinned_rows_are_rows_of_the_same_problem():
    frame = pd.concat([FRAME.assign(problem=FRAME.problem + str(i)) for i in range(50)])
    samples = Samples.from_rows(frame)
    thin = samples.thin(2, rng=3)
    assert thin.n_samples.tolist() == [2] * 100 and thin.rows.correct.sum() == thin.n_correct.sum()
    own = dict(zip(FRAME.tokens, FRAME.problem, strict=True))
    names = np.repeat(thin.problem, 2)
    assert all(name.startswith(own[t]) for name, t in zip(names, thin.rows.tokens, strict=True))
    pairs = thin.rows.tokens.reshape(-1, 2)
    assert (pairs[:, 0] < pairs[:, 1]).all() and thin == samples.thin(2, rng=3)


def test_thinned_counts_are_hypergeometric():
    samples = Samples.from_counts(np.full(4000, 10), 5)
    c = samples.thin(4, rng=1).counts()[1]
    variance = 4 * 0.25 * (10 - 4) / (10 - 1)
    assert c.mean() == pytest.approx(2, abs=4 * np.sqrt(variance / 4000))
    assert c.var() == pytest.approx(variance, rel=0.1)


def test_models_are_told_apart_and_joined():
    a, b = (Samples.from_rows(FRAME.assign(model=m)) for m in ("x", "y"))
    both = Samples.concat([a, b])
    assert list(both.by_model()) == ["x", "y"] and both.by_model()["y"] == b
    assert a != b and len(both) == 4
    with pytest.raises(ValueError, match=r"2 models \(x, y, \.\.\.\): take one, samples.by_model"):
        both.counts()
    again = Samples.from_rows(both.to_frame())
    assert again == both


def test_interleaved_models_with_one_problem_name():
    frame = pd.DataFrame({"problem": [1, 1, 1, 1], "model": list("abab"), "correct": [1, 0, 1, 0]})
    parts = Samples.from_rows(frame).by_model()
    assert parts["a"].n_correct.tolist() == [2] and parts["b"].n_correct.tolist() == [0]


def test_concat_keeps_common_columns():
    a = Samples.from_rows(FRAME)
    b = Samples.from_rows(FRAME.assign(problem=["c"] * 6).drop(columns="score"))
    assert list(Samples.concat([a, b]).rows.columns) == ["correct", "answer", "tokens"]
    counts = Samples.from_counts(3, [1], problem=["d"])
    assert Samples.concat([a, counts]).rows is None


def test_a_choice_of_problems_keeps_their_rows():
    samples = Samples.from_rows(FRAME)
    assert samples.take([1]).rows.tokens.tolist() == [20, 40, 60]
    assert samples.take(samples.problem == "b").n_correct.tolist() == [2]


def test_equality_hash_and_digest():
    a, b = (Samples.from_counts(5, [1, 2]) for _ in range(2))
    assert a == b and hash(a) == hash(b) and a.digest() == b.digest() and len(a.digest()) == 64
    for other in (Samples.from_counts(5, [2, 1]), Samples.from_counts(5, [1, 2], model="m"),
                  Samples.from_counts(6, [1, 2]),
                  Samples.from_counts(5, [1, 2], problem=list("ab")),
                  Samples.from_counts(5, [1, 2], design="adaptive")):
        assert a.digest() != other.digest() and a != other
    assert a != "a"
    rows = Samples.from_rows(FRAME)
    assert rows != Samples.from_rows(FRAME.assign(score=1.0))
    assert pickle.loads(pickle.dumps(rows)) == rows


def test_nothing_can_be_changed_from_outside():
    given = np.array([1, 2])
    samples = Samples.from_counts(5, given)
    given[0] = 5
    assert samples.n_correct.tolist() == [1, 2]
    with pytest.raises(ValueError, match="read-only"):
        samples.n_correct[0] = 3


def test_in_words():
    assert str(Samples.from_rows(FRAME.assign(model="gemma"))) == (
        "Samples of 2 problems of gemma: 3 each, 3 of 6 correct, 2 problems solved; "
        "design fixed; rows with correct, answer, score, tokens")
    text = str(Samples.from_counts([60, 120], [2, 0], design="first_success", batch=60, cap=120))
    assert text.endswith("60 to 120 each, 2 of 180 correct, 1 problems solved; "
                         "design first_success, batch 60, cap 120")


@pytest.mark.parametrize(("arguments", "options", "message"), [
    ((2, np.ones((3, 2), int)), {}, r"n_correct is \(3, 2\): give one count per problem; .*sum"),
    ((5, np.ma.array([1, 2], mask=[0, 1])), {}, r"n_correct\[1\] is masked"),
    ((pd.Series([5, 5]), pd.Series([1, 2], index=[1, 0])), {}, "different indices.*reindex"),
    ((5, [1, None]), {}, "n_correct must hold whole numbers"),
    ((5, [1, np.nan]), {}, r"n_correct\[1\] = nan"),
    ((5, [1, -1]), {}, r"n_correct\[1\] = -1"),
    ((5, [1, 6]), {}, r"n_correct\[1\] = 6 exceeds n_samples"),
    ((0, [0, 0]), {}, "n_samples = 0 is below 1"),
    ((5, [1, 2]), {"problem": ["a", "a"]}, "problem 'a' occurs twice, at 0 and 1"),
    ((5, [1, 2]), {"problem": ["a"]}, "problem holds 1 names for 2 problems"),
    ((5, [1, 2]), {"problem": ["a", None]}, r"problem\[1\] is missing"),
    ((5, [1, 2]), {"design": "sequential"}, "design = 'sequential' must be one of"),
    ((5, [1, 2]), {"batch": 5}, "batch = 5 belongs to the design 'first_success'"),
    (([60, 90], [1, 1]), {"design": "first_success", "batch": 60}, r"n_samples\[1\] = 90 .*batch"),
    (([60, 180], [1, 0]), {"design": "first_success", "batch": 60, "cap": 120},
     r"n_samples\[1\] = 180 .* above the cap of 120"),
    (([1, 9], [1, 2]), {"design": "first_success"}, r"n_correct\[1\] = 2 .* last batch"),
    (([60, 60], [1, 0]), {"design": "first_success", "batch": 60, "cap": 120},
     r"n_samples\[1\] = 60 .* before the cap of 120: leave cap out"),
    (([60], [0]), {"design": "first_success", "batch": 0}, "batch = 0 is below 1"),
])
def test_impossible_counts_are_refused(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        Samples.from_counts(*arguments, **options)


def test_a_cap_may_cut_the_last_batch():
    samples = Samples.from_counts([60, 100], [3, 0], design="first_success", batch=60, cap=100)
    assert samples.cap == 100


@pytest.mark.parametrize(("change", "message"), [
    ({"correct": [1, 0, None, 1, 0, 1]}, r"correct\[2\] is missing: grade"),
    ({"correct": [1, 0, 0.5, 1, 0, 1]}, r"correct\[2\] = 0.5 is neither 0 nor 1"),
    ({"correct": list("101010")}, r"correct\[0\] = '1' is neither"),
    ({"problem": ["a", None, "b", "a", "b", "b"]}, r"problem\[1\] is missing"),
    ({"score": [1, 2, np.nan, 1, 1, 1]}, r"score\[2\] = nan is missing"),
    ({"score": [1, 2, np.inf, 1, 1, 1]}, r"score\[2\] = inf is infinite"),
    ({"tokens": [1, 2, -3, 1, 1, 1]}, r"tokens\[2\] = -3 is negative"),
])
def test_bad_rows_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        Samples.from_rows(FRAME.assign(**change))


def test_a_table_without_the_needed_columns():
    with pytest.raises(ValueError, match="no column 'correct'.*say which one is correct"):
        Samples.from_rows(FRAME.drop(columns="correct"))
    with pytest.raises(ValueError, match="no rows"):
        Samples.from_rows(FRAME[:0])
    with pytest.raises(ValueError, match=r"\['grade'\] are no columns of samples"):
        Samples.from_rows(FRAME, grade="correct")


def test_what_was_not_recorded_cannot_be_asked_for():
    counts = Samples.from_counts(5, [1, 2])
    with pytest.raises(ValueError, match="no answer of each sample"):
        counts.votes()
    with pytest.raises(ValueError, match="no score of each sample"):
        counts.scored()
    ragged = Samples.from_rows(FRAME[:5])
    with pytest.raises(ValueError, match=r"2 to 3 samples: .*thin\(2"):
        ragged.scored()
    assert ragged.thin(2).scored()[0].shape == (2, 2)


def test_grades_that_contradict_the_answers_are_named():
    frame = pd.DataFrame({"problem": "p7", "correct": [1, 0], "answer": ["1/2", "0.5"]})
    with pytest.raises(ValueError, match="problem p7: answer '1/2' is graded correct and wrong"):
        Samples.from_rows(frame).votes()
    with pytest.raises(ValueError, match="problem p7: a sample without an answer"):
        Samples.from_rows(frame.assign(answer=["", "0.5"])).votes()


def test_other_designs_cannot_be_thinned_or_mixed():
    stopped = Samples.from_counts([3, 4], [1, 0], design="first_success")
    with pytest.raises(ValueError, match="first_success design are no random sample"):
        stopped.thin(1)
    with pytest.raises(ValueError, match="parts of one design"):
        Samples.concat([stopped, Samples.from_counts(3, [1], problem="z")])
    with pytest.raises(ValueError, match="problem '0' occurs twice"):
        Samples.concat([stopped, stopped])
