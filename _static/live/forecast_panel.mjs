/* Forecast of one's own evaluation: counts are pasted or dropped, and stay in this page. */
import { Refusal, whole } from "./laws.mjs";
import { betaAt, evidence, forecastSteps, parseCounts, seenCurve } from "./forecast.mjs";
import { figure, percent, table } from "./kit.mjs";
import { RECORDS } from "./records.mjs";

const FEW = 5, POINTS = 9, SLICE = 30, MOST = 2000;
const EXAMPLE = [...Array(30).fill(0), 1, 2, 5, 9, 14, 30, 70];
const number = x => x.toLocaleString("en");
const part = x => percent(x, 2);

/* Log-spaced k from what was drawn to what is asked. */
const beyond = (from, to) => [...new Set(Array.from({ length: POINTS }, (_, i) =>
  Math.round(from * (to / from) ** ((i + 1) / POINTS))))].filter(k => k > from);

/* What can be said at once: the counts, the curve they show, the Beta law. */
function read({ text, samples, k, level }) {
  const [n, c] = parseCounts(text, samples), e = evidence(n, c), asked = whole("k", k, 1);
  if (e.n.length > MOST) throw new Refusal(`${e.n.length} different counts are more than this page `
    + "takes: use the package");
  if (!(level >= 50 && level <= 99)) throw new Refusal(`level = ${level} must be from 50 to 99`);
  return { e, asked, beta: betaAt(n, c, asked), seen: seenCurve(e), level: level / 100 };
}

const drawn = e => {
  const [low, high] = [Math.min(...e.n), Math.max(...e.n)];
  return low === high ? `${number(low)} samples each` : `${number(low)} to ${number(high)} samples`;
};

/* The words and the chart, with the average of many laws once it is there. */
function shown({ e, asked, beta, seen, level }, points) {
  const top = Math.max(asked, e.horizon), x = { min: 1, max: Math.max(top, 2), log: true,
                                               label: "samples per problem k" };
  const layers = [{ kind: "rule", x: e.horizon, color: 5 }];
  if (points) {
    const end = seen.coverage.at(-1), from = { k: e.horizon, median: end, low: end, high: end };
    const all = [from, ...points], of = key => all.map(p => p[key]);
    layers.push({ kind: "band", x: of("k"), low: of("low"), high: of("high") });
    if (points.every(p => Number.isFinite(p.median)))
      layers.push({ kind: "line", x: of("k"), y: of("median") });
  }
  layers.push({ kind: "line", x: seen.k, y: seen.coverage, color: 5 });
  const words = [`${number(e.problems)} problems with ${drawn(e)}: ${e.solved} solved, `
    + `${part(e.seen)}.`, ...verdict(e, asked, level, points)];
  const found = beta.found;
  words.push(Number.isFinite(beta.value)
    ? `The Beta law alone (status ${found.status}${found.reason ? `: ${found.reason}` : ""}) says `
      + `${part(beta.value)}. ${warning()}`
    : `The Beta law alone says nothing there: ${beta.why}.`);
  if (points && asked > e.horizon)
    words.push(table(["k", "low", "median", "high"], points.map(p => [
      number(p.k), ...[p.low, p.median, p.high].map(v => (Number.isFinite(v) ? v.toFixed(3) : "–"))])));
  return { charts: [{ x, y: { min: 0, max: 1, label: "coverage" }, layers,
                      alt: `Coverage against samples. ${words[1]}` }], text: words,
           legend: [[5, "seen, exact"], [1, `forecast, ${Math.round(100 * level)} % interval`]] };
}

function verdict(e, asked, level, points) {
  if (asked <= e.horizon)
    return [`${number(asked)} samples are within those drawn: the curve there is the exact `
      + "estimator, and no forecast is needed."];
  if (e.seen === 1) return ["Every problem is solved: nothing is left to forecast."];
  if (!points) return ["Averaging many laws …"];
  const { low, high } = points.at(-1);
  const few = e.solved < FEW ? [`With ${e.solved} solved there is no median: read the interval alone.`]
    : [];
  return [`At ${number(asked)} samples ${part(low)} to ${part(high)} of these problems are solved `
    + `(${Math.round(100 * level)} % interval).`, ...few];
}

/* How often each kind of interval held in the back-test, at a hundred samples. */
function warning() {
  const { beta, average } = RECORDS.held;
  return "In the back-test of the book, from 100 samples to 10,000, intervals of 90 % from one Beta "
    + `law held in ${percent(beta[100], 2)} of the cases, those of the average in `
    + `${percent(average[100], 2)}.`;
}

let last = { key: "", points: null };

/* Steps of the forecast between other work of the page, at most 30 ms at a time. */
function later(made, state, put, stale) {
  const given = read(state), { e, asked, level } = given;
  if (asked <= e.horizon || e.seen === 1) return;
  const key = JSON.stringify(state);
  if (last.key === key) {
    put(shown(given, last.points));
    return;
  }
  const steps = forecastSteps(e, beyond(e.horizon, asked), level);
  const go = () => {
    if (stale()) return;
    const end = performance.now() + SLICE;
    let step = { done: false, value: null };
    while (!step.done && step.value === null && performance.now() < end) step = steps.next();
    if (step.value) {
      last = { key, points: step.value };
      put(shown(given, step.value));
    } else setTimeout(go);
  };
  setTimeout(go, 60);
}

export const forecast_yours = figure({
  title: "Forecast your own evaluation",
  controls: [
    { key: "text", label: "counts, one problem a line: samples and correct samples", kind: "text",
      value: EXAMPLE.map(c => `100,${c}`).join("\n"), placeholder: "n_samples,n_correct" },
    { key: "samples", label: "samples of each problem, if only correct ones are listed", min: 1,
      max: 10000, log: true, whole: true, value: 100 },
    { key: "k", label: "forecast to k samples", min: 1, max: 1e6, log: true, whole: true,
      value: 10000 },
    { key: "level", label: "level of the interval, per cent", min: 50, max: 99, whole: true,
      value: 90 },
  ],
  draw: state => shown(read(state), null),
  later,
});
