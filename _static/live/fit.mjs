/* Beta-binomial fit to counts per problem, its status, and its band from resampled problems. */
import {
  betaIncInverse, logBeta, logChoose, logGamma, logGammaRatio, polygammas, quantile, uniforms,
  xlogy,
} from "./numbers.mjs";
import { LAWS, Refusal, counts } from "./laws.mjs";

const REACH = 23, NEAR = 1e-2, OPEN = 16, FAR_OUT = 14, SAME = 1e-7, LOST = 0.01;
const STEPS = 60, TOLERANCE = 1e-13, FREE = 2;
const sum = values => values.reduce((a, b) => a + b, 0);
const clip = (x, low, high) => Math.min(Math.max(x, low), high);

/* Distinct pairs (n, c) and how many problems have each. */
export function distinct(nSamples, nCorrect) {
  const [n, c] = counts(nSamples, nCorrect), times = new Map();
  n.forEach((m, i) => {
    const key = `${m},${c[i]}`;
    times.set(key, (times.get(key) ?? 0) + 1);
  });
  const order = (a, b) => a[0] - b[0] || a[1] - b[1];
  const pairs = [...times.keys()].map(key => key.split(",").map(Number)).sort(order);
  return { n: pairs.map(p => p[0]), c: pairs.map(p => p[1]),
           times: pairs.map(p => times.get(p.join(","))) };
}

/* log [C(n, c) B(c + beta, n - c + alpha) / B(beta, alpha)]. */
export function logPmf(n, c, alpha, beta) {
  const near = (m, shape) => logGammaRatio(m + 1, shape) - Math.log(m + shape);
  return near(c, beta) + near(n - c, alpha) - near(n, alpha + beta) - logBeta(beta, alpha);
}

/* Weighted log-likelihood up to a constant, gradient and Hessian in the logarithms (a, b). */
function terms(data, weights, [a, b]) {
  const alpha = Math.exp(a), beta = Math.exp(b), both = alpha + beta;
  const memo = new Map(), of = x => {
    if (!memo.has(x)) memo.set(x, [logGamma(x), ...polygammas(x)]);
    return memo.get(x);
  };
  const [atA, atB, atBoth] = [of(alpha), of(beta), of(both)], t = [0, 0, 0, 0, 0, 0];
  data.n.forEach((n, i) => {
    const w = weights[i];
    if (!w) return;
    const f = of(n - data.c[i] + alpha), s = of(data.c[i] + beta), d = of(n + both);
    const together = atBoth[1] - d[1], curve = atBoth[2] - d[2];
    const gA = alpha * (f[1] - atA[1] + together), gB = beta * (s[1] - atB[1] + together);
    t[0] += w * (f[0] - atA[0] + s[0] - atB[0] + atBoth[0] - d[0]);
    t[1] += w * gA;
    t[2] += w * gB;
    t[3] += w * (gA + alpha ** 2 * (f[2] - atA[2] + curve));
    t[4] += w * alpha * beta * curve;
    t[5] += w * (gB + beta ** 2 * (s[2] - atB[2] + curve));
  });
  return { value: t[0], gradient: [t[1], t[2]], hessian: [t[3], t[4], t[5]] };
}

/* Eigenvalues and axes of [[p, q], [q, r]]. */
function axes([p, q, r]) {
  const half = (p - r) / 2, root = Math.hypot(half, q), middle = (p + r) / 2;
  const angle = 0.5 * Math.atan2(q, half), c = Math.cos(angle), s = Math.sin(angle);
  return [[middle + root, [c, s]], [middle - root, [-s, c]]];
}

/* -H^-1 g among the free coordinates, with every curvature turned downward. */
function newtonStep(gradient, hessian, free) {
  const pulls = gradient.map((g, i) => (free[i] ? g : 0));
  const pairs = axes(hessian.map((h, i) => (free[[0, 0, 1][i]] && free[[0, 1, 1][i]] ? h : 0)));
  const most = Math.max(...pairs.map(([size]) => Math.abs(size))), step = [0, 0];
  for (const [size, axis] of pairs) {
    const along = (axis[0] * pulls[0] + axis[1] * pulls[1])
      / Math.max(Math.abs(size), 1e-12 * most, 1e-300);
    axis.forEach((x, i) => { step[i] += free[i] ? x * along : 0; });
  }
  return step;
}

/* Whether the free block of the Hessian is negative definite and well conditioned. */
function downward(hessian, free) {
  const held = -Math.max(...hessian.map(Math.abs), 1e-300);
  const [p, q, r] = hessian;
  const sizes = axes([free[0] ? p : held, free[0] && free[1] ? q : 0, free[1] ? r : held])
    .map(([size]) => size);
  return Math.max(...sizes) < 1e-9 * Math.min(...sizes);
}

/* Guarded Newton climb inside the box; where it ended, and whether that is an optimum. */
export function climb(data, weights, start) {
  let theta = start.map(x => clip(x, -REACH, REACH)), shrink = 1, converged = false;
  let state = terms(data, weights, theta);
  for (let i = 0; i < STEPS && shrink > 1e-6 && Number.isFinite(state.value); i += 1) {
    const { value, gradient, hessian } = state;
    const free = theta.map((x, j) => !((x <= -REACH && gradient[j] < 0)
                                       || (x >= REACH && gradient[j] > 0)));
    const step = newtonStep(gradient, hessian, free);
    const gain = 0.5 * sum(gradient.map((g, j) => (free[j] ? g * step[j] : 0)));
    if (gain <= TOLERANCE * Math.abs(value)) {
      converged = downward(hessian, free);
      theta = theta.map((x, j) => clip(x + (Math.abs(step[j]) < 1e-3 ? step[j] : 0), -REACH, REACH));
      break;
    }
    const scale = shrink * Math.min(1, 2 / Math.max(...step.map(Math.abs), 1e-300));
    const trial = theta.map((x, j) => clip(x + scale * step[j], -REACH, REACH));
    const next = terms(data, weights, trial);
    const better = next.value >= value - 1e-10 * Math.abs(value)
      && [...next.gradient, ...next.hessian].every(Number.isFinite);
    shrink = better ? 1 : shrink / 4;
    if (better) [theta, state] = [trial, next];
  }
  return { theta, converged };
}

/* Method of moments, and two starts around it, as logarithms. */
function starts({ n, c, times }) {
  const size = sum(times), mean = f => sum(times.map((t, i) => t * f(i))) / size;
  const average = mean(i => c[i] / n[i]), spread = mean(i => (c[i] / n[i] - average) ** 2);
  const m = clip(average, 1e-6, 1 - 1e-6), each = mean(i => n[i]);
  const noise = (spread / (m * (1 - m)) - 1 / each) / Math.max(1 - 1 / each, 1e-9);
  const t = 1 / clip(noise, 1e-3, 0.98) - 1;
  return [1, 0.3, 3].map(s => [Math.log((1 - m) * t * s), Math.log(m * t * s)]);
}

const total = (data, [a, b]) => sum(data.times.map(
  (t, i) => t * logPmf(data.n[i], data.c[i], Math.exp(a), Math.exp(b))));

/* Best limit of the likelihood that no shapes reach, or null. */
function edge({ n, c, times }) {
  const size = sum(times);
  if (c.every((x, i) => x === 0 || x === n[i])) return allOrNothing({ n, c, times }, size);
  const m = sum(times.map((t, i) => t * c[i])) / sum(times.map((t, i) => t * n[i]));
  const excess = sum(times.map((t, i) => t * (c[i] * (c[i] - 1) / m
    + (n[i] - c[i]) * (n[i] - c[i] - 1) / (1 - m) - n[i] * (n[i] - 1))));
  if (excess > 0) return null;
  const like = times.map((t, i) => t * (logChoose(n[i], c[i]) + xlogy(c[i], m)
                                        + xlogy(n[i] - c[i], 1 - m)));
  return { rates: [[m, 1]], logLikelihood: sum(like), sure: false, unique: true,
           reason: "the problems differ no more than one coin would make them" };
}

function allOrNothing({ n, c, times }, size) {
  const share = sum(times.filter((_, i) => c[i] > 0)) / size, once = Math.max(...n) === 1;
  const reason = share === 0 ? "no sample is correct" : share === 1 ? "every sample is correct"
    : once ? "one sample per problem fixes the mean alone"
    : "every problem is solved by all of its samples or by none";
  return { rates: [[0, 1 - share], [1, share]], reason, sure: true,
           logLikelihood: size * (xlogy(share, share) + xlogy(1 - share, 1 - share)),
           unique: share === 0 || share === 1 || !once };
}

/* What may be used of the end of a search, and why not everything. */
function statusOf(data, theta, converged) {
  for (const [word, hit] of [["solved", i => data.c[i] > 0],
                             ["failed", i => data.c[i] < data.n[i]]]) {
    const many = sum(data.times.filter((_, i) => hit(i)));
    if (many <= FREE)
      return ["NO_MAXIMUM", `${many} ${word} problem${many === 1 ? "" : "s"} cannot determine `
                            + `${FREE} parameters`];
  }
  const names = ["alpha", "beta"], where = test => names.filter((_, i) => test(theta[i])).join(", ");
  const ended = where(x => Math.abs(x) > OPEN), bound = where(x => REACH - Math.abs(x) < NEAR);
  if (ended) return ["NO_MAXIMUM", `the likelihood keeps rising with ${ended}`];
  if (bound) return ["AT_BOUND", `${bound} at a bound`];
  const { hessian: [p, q, r] } = terms(data, data.times, theta);
  if (!converged || !downward([p, q, r], [true, true]))
    return ["NO_COVARIANCE", "the likelihood is flat in one direction"];
  const det = p * r - q * q, errors = [Math.sqrt(-r / det), Math.sqrt(-p / det)];
  const unsure = names.filter((_, i) => errors[i] > 1).join(", ");
  if (unsure) return ["NO_COVARIANCE", `the standard error of ${unsure} exceeds its value`];
  return ["CONVERGED", ""];
}

/* Fit of the Beta law: status, reason, alpha, beta, logLikelihood, and edge where there is one. */
export function fit(nSamples, nCorrect) {
  const data = distinct(nSamples, nCorrect), problems = sum(data.times);
  if (problems <= FREE) throw new Refusal(`${problems} problems cannot determine 2 parameters`);
  const ends = starts(data).map(start => climb(data, data.times, start));
  const found = ends.map(end => ({ ...end, value: total(data, end.theta) }))
    .sort((a, b) => Number(b.value.toFixed(9)) - Number(a.value.toFixed(9))
                    || b.converged - a.converged)[0];
  const limit = edge(data), inside = Math.max(...found.theta.map(Math.abs)) < FAR_OUT;
  const beats = limit && !limit.sure && inside && found.value > limit.logLikelihood + SAME;
  if (limit && !beats)
    return { data, problems, status: "NO_MAXIMUM", reason: limit.reason, edge: limit,
             theta: found.theta, logLikelihood: limit.logLikelihood };
  const [status, reason] = statusOf(data, found.theta, found.converged);
  const [alpha, beta] = found.theta.map(Math.exp);
  return { data, problems, status, reason, edge: null, theta: found.theta, alpha, beta,
           logLikelihood: found.value };
}

/* Coverage of a fit at k; beyond the samples drawn only where its status allows. */
export function predict(found, k) {
  const drawn = Math.max(...found.data.n);
  if (found.status === "NO_MAXIMUM" && k > drawn)
    throw new Refusal(`k = ${k} is beyond the ${drawn} samples drawn, and ${found.reason}`);
  if (!found.edge) return LAWS.beta_failure[1](k, found.alpha, found.beta);
  return 0 - sum(found.edge.rates.map(([rate, share]) => share * Math.expm1(k * Math.log1p(-rate))));
}

/* How often each kind of problem is drawn, for each of n_resamples sets of as many problems. */
export function resampleWeights(times, nResamples, seed) {
  const random = uniforms(seed), size = sum(times), kind = times.flatMap((t, i) => Array(t).fill(i));
  return Array.from({ length: nResamples }, () => {
    const row = Array(times.length).fill(0);
    for (let i = 0; i < size; i += 1) row[kind[Math.floor(random() * size)]] += 1;
    return row;
  });
}

/* Refits to resampled problems, from the fit of all: logarithms of the shapes, and how many have
   no maximum (they count as the limit that the climb reached). */
export function resample(found, weights) {
  const ends = weights.map(row => climb(found.data, row, found.theta));
  const lost = ends.filter(e => !e.converged || e.theta.some(x => Math.abs(x) > OPEN)).length;
  return { thetas: ends.map(e => e.theta), lost, tooMany: lost > LOST * weights.length };
}

/* Low and high end of the prediction at k over resamples; exact where all or nothing is solved. */
export function band(found, resampled, k, level = 0.95) {
  if (found.edge?.sure && found.edge.unique) return shareInterval(found, k, level);
  if (found.status === "NO_MAXIMUM") throw new Refusal(`no interval: ${found.reason}`);
  const values = resampled.thetas.map(
    ([a, b]) => LAWS.beta_failure[1](k, Math.exp(a), Math.exp(b))).sort((a, b) => a - b);
  return [quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)];
}

/* Clopper and Pearson for the share solved, among problems with k samples at least. */
function shareInterval(found, k, level) {
  predict(found, k);
  const { n, c, times } = found.data, enough = times.filter((_, i) => n[i] >= k);
  const size = sum(enough), solved = sum(times.filter((_, i) => n[i] >= k && c[i] > 0));
  const one = solved === 0 || solved === size, tail = one ? 1 - level : (1 - level) / 2;
  return [solved === 0 ? 0 : betaIncInverse(solved, size - solved + 1, tail),
          solved === size ? 1 : betaIncInverse(solved + 1, size - solved, 1 - tail)];
}
