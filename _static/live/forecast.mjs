/* Forecast from counts per problem: the Beta law at once, the average of many laws a little later;
   and the panel in which one's own counts are pasted. */
import { quantile, uniforms } from "./numbers.mjs";
import { Refusal, pass_at_k, whole } from "./laws.mjs";
import { distinct, fit, predict } from "./fit.mjs";
import { GROUPS, binomialQuantile, chooseLaws, likelihoods, lossOf } from "./bank.mjs";

const DRAWS = 2000, POINTS = 30, CARRIED = 0.5, NARROW = 1e-12, PULLED = 0.25, FEW = 5;
const sum = values => values.reduce((a, b) => a + b, 0);
const median = values => quantile([...values].sort((a, b) => a - b), 0.5);
const unique = values => [...new Set(values)].sort((a, b) => a - b);

/* Counts of a set of problems with what they show; refused where sampling stopped at successes. */
export function evidence(nSamples, nCorrect) {
  const data = distinct(nSamples, nCorrect), problems = sum(data.times);
  const most = Math.max(...data.n), early = data.times.filter((_, i) => data.n[i] < most);
  const stopped = data.n.every((n, i) => n === most || data.c[i] > 0) && data.c.includes(0);
  if (sum(early) >= FEW && stopped)
    throw new Refusal(`all ${sum(early)} problems with fewer than ${most} samples are solved, as if `
      + "sampling stopped at a success; the package takes such counts with that design");
  const solved = sum(data.times.filter((_, i) => data.c[i] > 0));
  return { ...data, problems, solved, seen: solved / problems, horizon: Math.min(...data.n) };
}

/* Coverage that the samples show, at log-spaced k. */
export function seenCurve(e) {
  const k = unique(Array.from({ length: POINTS }, (_, i) =>
    Math.round(e.horizon ** (i / (POINTS - 1)))));
  const rows = pass_at_k(e.n, e.c, k), mean = at => sum(rows.map((row, i) => e.times[i] * row[at]));
  return { k, coverage: k.map((_, at) => mean(at) / e.problems) };
}

const height = v => Math.log(-Math.log(Math.min(Math.max(v, NARROW), 1 - NARROW)));
const fromHeight = h => Math.exp(-Math.exp(Math.min(Math.max(h, -50), 50)));

/* exp(-a k^-b) through points of a curve, least squares of log(-log coverage) on log k. */
function extrapolate(k, seen, asked) {
  const at = k.map((_, i) => i).filter(i => seen[i] > 0 && seen[i] < 1);
  const x = at.map(i => Math.log(k[i])), y = at.map(i => height(seen[i]));
  const mx = sum(x) / at.length, my = sum(y) / at.length;
  const slope = sum(x.map((v, i) => (v - mx) * (y[i] - my))) / sum(x.map(v => (v - mx) ** 2));
  return asked.map(v => fromHeight(my + slope * (Math.log(v) - mx)));
}

/* Two lines to hold a forecast against: of the whole curve, corrected; of its last decade. */
function lines(e, asked) {
  const { k, coverage: seen } = seenCurve(e), last = k.at(-1), end = seen.at(-1);
  const part = keep => extrapolate(k.filter(keep), seen.filter((_, i) => keep(k[i])), asked);
  let whole_ = extrapolate(k, seen, asked);
  const early = k.filter(v => v <= Math.max(last / 10, 2));
  const [back] = extrapolate(early, seen.slice(0, early.length), [last]);
  if (back > NARROW && back < 1 - NARROW && end > 0 && end < 1)
    whole_ = whole_.map((v, i) => fromHeight(height(v) + CARRIED * (height(end) - height(back))
      * Math.log(asked[i] / last) / Math.log(last / Math.max(last / 10, 2))));
  return [whole_, part(v => v >= last / 10)].filter(line => line.every(Number.isFinite));
}

/* Numbers in random order. */
function shuffled(values, random) {
  const out = [...values];
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

/* Steps of the forecast at each k: the likelihood of one family a step, then {k, median, low,
   high}. These problems, as sampling goes on; solved stays solved. */
export function* forecastSteps(e, asked, level = 0.9, seed = 0) {
  const groups = [];
  for (let i = 0; i < GROUPS / 2; i += 1) {
    yield* likelihoods(e, i, groups);
    yield null;
  }
  const laws = chooseLaws(groups, DRAWS), random = uniforms(seed), left = e.problems - e.solved;
  const even = Array.from({ length: DRAWS }, (_, i) => (i + 0.5) / DRAWS);
  const luck = shuffled(even, random), order = shuffled(even, random), targets = lines(e, asked);
  yield null;
  const out = asked.map((k, at) => {
    const draws = coverageDraws(e, laws, luck, left, k), middle = median(draws);
    const moved = draws.map((x, i) => {
      const which = Math.floor(order[i] / PULLED);
      if (which >= targets.length) return x;
      return Math.min(Math.max(x + targets[which][at] - middle, e.seen), 1);
    }).sort((a, b) => a - b);
    const low = quantile(moved, (1 - level) / 2), high = quantile(moved, (1 + level) / 2);
    return { k, median: e.solved < FEW ? NaN : quantile(moved, 0.5),
             low: Math.max(Math.floor(low * e.problems + 1e-6) / e.problems, 0),
             high: Math.min(Math.ceil(high * e.problems - 1e-6) / e.problems, 1) };
  });
  yield out;
}

/* One coverage at k for each law drawn. */
function coverageDraws(e, laws, luck, left, k) {
  if (!left) return laws.map(() => 1);
  const open = e.n.map((n, i) => [n, e.times[i]]).filter((_, i) => e.c[i] === 0), memo = new Map();
  return laws.map((law, i) => {
    const key = law.join();
    if (!memo.has(key))
      memo.set(key, sum(open.map(([n, t]) => t * lossOf(law, n, Math.max(k, n)))));
    const rate = Math.min(Math.max(1 - memo.get(key) / left, 0), 1);
    return (e.solved + binomialQuantile(luck[i], left, rate)) / e.problems;
  });
}

/* The whole forecast at once. */
export const forecast = (e, asked, level, seed) => [...forecastSteps(e, asked, level, seed)].at(-1);

/* Counts from text: n and c in two columns, or c alone with one n; a head names the columns. */
export function parseCounts(text, samples) {
  const lines_ = text.replace(/^\uFEFF/, "").split(/\r?\n/).map((line, i) => [i + 1, line.trim()])
    .filter(([, line]) => line && !line.startsWith("#"));
  if (!lines_.length) throw new Refusal("no counts are given");
  const cells = line => line.split(/[,;\t]|\s+/).map(x => x.trim()).filter(x => x !== "");
  const numeric = x => x !== "" && Number.isFinite(Number(x));
  const head = cells(lines_[0][1]), named = !head.some(numeric);
  const find = words => head.findIndex(x => words.includes(x.toLowerCase()));
  const nAt = named ? find(["n", "n_samples", "samples", "total", "num_samples"]) : -1;
  const cAt = named ? find(["c", "n_correct", "correct", "num_correct", "solved"]) : -1;
  if (named && cAt < 0)
    throw new Refusal("line 1: no column is named n_correct or c (and n_samples or n)");
  const n = [], c = [];
  for (const [at, line] of named ? lines_.slice(1) : lines_) {
    const row = cells(line), last = named ? row[cAt] : row.at(-1);
    const first = named ? row[nAt] : row.length > 1 ? row.at(-2) : undefined;
    try {
      n.push(whole("n_samples", first ?? samples, 1));
      c.push(whole("n_correct", last ?? "", 0));
    } catch (error) {
      throw error instanceof Refusal ? new Refusal(`line ${at}: ${error.message}`) : error;
    }
    if (c.at(-1) > n.at(-1))
      throw new Refusal(`line ${at}: n_correct = ${c.at(-1)} exceeds n_samples = ${n.at(-1)}`);
  }
  if (!c.length) throw new Refusal("no counts are given");
  return [n, c];
}

/* The Beta law fitted to counts, and what it says at k; words where it may say nothing. */
export function betaAt(nSamples, nCorrect, k) {
  try {
    const found = fit(nSamples, nCorrect);
    return { found, value: predict(found, k), why: "" };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { found: null, value: NaN, why: error.message };
  }
}
