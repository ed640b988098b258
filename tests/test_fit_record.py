"""What one can do with a fit: read, store, send, compare; derived numbers, profiles, refusals."""
import json
import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2, norm

from scaling_utils import LAWS, Samples, Status, compare, fit_counts, fit_curve, fit_each, load
from scaling_utils.worlds.simulate import beta_counts

BETA, INFLATED, POWER = (LAWS[k] for k in ("beta_failure", "zero_inflated_beta",
                                           "coverage_power_law"))
C = beta_counts(64, 100, 3.0, 0.4, np.random.default_rng(8))


@pytest.fixture(scope="module")
def fit():
    """A Beta law fitted to 64 problems."""
    return fit_counts(BETA, 100, C, n_resamples=200)


def test_a_fit_fits_on_one_screen(fit):
    lines = str(fit).splitlines()
    assert lines[0] == "Status CONVERGED: use values and their errors."
    assert len(lines) < 24 and max(map(len, lines)) < 250 and len(repr(fit)) < 90
    for name in BETA.names:
        row = next(line for line in lines if line.startswith(name))
        assert f"{fit.values[name]:.4g}" in row and f"{fit.intervals[name][0]:.4g} to " in row
    assert "200 resamples of 64 problems" in str(fit) and "81 to" in fit.note
    table = fit._repr_markdown_()
    assert r"$\alpha$" in table and "Status CONVERGED" in table and "no law" not in table


@pytest.mark.parametrize("n_problems, few", [(129, True), (130, False)])
def test_few_problems_are_told(n_problems, few):
    c = beta_counts(n_problems, 100, 3.0, 0.4, np.random.default_rng(1))
    note = fit_counts(BETA, 100, c, n_resamples=40).note
    assert (f"With {n_problems} problems" in note) is few


def test_what_was_held_is_told():
    held = fit_counts(BETA, 100, C, fixed={"beta": 0.5}, n_resamples=0)
    assert held.fixed == {"beta": 0.5} and "held" in str(held) and held.stderr["beta"] == 0
    row = next(line for line in str(held).splitlines() if line.startswith("beta"))
    assert row.split() == ["beta", "0.5", "held", "held"]
    assert held.why == "no resamples were asked for"
    points = fit_curve(POWER, [1, 10, 100], [0.1, 0.2, 0.3], fixed={"b": 0.5})
    assert points.stderr["b"] == 0 < points.stderr["a"]
    curve = fit_curve(POWER, [1, 10, 100], counts=(100, C), fixed={"b": 0.5}, n_resamples=100)
    assert set(curve.intervals) == {"a"} and curve.values["b"] == 0.5


def test_a_fit_is_stored_sent_and_compared(fit):
    again = pickle.loads(pickle.dumps(fit))
    assert again == fit and hash(again) == hash(fit) and again.law is BETA
    assert again.predict_interval(500) == pytest.approx(fit.predict_interval(500))
    assert fit != fit_counts(BETA, 100, C, n_resamples=200, rng=1) and fit != 3
    said = json.loads(json.dumps(fit.to_dict()))
    assert said["values"] == fit.values and said["status"] == "CONVERGED"
    assert said["intervals"]["beta"] == [*fit.intervals["beta"]] and said["n_resamples"] == 200
    limit = fit_counts(BETA, 4, [0, 0, 0])
    assert pickle.loads(pickle.dumps(limit)) == limit and limit.to_dict()["intervals"] is None
    space = fit_curve(POWER, [1, 10, 100], [0.1, 0.2, 0.3], space="log y", loss="huber", sigma=0.1)
    assert "; log y, given weights, huber loss; 3 points." in str(space)
    assert (space.space, space.weights, space.loss) == ("log y", "given", "huber")


def test_a_quantity_has_the_interval_of_its_draws(fit):
    beta = fit.quantity(lambda beta: beta)
    assert beta.value == fit.values["beta"]
    assert (beta.low, beta.high) == pytest.approx(fit.intervals["beta"], rel=1e-12)
    far = fit.quantity(lambda **p: BETA([500, 900], **p), level=0.5)
    assert far.value == pytest.approx(fit.predict([500, 900]))
    assert np.stack(far[1:]) == pytest.approx(fit.predict_interval([500, 900], level=0.5))
    assert np.all(far.high - far.low < np.diff(fit.predict_interval([500, 900]), axis=0)[0])
    alone = fit_counts(BETA, 100, C, n_resamples=0).quantity(lambda alpha: alpha)
    assert np.isnan(alone.low) and np.isnan(alone.high) and alone.value > 0
    with pytest.raises(ValueError, match=r"asks for \['gamma'\]"):
        fit.quantity(lambda gamma: gamma)


def test_the_level_is_the_content_of_the_interval(fit):
    half = fit_counts(BETA, 100, C, n_resamples=200, level=0.5)
    ends = np.quantile(fit.draws(lambda alpha: alpha), [0.25, 0.75])
    assert half.intervals["alpha"] == pytest.approx(ends, rel=1e-12)
    assert half.level == 0.5 and "50 % interval" in str(half)


@pytest.mark.parametrize("name", ["alpha", "beta"])
def test_a_profile_ends_where_likelihood_has_fallen(fit, name):
    """At the ends half a chi-square quantile is lost, by refits with the parameter held."""
    found = fit.profile(name, level=0.9)
    assert found.value == pytest.approx(fit.values[name], rel=1e-12)
    assert found.low < found.value < found.high
    assert np.all(np.diff(found.at) > 0) and found.loss.min() > -1e-9
    assert found.loss[[0, -1]] == pytest.approx(chi2.ppf(0.9, 1) / 2, rel=1e-4)
    for end in (found.low, found.high):
        held = fit_counts(BETA, 100, C, fixed={name: end}, n_resamples=0)
        lost = fit.log_likelihood - held.log_likelihood
        assert lost == pytest.approx(chi2.ppf(0.9, 1) / 2, rel=1e-4)
    with pytest.raises(ValueError, match="none of the parameters"):
        fit.profile("gamma")


def test_an_interval_at_a_bound_is_the_profile():
    """Ceiling of Gemma-7B on CodeContests: resamples all agree on one, the likelihood does not."""
    rows = load("monkeys_counts").query("benchmark == 'CodeContests' and model == 'Gemma-7B'")
    fit = fit_counts(INFLATED, rows.n_samples, rows.n_correct, n_resamples=60)
    assert fit.status is Status.AT_BOUND and "pi0 at a bound" in fit.reason
    assert np.quantile(fit.draws(lambda pi0: pi0), 0.975) < 0.5
    low, high = fit.intervals["pi0"]
    held = fit_counts(INFLATED, rows.n_samples, rows.n_correct, fixed={"pi0": high}, n_resamples=0)
    assert low == 0 and 0.5 < high < 0.55
    assert fit.log_likelihood - held.log_likelihood == pytest.approx(1.92, abs=0.01)


def test_laws_compared_on_one_data_set():
    n, c = 50, beta_counts(80, 50, 3.0, 0.4, np.random.default_rng(2))
    laws = ["beta_failure", "zero_inflated_beta", "scaled_beta", "kumaraswamy"]
    fits = {law: fit_counts(law, n, c, n_resamples=0) for law in laws}
    fits["held"] = fit_counts(BETA, n, c, fixed={"beta": 0.4}, n_resamples=0)
    table = compare(fits)
    assert table.parameters.tolist() == [2, 3, 3, 2, 1] and table.delta.min() == 0
    assert table.AIC.tolist() == [2 * p - 2 * f.log_likelihood
                                  for p, f in zip([2, 3, 3, 2, 1], fits.values(), strict=True)]
    assert table.test.tolist() == ["", *["ratio, half chi-square"] * 2, "Vuong",
                                   "ratio, chi-square on 1"]
    gain = 2 * (fits["beta_failure"].log_likelihood - fits["held"].log_likelihood)
    assert table.statistic["held"] == pytest.approx(gain)
    assert table.p["held"] == pytest.approx(chi2.sf(gain, 1))
    up = table.statistic["scaled_beta"]
    assert table.p["scaled_beta"] == pytest.approx(chi2.sf(up, 1) / 2 if up > 1e-6 else 1)
    each = (LAWS["kumaraswamy"].difficulty.log_pmf(n, c, **fits["kumaraswamy"].values)
            - BETA.difficulty.log_pmf(n, c, **fits["beta_failure"].values))
    z = each.sum() / (np.sqrt(80) * each.std())
    assert table.statistic["kumaraswamy"] == pytest.approx(z, rel=1e-9)
    assert table.p["kumaraswamy"] == pytest.approx(2 * norm.sf(abs(z)))
    copy = replace(BETA, key="copy")  # the same probabilities: no difference, and none in doubt
    same = compare([fits["beta_failure"], fit_counts(copy, n, c, n_resamples=0)])
    assert same.test.iloc[1] == "Vuong" and same.statistic.iloc[1] == 0 and same.p.iloc[1] == 1
    turned = compare(fits, against="zero_inflated_beta")
    assert turned.statistic["beta_failure"] == table.statistic["zero_inflated_beta"]
    assert compare([*fits.values()]).index[-1] == "beta_failure, beta = 0.4"
    with pytest.raises(ValueError, match="other counts"):
        compare([fits["held"], fit_counts(BETA, n, c + (c < 50), n_resamples=0)])
    with pytest.raises(ValueError, match="only fits of counts"):
        compare([fit_curve(POWER, [1, 10, 100], [0.1, 0.2, 0.3])])


def test_a_record_of_samples_is_fitted_like_its_counts(fit):
    samples = Samples.from_counts(100, C)
    assert fit_counts("beta_failure", samples, n_resamples=200) == fit
    each = fit_each("beta_failure", {"a": samples, "b": (100, C)}, n_resamples=0)
    assert each["a"] == each["b"]
    curve = fit_curve("coverage_power_law", [1, 10, 100], counts=samples, n_resamples=0)
    assert curve == fit_curve(POWER, ([1, 10, 100],), counts=(100, C), n_resamples=0)


def test_a_bar_shows_in_a_terminal_alone(capsys):
    fit_counts("kumaraswamy", 100, C, n_resamples=300)
    assert capsys.readouterr().err == ""


def test_one_problem_has_no_interval():
    fit = fit_curve(POWER, [1, 10, 100], counts=(1000, [5]))
    assert fit.intervals is None and fit.why == "one problem cannot be resampled"


K3, Y3 = [1, 10, 100], [0.1, 0.2, 0.3]


@pytest.mark.parametrize(("call", "message"), [
    (lambda: fit_counts(POWER, 10, [1, 2, 3]), "has no likelihood"),
    (lambda: fit_counts("beta", 10, [1, 2, 3]), "beta"),
    (lambda: fit_counts(3, 10, [1, 2, 3]), "law 3 is none of"),
    (lambda: fit_counts(BETA, 10), "give n_samples and n_correct"),
    (lambda: fit_counts(BETA, 10, [1, 2, 11]), r"n_correct\[2\]"),
    (lambda: fit_counts(BETA, 10, [1, 2]), "2 problems cannot determine"),
    (lambda: fit_counts(BETA, 100, np.zeros((12, 100), int)), r"\(12, 100\).*sum\(axis=1\)"),
    (lambda: fit_counts(BETA, pd.Series([9, 9, 9]), pd.Series([1, 2, 3], index=[3, 2, 1])),
     "different indices"),
    (lambda: fit_counts(BETA, 10, [1, 2, 3], fixed={"b": 1}), r"fixed names \['b'\]"),
    (lambda: fit_counts(BETA, 10, [1, 2, 3], fixed={"alpha": -1}), "fixed alpha = -1 must be pos"),
    (lambda: fit_counts(BETA, 10, [1, 2, 3], fixed={"alpha": 0}), "fixed alpha = 0 must be pos"),
    (lambda: fit_counts(BETA, 10, [1, 2, 3], fixed={"alpha": np.nan}), "not a finite number"),
    (lambda: fit_counts(BETA, 10, [1, 2, 3], fixed={"alpha": "x"}), "not a number"),
    (lambda: fit_counts(INFLATED, 10, [1, 2, 3], fixed={"pi0": 1.5}), "1.5 is outside 0 to 1"),
    (lambda: fit_counts(BETA, 10, [1, 2, 3], level=-0.5), "level = -0.5 must be between 0 and 1"),
    (lambda: fit_counts(BETA, 10, [1, 2, 3], level=95), "level = 95 must be"),
    (lambda: fit_counts(BETA, 10, [1, 2, 3], n_resamples=1), "n_resamples = 1 is too few"),
    (lambda: fit_counts(BETA, 10, [1, 2, 3], n_resamples=-1), "n_resamples = -1"),
    (lambda: fit_counts(BETA, 10, [1, 2, 3], n_resamples=99.5), "n_resamples = 99.5"),
    (lambda: fit_counts(BETA, 10, [1, 2, 3], n_resamples=None), "n_resamples"),
    (lambda: fit_counts(BETA, 10, [1, 2, 3], rng="a"), "rng = 'a'"),
    (lambda: fit_each(BETA, [(4, [4, 3, 4])]), "mapping of names .* not list"),
    (lambda: fit_each(BETA, {"a": (9, C[:5] % 9), "b": (2, [3, 1, 0])}), "tion .b.: n_c"),
    (lambda: fit_curve(POWER, ([1, 2],), [0.2, 0.3]), "2 points cannot determine"),
    (lambda: fit_curve(POWER, ([1, 2, 3],), [0.2, 0.3]), "one length"),
    (lambda: fit_curve(POWER, (K3, K3), Y3), "tuple of 1 arrays"),
    (lambda: fit_curve(POWER, K3, [0.2, np.nan, 0.3]), r"y\[1\]"),
    (lambda: fit_curve(POWER, K3, [0.2, 0.3, 1.0], space="log(-log y)"), r"y\[2\]"),
    (lambda: fit_curve(POWER, K3, Y3, space="cube"), "none of"),
    (lambda: fit_curve(POWER, K3, Y3, loss="cube"), "loss 'cube' is none of"),
    (lambda: fit_curve(POWER, K3, Y3, sigma=[1, 0, 1]), r"sigma\[1\]"),
    (lambda: fit_curve(POWER, K3), "give y"),
    (lambda: fit_curve(POWER, K3, Y3, fixed={"b": -0.4}), "fixed b = -0.4 is negative"),
    (lambda: fit_curve(POWER, [-1, 1, 10], Y3), r"k\[0\] = -1 is negative"),
    (lambda: fit_curve(POWER, [0, 1, 10], Y3), r"k\[0\] = 0 must be positive"),
    (lambda: fit_curve(POWER, [1, 1, 1], Y3), "1 different k only"),
    (lambda: fit_curve(POWER, K3, [10, 30, 50]), r"y\[0\] = 10 is above 1.*shares"),
    (lambda: fit_curve(POWER, [1, 2, 3], Y3, counts=([9, 9], [4, 5])), "not the coverage"),
    (lambda: fit_curve(POWER, K3, pd.Series(Y3, index=[7, 8, 9]), counts=(1000, [5, 3, 0, 100])),
     r"y\[\d\] = 0.\d is not the coverage"),
])
def test_refusals_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(("call", "message"), [
    (lambda f: f.predict(-5), "k = -5 is negative"), (lambda f: f.predict_interval(-5), "negative"),
    (lambda f: f.predict(np.nan), "k = nan"), (lambda f: f.predict(None), "k"),
    (lambda f: f.predict(), "0 by position"), (lambda f: f.predict(1, 2), "2 by position"),
    (lambda f: f.predict(n=3), r"\['n'\] by name"), (lambda f: f.predict(1, k=3), "by name"),
    (lambda f: f.predict_interval(3, level=1), "level = 1"),
    (lambda f: f.quantity(lambda beta: beta, level=0), "level = 0"),
])
def test_a_prediction_refuses_what_it_cannot_use(fit, call, message):
    assert fit.predict(k=3) == fit.predict(3)
    with pytest.raises(ValueError, match=message):
        call(fit)
