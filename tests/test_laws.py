"""Every registered law passes the same tests; a new law needs no new test."""
import pickle
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chi2

from scaling_utils import LAWS, Law, Status, complement, fit_counts, fit_curve, with_ceiling

each_law = pytest.mark.parametrize("law", LAWS.values(), ids=LAWS.keys())
DIFFICULTY = {key: law for key, law in LAWS.items() if law.difficulty}
each_difficulty = pytest.mark.parametrize("law", DIFFICULTY.values(), ids=DIFFICULTY.keys())


def expected_counts(law, n, size):
    """Counts of `size` problems in the proportions that the law expects, largest remainders."""
    share = size * np.exp(law.difficulty.log_pmf(n, np.arange(n + 1), *law.example.values()))
    times = np.floor(share).astype(int)
    rest = np.argsort(times - share)[: size - times.sum()]
    times[rest] += 1
    return np.repeat(np.arange(n + 1), times)


@pytest.mark.parametrize("law", [
    pytest.param(law, id=key, marks=[pytest.mark.slow] * (key == "kumaraswamy"))  # by quadrature
    for key, law in LAWS.items()])
def test_limits(law):
    assert law.limits
    for limit in law.limits:
        assert limit.holds(law.f), limit.claim


@each_law
def test_symbols_say_what_they_are(law):
    for s in (law.output, *law.inputs, *law.params):
        assert s.name.isascii() and s.tex and s.meaning and s.unit
    for s in law.params:
        low, high = s.bounds
        assert low <= law.example[s.name] <= high
        assert low >= 0 if s.log else True


@each_law
def test_broadcasts_and_leaves_inputs_alone(law):
    x = law.grid(5)
    before = [v.copy() for v in x]
    y = law(*x, **law.example)
    assert y.shape == x[0].shape and np.isfinite(y).all()
    assert y[3] == pytest.approx(law(*(v[3] for v in x), **law.example), rel=1e-11)
    columns = {name: np.full((2, 1), value) for name, value in law.example.items()}
    np.testing.assert_allclose(law.f(*x, **columns), np.stack([y, y]), rtol=1e-11)
    np.testing.assert_array_equal(x, before)


@each_law
def test_numbers_outside_the_range_of_a_symbol_are_named(law):
    good = dict(zip((s.name for s in law.inputs), (v[0] for v in law.grid(2)), strict=True))
    good |= law.example
    for s in (*law.inputs, *law.params):
        low, high = s.bounds
        below = "is negative" if low == 0 else f"is below {low:g}"
        for bad, why in ((low - 1, below), (high + 1, f"is above {high:g}"),
                         (np.nan, "is not a number")):  # fmt: skip
            if not np.isinf(bad):
                with pytest.raises(ValueError, match=rf"^{law.key}: {s.name}\[1\] = .* {why}"):
                    law(**good | {s.name: [good[s.name], bad]})
        for end in (low, high):  # the ends belong to the range
            if np.isfinite(end):
                with np.errstate(all="ignore"):
                    law(**good | {s.name: end})


@each_law
def test_recovers_the_example_without_noise(law):
    x = law.grid(15)
    fit = fit_curve(law, x, law(*x, **law.example))
    assert fit.status is Status.CONVERGED
    assert fit.values == pytest.approx(law.example, rel=1e-6)


@each_law
@pytest.mark.slow
def test_standard_errors_are_the_spread_of_the_estimates(law):
    """Errors over standard errors are normal: their squares add up as chi squared says.

    As sharp as counting one-sigma intervals in twice as many data sets; each bound is one that a
    right standard error crosses three times in 100,000.
    """
    rng = np.random.default_rng(20240607)
    n_sets = 40 if law.key in ("scaled_beta", "kumaraswamy", "vote_mixture") else 100
    x = law.grid(15 if len(law.inputs) == 1 else 6)
    y = law(*x, **law.example)
    sigma = 1e-5 * np.ptp(y)
    fits = [fit_curve(law, x, y + sigma * rng.standard_normal(y.size), sigma=sigma)
            for _ in range(n_sets)]
    low, high = chi2.ppf([3e-5, 1 - 3e-5], n_sets)
    for name, truth in law.example.items():
        squares = [((fit.values[name] - truth) / fit.stderr[name]) ** 2 for fit in fits]
        assert low < sum(squares) < high, name


@each_difficulty
def test_likelihood_is_a_distribution_whose_curve_is_the_law(law):
    """Probabilities sum to one, and no success in n samples is the failure after k = n."""
    n = np.array([1, 7, 60])
    for size in n:
        log_p = law.difficulty.log_pmf(size, np.arange(size + 1), *law.example.values())
        assert np.exp(log_p).sum() == pytest.approx(1, abs=1e-10)
        assert 1 - np.exp(log_p[0]) == pytest.approx(float(law(size, **law.example)), rel=1e-10)


@each_difficulty
def test_density_gives_the_curve(law):
    """The mean of 1 - (1 - q)^k under the density is the law, by adaptive quadrature in log q."""
    from scipy.integrate import quad

    least, most = law.example.get("f", 0.0), law.example.get("s", 1.0)
    for k in (1, 25):
        value, _ = quad(
            lambda t, k: -np.expm1(k * np.log1p(-least - np.exp(t)))
            * np.exp(t) * law.difficulty.density(least + np.exp(t), *law.example.values()),
            -30 if least else -60, np.log(most - least), (k,), limit=400, points=[-10, -3, -1],
        )  # fmt: skip
        assert value == pytest.approx(float(law(k, **law.example)), rel=1e-6)


@each_difficulty
@pytest.mark.slow
def test_counts_in_the_expected_proportions_give_the_example_back(law):
    """Rounding to whole problems is the only error: a tenth of a standard error at most."""
    c = expected_counts(law, 60, 1_000_000)
    fit = fit_counts(law, 60, c, n_resamples=0)
    assert fit.status is Status.CONVERGED
    for name, truth in law.example.items():
        assert abs(fit.values[name] - truth) < 0.1 * fit.stderr[name], name


def test_a_record_refuses_what_does_not_fit():
    law = LAWS["coverage_power_law"]
    fields = {name: getattr(law, name) for name in law.__dataclass_fields__}
    with pytest.raises(TypeError, match="the symbols say"):
        Law(**fields | {"f": lambda k, b, a: k})
    with pytest.raises(ValueError, match="must name"):
        Law(**fields | {"example": {"b": 1.0, "a": 1.0}})


@pytest.mark.parametrize("inputs, named, why", [
    ((1.0,), {"a": 1.0, "gamma": 2.0}, "unknown: gamma; missing b; "),
    ((1.0, 2.0), {"a": 1.0, "b": 2.0}, "takes 1 inputs by position, not 2; "),
    ((1.0,), {"k": 1.0, "a": 1.0, "b": 2.0}, "given twice: k; "),
    ((), {}, "missing k, a, b; "),
])
def test_a_call_that_does_not_fit_is_explained(inputs, named, why):
    with pytest.raises(TypeError) as refusal:
        LAWS["coverage_power_law"](*inputs, **named)
    assert str(refusal.value) == f"coverage_power_law: {why}law(k, a=, b=) is the call"


@each_law
def test_inputs_go_by_name_too_and_a_law_is_stored_as_its_key(law):
    x = law.grid(3)
    by_name = dict(zip((s.name for s in law.inputs), x, strict=True))
    np.testing.assert_array_equal(law(**by_name, **law.example), law(*x, **law.example))
    assert pickle.loads(pickle.dumps(law)) is law
    assert law == law and hash(law) == hash(law.key)


def test_a_law_without_a_guess_starts_from_its_example():
    law = replace(LAWS["coverage_power_law"], guess=None)
    assert law.guess([1.0], [0.5]) == law.example


def test_the_registry_lists_its_laws_and_refuses_what_it_does_not_hold():
    assert [line.split()[0] for line in repr(LAWS).splitlines()] == list(LAWS)
    assert all(f"| ${law.tex}$ |" in LAWS._repr_markdown_() for law in LAWS.values())
    with pytest.raises(KeyError, match="did you mean beta_failure"):
        LAWS["beta_failur"]
    with pytest.raises(KeyError, match="there are best_of_n, "):
        LAWS["xyz"]
    with pytest.raises(TypeError):
        LAWS["mine"] = LAWS["memory"]
    assert pickle.loads(pickle.dumps(LAWS)) is LAWS


@each_difficulty
@pytest.mark.slow
def test_any_law_of_difficulty_takes_a_ceiling(law):
    """With the ceiling the law is 1 - pi0 times the plain one, and its likelihood goes along."""
    if "pi0" in law.names:
        with pytest.raises(ValueError, match="has a ceiling already"):
            with_ceiling(law)
        return
    made = pickle.loads(pickle.dumps(with_ceiling(law)))
    assert all(limit.holds(made.f) for limit in made.limits)
    n, c = 20, np.arange(21)
    with_mass = np.exp(made.difficulty.log_pmf(n, c, *law.example.values(), 0.3))
    plain = np.exp(law.difficulty.log_pmf(n, c, *law.example.values()))
    np.testing.assert_allclose(with_mass, 0.7 * plain + 0.3 * (c == 0), rtol=1e-12)
    counts = expected_counts(made, 30, 20_000)
    fit = fit_counts(made, 30, counts, n_resamples=0)
    assert all(abs(fit.values[name] - truth) < 0.3 * fit.stderr[name]
               for name, truth in made.example.items())


def test_the_ceiling_of_the_beta_law_is_the_zero_inflated_one():
    made, law = with_ceiling(LAWS["beta_failure"]), LAWS["zero_inflated_beta"]
    k = np.array([1.0, 30.0, 1e5])
    np.testing.assert_allclose(made(k, **law.example), law(k, **law.example), rtol=1e-14)
    assert made.tex == law.tex


def test_a_complement_adds_up_to_one_and_is_fitted_like_the_law():
    plain = LAWS["problem_exponential"]
    rest = pickle.loads(pickle.dumps(complement(plain)))
    k = np.array([1.0, 5.0, 40.0])
    assert rest.tex == r"L = 1 - \left[1 - (1 - q_i)^{k}\right]"
    assert all(limit.holds(rest.f) for limit in rest.limits)
    fit = fit_curve(rest, (k,), rest(k, q=0.07))
    assert fit.values["q"] == pytest.approx(0.07)
    assert LAWS["inference_loss"](1e5, alpha=1.0, beta=4.0) == pytest.approx(
        LAWS["beta_failure"].f(0, 1, 4) + 24 / np.prod(1e5 + np.arange(1, 5)), rel=1e-11)
