/* Live figures of a card: its memory, and the speed of a batch at the roofline. */
import { critical_batch, kv_cache_bytes, largest_batch, step_seconds, tokens_per_second,
         weight_bytes } from "./resources.mjs";
import { along } from "./plot.mjs";
import { figure, short } from "./kit.mjs";
import { RECORDS } from "./records.mjs";

const MODELS = Object.keys(RECORDS.models), CARDS = Object.keys(RECORDS.cards), GIB = 2 ** 30;
const COMMON = [
  { key: "model", label: "model", kind: "choice", options: MODELS, value: "Llama-3-8B" },
  { key: "card", label: "card", kind: "choice", options: CARDS, value: CARDS[0] },
  { key: "cards", label: "cards as one", min: 1, max: 16, whole: true, value: 1 },
  { key: "bits", label: "bits per weight", min: 2, max: 16, value: 16 },
  { key: "tokens", label: "tokens of a sequence", min: 1, max: 131072, log: true, whole: true,
    value: 2048 },
];

/* A chosen model on chosen cards. */
function setting({ model, card, cards, bits, tokens }) {
  const shape = RECORDS.models[model] ?? RECORDS.models[MODELS[0]];
  const one = RECORDS.cards[card] ?? RECORDS.cards[CARDS[0]];
  const room = { F: cards * one.flops, W: cards * one.speed, memory: cards * one.memory };
  const sizes = [shape.layers, shape.kv_heads, shape.head_dim];
  const most = largest_batch(room.memory, shape.parameters, tokens, ...sizes, bits);
  return { ...room, shape, sizes, most, weights: weight_bytes(shape.parameters, bits),
           each: kv_cache_bytes(tokens, ...sizes) };
}

/* Memory against the number of sequences. */
export const memory = figure({
  title: "What fits a card",
  controls: [...COMMON, { key: "batch", label: "sequences at once", min: 1, max: 1024, log: true,
                          whole: true, value: 16 }],
  draw: state => {
    const { memory: room, weights, each, most, sizes } = setting(state), { batch, tokens } = state;
    const x = { min: 1, max: 1024, log: true, label: "sequences at once" }, B = along(x);
    const top = Math.max(room, weights + each) * 1.6 / GIB;
    const used = b => (weights + kv_cache_bytes(tokens, ...sizes, b)) / GIB;
    const layers = [
      { kind: "band", x: B, low: B.map(() => 0), high: B.map(() => weights / GIB), color: 1 },
      { kind: "band", x: B, low: B.map(() => weights / GIB), high: B.map(used), color: 3 },
      { kind: "line", x: B, y: B.map(used), color: 3 }, { kind: "rule", y: room / GIB, color: 2 },
      { kind: "points", x: [batch], y: [used(batch)], color: used(batch) * GIB > room ? 2 : 5 }];
    const words = [`Weights take ${short(weights / GIB)} GiB, the cache of a sequence `
      + `${short(each / GIB)} GiB; ${short(batch)} sequences need ${short(used(batch))} of `
      + `${short(room / GIB)} GiB.`,
    most > 0 ? `At most ${short(most, 6)} sequences of this length fit, without what the software `
        + "takes besides."
      : weights > room ? "The weights alone do not fit." : "Not one sequence of this length fits."];
    return { charts: [{ x, y: { min: 0, max: top, label: "memory (GiB)" }, layers,
                        alt: words.join(" ") }], text: words,
             legend: [[1, "weights"], [3, "cache of keys and values"], [2, "the card"]] };
  },
});

/* Tokens per second of a batch, and of each of its sequences. */
export const throughput = figure({
  title: "Speed of a batch at the roofline",
  controls: [...COMMON, { key: "batch", label: "sequences at once", min: 1, max: 1024, log: true,
                          whole: true, value: 16 }],
  draw: state => {
    const { F, W, shape, each, most } = setting(state), { batch, bits } = state;
    const x = { min: 1, max: 1024, log: true, label: "sequences at once" }, B = along(x);
    const all = b => tokens_per_second(F, W, shape.parameters, b, each, bits);
    const ys = B.map(all), y = { min: Math.min(...B.map((b, i) => ys[i] / b)) / 1.5,
                                 max: Math.max(...ys) * 1.5, log: true, label: "tokens per second" };
    const layers = [{ kind: "line", x: B, y: ys }, { kind: "line", x: B,
                                                     y: B.map((b, i) => ys[i] / b), color: 2 },
                    { kind: "points", x: [batch, batch], y: [all(batch), all(batch) / batch] }];
    if (most >= 1) layers.unshift({ kind: "rule", x: most, color: 4 });
    const step = step_seconds(F, W, shape.parameters, batch, each, bits);
    const words = [`A step of ${short(batch)} sequences takes at least ${short(1000 * step)} ms: `
      + `${short(all(batch))} tokens per second in all, ${short(all(batch) / batch)} for each `
      + "sequence.",
    `Sums take as long as reading the weights at a batch of ${short(critical_batch(F, W, bits))}; `
      + (most > 0 ? `${short(most, 6)} sequences fit the memory.` : "nothing fits the memory.")];
    return { charts: [{ x, y, layers, alt: words.join(" ") }], text: words,
             legend: [[1, "whole batch"], [2, "each sequence"], [4, "what fits"]] };
  },
});
