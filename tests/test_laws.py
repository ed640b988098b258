"""Every registered law passes the same tests; a new law needs no new test."""
import numpy as np
import pytest

from scaling_utils import LAWS, Law, Status, fit_counts, fit_curve

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


@each_law
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
def test_negative_sizes_are_named(law):
    good = [v[0] for v in law.grid(2)]
    for i, s in enumerate(law.inputs):
        bad = [*good[:i], [good[i], -1.0], *good[i + 1:]]
        if s.bounds[0] >= 0:
            with pytest.raises(ValueError, match=rf"^{law.key}: {s.name}\[1\] = -1 is negative"):
                law(*bad, **law.example)
    for s in law.params:
        if s.bounds[0] >= 0:
            with pytest.raises(ValueError, match=f"^{law.key}: {s.name} = -1 is negative"):
                law(*good, **{**law.example, s.name: -1})


@each_law
def test_recovers_the_example_without_noise(law):
    x = law.grid(15)
    fit = fit_curve(law, x, law(*x, **law.example))
    assert fit.status is Status.CONVERGED
    assert fit.values == pytest.approx(law.example, rel=1e-6)


@each_law
def test_standard_errors_cover(law):
    """One-sigma intervals hold the truth in 68 % of data sets, within 4 binomial deviations."""
    rng, n_sets, p = np.random.default_rng(20240607), 200, 0.6827
    slow = law.key in ("scaled_beta", "kumaraswamy")
    n_sets = 60 if slow else n_sets
    x = law.grid(15 if len(law.inputs) == 1 else 6)
    y = law(*x, **law.example)
    sigma = 1e-5 * np.ptp(y)
    hits = dict.fromkeys(law.example, 0)
    for _ in range(n_sets):
        fit = fit_curve(law, x, y + sigma * rng.standard_normal(y.size), sigma=sigma)
        for name, truth in law.example.items():
            hits[name] += abs(fit.values[name] - truth) < fit.stderr[name]
    tolerance = 4 * np.sqrt(p * (1 - p) / n_sets)
    shares = {name: h / n_sets for name, h in hits.items()}
    assert shares == pytest.approx(dict.fromkeys(hits, p), abs=tolerance)


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

    for k in (1, 25):
        value, _ = quad(
            lambda t, k: -np.expm1(k * np.log1p(-np.exp(t)))
            * np.exp(t) * law.difficulty.density(np.exp(t), *law.example.values()),
            -60, np.log(law.example.get("s", 1.0)), (k,), limit=400, points=[-10, -3, -1],
        )  # fmt: skip
        assert value == pytest.approx(float(law(k, **law.example)), rel=1e-6)


@each_difficulty
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
    with pytest.raises(TypeError):
        law(1.0, a=1.0, gamma=2.0)
