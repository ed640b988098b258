/* Many laws of difficulty on a grid of success rates, averaged by their likelihood: the forecast of
   the package with fewer laws of each family (1,024 for 2,048), drawn by a sequence of its own. */
import { logChoose, logGamma } from "./numbers.mjs";

const STEP = 0.1, CELLS = 320, FIRST = -23, LAWS_EACH = 1024;
const NODES = CELLS + 2;  // one at p = 0, one for each cell of t = log(p / (1 - p)), one at p = 1
const expit = t => 1 / (1 + Math.exp(-t)), softplus = t => (t > 30 ? t : Math.log1p(Math.exp(t)));
const EDGES = Array.from({ length: CELLS + 1 }, (_, i) => FIRST + i * STEP);
const MIDDLE = EDGES.slice(1).map(t => t - STEP / 2);
const LOG_P = [-Infinity, ...MIDDLE.map(t => -softplus(-t)), 0];
const LOG_Q = [0, ...MIDDLE.map(t => -softplus(t)), -Infinity];

/* Distribution function of the normal law: series of its integral, or its continued fraction. */
export function normalBelow(z) {
  const x = Math.abs(z), density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  let tail;
  if (x > 38) tail = 0;
  else if (x > 3) {
    let f = x;
    for (let i = 40; i > 0; i -= 1) f = x + i / f;
    tail = density / f;
  } else {
    let term = x, total = x;
    for (let i = 3; term > 1e-17 * total; i += 2) total += (term *= x * x / i);
    tail = 0.5 - density * total;
  }
  return z < 0 ? tail : 1 - tail;
}

/* Steps of an evenly spread sequence in d dimensions, and its i-th point. */
const ROOTS = [];
function spreadPoint(i, d) {
  if (!ROOTS[d]) {
    let root = 2;
    for (let j = 0; j < 60; j += 1) root = (1 + root) ** (1 / (d + 1));
    ROOTS[d] = Array.from({ length: d }, (_, j) => root ** -(j + 1));
  }
  return ROOTS[d].map(step => (0.5 + (i + 1) * step) % 1);
}

const between = (u, low, high) => low * (high / low) ** u;
const score = (u, v, low, high) => {
  const mu = -14 + 18 * u, s = between(v, low, high);
  return t => (t - mu) / s;
};
const hump = (u, v, high) => {
  const z = score(u, v, 0.3, high);
  return t => normalBelow(z(t));
};

/* Distribution function in t of one law of each family; the Beta law gives its density. */
const FAMILIES = [
  [2, null],
  [2, ([u, v]) => {
    const a = between(u, 0.03, 5), b = between(v, 0.05, 3000);
    return t => -Math.expm1(b * Math.log1p(-Math.exp(-a * softplus(-t))));
  }],
  [2, ([u, v]) => {
    const z = score(u, v, 0.4, 8);
    return t => normalBelow(z(t));
  }],
  [3, ([u, v, w]) => {
    const z = score(u, v, 0.2, 6), a = between(w, 0.1, 10);
    return t => Math.exp(-a * softplus(-z(t)));
  }],
  [2, ([u, v]) => {
    const z = score(u, v, 0.4, 8);
    return t => Math.exp(-Math.exp(-Math.max(z(t), -50)));
  }],
  [2, ([u, v]) => {
    const z = score(u, v, 0.4, 8);
    return t => -Math.expm1(-Math.exp(Math.min(z(t), 50)));
  }],
  [5, ([a, b, c, d, w]) => {
    const one = hump(a, b, 6), two = hump(c, d, 6);
    return t => w * one(t) + (1 - w) * two(t);
  }],
  [8, ([a, b, c, d, e, f, g, h]) => {
    const humps = [hump(a, b, 5), hump(c, d, 5), hump(e, f, 5)], [low, high] = [g, h].sort();
    const shares = [low, high - low, 1 - high];
    return t => humps.reduce((sum, one, i) => sum + shares[i] * one(t), 0);
  }],
];
export const GROUPS = 2 * FAMILIES.length;

/* Probabilities of the nodes under a Beta law, from its density in t. */
function betaRow([u, v], row) {
  const a = between(u, 0.03, 5), b = between(v, 0.05, 3000);
  const scale = logGamma(a + b) - logGamma(a) - logGamma(b);
  row[0] = Math.min(1, Math.exp(scale + a * FIRST - Math.log(a)));
  let total = row[0];
  for (let i = 1; i <= CELLS; i += 1)
    total += (row[i] = STEP * Math.exp(scale + a * LOG_P[i] + b * LOG_Q[i]));
  row[NODES - 1] = 0;
  for (let i = 0; i < NODES; i += 1) row[i] /= total;
}

const made = [];

/* Rows of one family, made in steps, and for each the share at p = 0 of its variant with zeros. */
export function* makeFamily(index) {
  if (made[index]) return;
  const [dimension, below] = FAMILIES[index], rows = [], zeros = [];
  for (let i = 0; i < LAWS_EACH; i += 1) {
    if (i % 128 === 127) yield null;
    const [zero, ...u] = spreadPoint(i, dimension + 1), row = new Float64Array(NODES);
    if (!below) betaRow(u, row);
    else {
      const f = below(u);
      let last = row[0] = f(EDGES[0]);
      for (let j = 1; j <= CELLS; j += 1) {
        const next = f(EDGES[j]);
        row[j] = next - last;
        last = next;
      }
      row[NODES - 1] = 1 - last;
    }
    rows.push(row);
    zeros.push(zero);
  }
  made[index] = { rows, zeros };
}

const times = (count, log) => (count > 0 ? count * log : 0);
const dot = (a, b) => {
  let sum = 0;
  for (let i = 0; i < NODES; i += 1) sum += a[i] * b[i];
  return sum;
};

/* p^c (1 - p)^(n - c) at the nodes, over its largest value. */
function kernel(n, c) {
  const peak = times(c, Math.log(c / n)) + times(n - c, Math.log1p(-c / n));
  return Float64Array.from(LOG_P, (p, i) => Math.exp(times(c, p) + times(n - c, LOG_Q[i]) - peak));
}

/* Log-likelihoods of the laws of one family, without and with zeros, in steps. */
export function* likelihoods({ n, c, times: weights }, index, out) {
  yield* makeFamily(index);
  const { rows, zeros } = made[index], kernels = n.map((m, i) => kernel(m, c[i]));
  const plain = new Float64Array(rows.length), with0 = new Float64Array(rows.length);
  for (const [r, row] of rows.entries()) {
    if (r % 256 === 255) yield null;
    kernels.forEach((one, i) => {
      const like = dot(row, one), open = c[i] === 0 ? zeros[r] : 0;
      plain[r] += weights[i] * Math.log(Math.max(like, 1e-37));
      with0[r] += weights[i] * Math.log(Math.max((1 - zeros[r]) * like + open, 1e-37));
    });
  }
  out.push(plain, with0);
}

/* Evenly spaced draws of laws; every group weighs the same, and within it the likelihood. */
export function chooseLaws(groups, nDraws) {
  const weights = groups.map(like => {
    const top = Math.max(...like), w = Array.from(like, x => Math.exp(x - top));
    const total = w.reduce((a, b) => a + b, 0) * groups.length;
    return w.map(x => x / total);
  }), chosen = [];
  let sum = 0, drawn = 0;
  weights.forEach((row, group) => row.forEach((w, law) => {
    sum += w;
    for (; drawn < nDraws && (drawn + 0.5) / nDraws <= sum; drawn += 1) chosen.push([group, law]);
  }));
  while (chosen.length < nDraws) chosen.push(chosen.at(-1));
  return chosen;
}

/* Share of open problems of n samples that stay open at k, under one law. */
export function lossOf([group, law], n, k) {
  const { rows, zeros } = made[group >> 1], row = rows[law], zero = group % 2 ? zeros[law] : 0;
  let later = 0, now = 0;
  for (let i = 0; i < NODES - 1; i += 1) {
    later += row[i] * Math.exp(k * LOG_Q[i]);
    now += row[i] * Math.exp(n * LOG_Q[i]);
  }
  return Math.min(1, ((1 - zero) * later + zero) / Math.max((1 - zero) * now + zero, 1e-37));
}

/* Quantile of a binomial number, summed from nine standard deviations below its mean. */
export function binomialQuantile(place, n, rate) {
  if (rate <= 0) return 0;
  if (rate >= 1) return n;
  const spread = 9 * Math.sqrt(n * rate * (1 - rate)) + 9, odds = rate / (1 - rate);
  let at = Math.max(0, Math.floor(n * rate - spread));
  let mass = Math.exp(logChoose(n, at) + at * Math.log(rate) + (n - at) * Math.log1p(-rate));
  let sum = mass;
  for (; sum < place && at < n; at += 1) {
    mass *= (n - at) / (at + 1) * odds;
    sum += mass;
  }
  return at;
}
