/* A small chart in SVG: axes linear or logarithmic, bands, lines, points, rules, bars. */
const SVG = "http://www.w3.org/2000/svg";
const SUPER = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸",
                9: "⁹" };

function node(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

/* A number for an axis: short, with a power of ten where it is long. */
export function tickText(x) {
  const size = Math.abs(x);
  if (x === 0) return "0";
  if (size >= 1e5 || size < 1e-3) {
    const power = Math.floor(Math.log10(size) + 1e-9), lead = x / 10 ** power;
    const raised = [...String(power)].map(c => SUPER[c]).join("");
    return (Math.abs(lead - 1) < 1e-9 ? "" : `${+lead.toPrecision(3)}·`) + `10${raised}`;
  }
  return size >= 1000 ? (+x.toPrecision(4)).toLocaleString("en") : String(+x.toPrecision(4));
}

function ticks({ min, max, log }, room) {
  if (log) {
    const low = Math.ceil(Math.log10(min) - 1e-9), high = Math.floor(Math.log10(max) + 1e-9);
    if (high - low < 1)
      return [1, 2, 3, 5].flatMap(m => [low - 1, low, high].map(p => m * 10 ** p))
        .filter(x => x >= min && x <= max).sort((a, b) => a - b);
    const step = Math.ceil((high - low + 1) / room);
    return Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i))
      .filter((_, i) => i % step === 0);
  }
  const rough = (max - min) / room, unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * [1, 2, 5, 10].find(m => m * unit >= rough * (1 - 1e-9));
  const first = Math.ceil(min / step - 1e-9);
  return Array.from({ length: Math.floor(max / step + 1e-9) - first + 1 },
                    (_, i) => +((first + i) * step).toPrecision(12));
}

function scale({ min, max, log }, from, to) {
  const f = log ? Math.log : x => x, low = f(min), high = f(max);
  return x => {
    const at = (f(log ? Math.max(x, 1e-300) : x) - low) / (high - low);
    return from + Math.min(Math.max(at, -9), 9) * (to - from);
  };
}

const path = points => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`)
  .join("");

/* Points on a line of the axis where a curve is evaluated. */
export function along({ min, max, log }, count = 161) {
  return Array.from({ length: count }, (_, i) => {
    const at = i / (count - 1);
    return log ? min * (max / min) ** at : min + at * (max - min);
  });
}

/* The chart as an svg element of the given width. Layers are drawn in order; `color` is 1 to 5. */
export function chart({ x, y, layers, alt, height = 0 }, width) {
  const wide = Math.max(width, 260), tall = height || Math.round(Math.min(300, wide * 0.62));
  const left = 58, right = wide - 24, bottom = tall - 42, top = 12;
  const X = scale(x, left, right), Y = scale(y, bottom, top), id = `c${Math.random()}`.slice(2);
  const svg = node("svg", { viewBox: `0 0 ${wide} ${tall}`, width: wide, height: tall, role: "img",
                            "aria-label": alt });
  const clip = node("clipPath", { id: `live-${id}` });
  clip.append(node("rect", { x: left, y: top - 4, width: right - left, height: bottom - top + 8 }));
  svg.append(clip);
  for (const at of ticks(x, wide < 420 ? 4 : 7)) {
    svg.append(node("line", { x1: X(at), x2: X(at), y1: bottom, y2: top, class: "live-grid" }));
    svg.append(node("text", { x: X(at), y: bottom + 17, "text-anchor": "middle" }, tickText(at)));
  }
  for (const at of ticks(y, 5)) {
    svg.append(node("line", { x1: left, x2: right, y1: Y(at), y2: Y(at), class: "live-grid" }));
    svg.append(node("text", { x: left - 6, y: Y(at) + 4, "text-anchor": "end" }, tickText(at)));
  }
  svg.append(node("path", { d: `M${left} ${top}V${bottom}H${right}`, class: "live-axis" }));
  svg.append(node("text", { x: (left + right) / 2, y: tall - 6, "text-anchor": "middle" }, x.label));
  svg.append(node("text", { x: 12, y: (top + bottom) / 2, "text-anchor": "middle",
                            transform: `rotate(-90 12 ${(top + bottom) / 2})` }, y.label));
  const inside = node("g", { "clip-path": `url(#live-${id})` });
  for (const layer of layers) inside.append(...DRAW[layer.kind](layer, X, Y, [left, right, bottom, top]));
  svg.append(inside);
  return svg;
}

const finite = points => points.filter(p => p.every(Number.isFinite));
const DRAW = {
  line: ({ x, y, color = 1, dash }, X, Y) => [node("path", {
    d: path(finite(x.map((at, i) => [X(at), Y(y[i])]))), class: "live-line",
    style: `stroke: var(--live-${color})`, ...(dash ? { "stroke-dasharray": "6 4" } : {}) })],
  band: ({ x, low, high, color = 1 }, X, Y) => [node("path", {
    d: `${path(finite([...x.map((at, i) => [X(at), Y(low[i])]),
                       ...x.map((at, i) => [X(at), Y(high[i])]).reverse()]))}Z`,
    class: "live-band", style: `fill: var(--live-${color})` })],
  points: ({ x, y, color = 5, low, high }, X, Y) => x.flatMap((at, i) => [
    ...(low ? [node("line", { x1: X(at), x2: X(at), y1: Y(low[i]), y2: Y(high[i]),
                              class: "live-line", style: `stroke: var(--live-${color})` })] : []),
    node("circle", { cx: X(at), cy: Y(y[i]), r: 3.4, style: `fill: var(--live-${color})` })]),
  rule: ({ x, y, color = 5 }, X, Y, [left, right, bottom, top]) => [node("line", {
    x1: x === undefined ? left : X(x), x2: x === undefined ? right : X(x),
    y1: y === undefined ? bottom : Y(y), y2: y === undefined ? top : Y(y),
    class: "live-rule", style: `stroke: var(--live-${color})` })],
  bar: ({ x, low, high, color = 1, half }, X, Y) => [node("rect", {
    x: X(x - half), width: X(x + half) - X(x - half), y: Y(high), height: Math.max(Y(low) - Y(high), 0),
    style: `fill: var(--live-${color})` })],
};
