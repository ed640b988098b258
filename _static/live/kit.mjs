/* A live figure in the anywidget form: named controls, one draw function, a result in words.

   figure({title, controls, draw}) gives {render}; draw(state) returns {charts, legend, text} or
   throws a Refusal, whose words are shown in place of the result. The state lives in the model:
   on a page the shim keeps it in the address, in JupyterLab the widget holds it. */
import { Refusal } from "./laws.mjs";
import { chart, tickText } from "./plot.mjs";

const STYLE = `
.live { --live-1: #0072b2; --live-2: #c04f00; --live-3: #007a5a; --live-4: #a8497f;
  --live-5: #333; --live-edge: #8a8a8a; border: 1px solid var(--pst-color-border, #c9c9c9);
  border-radius: .4rem; margin: 1rem 0 1.5rem; padding: .8rem 1rem; }
html[data-theme="dark"] .live, body[data-jp-theme-light="false"] .live { --live-1: #56b4e9;
  --live-2: #ff9e57; --live-3: #3ddab0; --live-4: #e38bbd; --live-5: #ddd; --live-edge: #9a9a9a; }
.live-title { font-weight: 600; margin: 0 0 .4rem; }
.live svg { display: block; height: auto; max-width: 100%; }
.live svg text { fill: currentColor; font: 12.5px sans-serif; }
.live-grid { stroke: currentColor; stroke-opacity: .13; }
.live-axis { fill: none; stroke: currentColor; stroke-opacity: .6; }
.live-line { fill: none; stroke-width: 2.2; }
.live-band { opacity: .22; }
.live-rule { stroke-dasharray: 2 4; stroke-width: 1.6; }
.live-legend { display: flex; flex-wrap: wrap; font-size: .88rem; gap: .1rem 1.1rem; list-style: none;
  margin: .1rem 0 .5rem; padding: 0; }
.live-legend i { border-radius: 2px; display: inline-block; height: .7em; margin-right: .4em;
  width: 1.1em; }
.live-controls { display: grid; font-size: .9rem; gap: .5rem 1.4rem;
  grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); margin: .6rem 0; }
.live-controls > div { min-width: 0; }
.live-controls .live-long { grid-column: 1 / -1; }
.live-controls label { display: block; }
.live-pair { align-items: center; display: flex; gap: .6rem; }
.live-pair input[type=range] { accent-color: var(--live-1); flex: 1; min-width: 0; }
.live input:not([type=range]), .live select, .live textarea, .live button {
  background: var(--pst-color-background, Canvas); border: 1px solid var(--live-edge);
  border-radius: .25rem; color: inherit; font: inherit; padding: .15rem .4rem; }
.live-pair input[type=number], .live-pair input[type=text] { width: 6.2rem; }
.live textarea { box-sizing: border-box; font-family: monospace; min-height: 8rem; width: 100%; }
.live input[type=file] { border: 0; max-width: 100%; }
.live select { max-width: 100%; }
.live :is(input, select, textarea, button):focus-visible { outline: 2px solid var(--live-1);
  outline-offset: 2px; }
.live-result { font-size: .95rem; margin: .4rem 0; }
.live-result p { margin: .3rem 0; }
.live-result.live-refused { border-left: 4px solid var(--live-2); padding-left: .7rem; }
.live-result table { font-size: .88rem; margin: .4rem 0; width: auto; }
.live-result td, .live-result th { padding: .1rem .8rem .1rem 0; text-align: left; }
.live-wide { overflow-x: auto; }
.live-hidden { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute;
  white-space: nowrap; width: 1px; }
.live-buttons { display: flex; flex-wrap: wrap; font-size: .85rem; gap: .6rem; }
@media (max-width: 600px) { .live-plots { background: var(--pst-color-background, Canvas);
  position: sticky; top: 3.2rem; z-index: 2; } }
@media print { .live { display: none; } }`;

/* An HTML element with properties and children. */
export function html(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/* A number with at most `digits` significant digits. */
export function short(x, digits = 3) {
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "–";
  const size = Math.abs(x);
  if (size >= 1e6 || (size < 1e-4 && size > 0)) return tickText(x);
  return (+x.toPrecision(Math.max(digits, size >= 1 ? Math.ceil(Math.log10(size + 1)) : digits)))
    .toLocaleString("en", { maximumFractionDigits: 8 });
}

/* A share in per cent. */
export const percent = (x, digits = 3) => `${short(100 * x, digits)}\u00a0%`;

let made = 0;

/* The slider runs evenly over the range, or over its logarithm. */
const STEPS = 400;
const toSlider = (c, x) => STEPS * (c.log ? Math.log(x / c.min) / Math.log(c.max / c.min)
                                          : (x - c.min) / (c.max - c.min));
const fromSlider = (c, at) => {
  const x = c.log ? c.min * (c.max / c.min) ** (at / STEPS) : c.min + at / STEPS * (c.max - c.min);
  return c.whole ? Math.round(x) : +x.toPrecision(3);
};

/* A slider and a field for one number; both write the same state. */
function range(c, id, changed) {
  const slider = html("input", { type: "range", id, min: 0, max: STEPS, step: 1 });
  const field = html("input", { type: "text", inputMode: "decimal", id: `${id}-n` });
  field.setAttribute("aria-label", `${c.label}, as a number`);
  let current = c.value;
  slider.addEventListener("input", () => {
    const to = Number(slider.value), way = Math.sign(to - toSlider(c, current));
    const next = fromSlider(c, to);
    changed(next === current && c.whole ? current + way : next);  // a key moves by one at least
  });
  field.addEventListener("change", () => changed(field.value.trim() === "" ? null
                                                 : Number(field.value.replaceAll(",", ""))));
  const show = x => {
    current = Number(x);
    slider.value = toSlider(c, Math.min(Math.max(Number(x), c.min), c.max));
    slider.setAttribute("aria-valuetext", `${short(Number(x), 4)} ${c.unit ?? ""}`.trim());
    if (document.activeElement !== field || Number.isFinite(Number(x))) field.value = x ?? "";
  };
  return { parts: [html("span", { className: "live-pair" }, slider, field)], show };
}

function choice(c, id, changed) {
  const options = c.options.map(o => html("option", { value: o, textContent: o }));
  const select = html("select", { id }, ...options);
  select.addEventListener("change", () => changed(select.value));
  return { parts: [select], show: x => { select.value = x; } };
}

/* Text to paste or type, or a file dropped on it: it is read here and sent nowhere. */
function text(c, id, changed) {
  const area = html("textarea", { id, spellcheck: false, placeholder: c.placeholder ?? "" });
  area.addEventListener("input", () => changed(area.value));
  area.addEventListener("dragover", event => event.preventDefault());
  const read = async file => {
    if (!file) return;
    area.value = await file.text();
    changed(area.value);
  };
  area.addEventListener("drop", event => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    read(event.dataTransfer.files[0]);
  });
  const file = html("input", { type: "file", id: `${id}-file`, accept: ".csv,.tsv,.txt" });
  file.addEventListener("change", () => read(file.files[0]));
  const label = html("label", { htmlFor: `${id}-file`, textContent: "or choose a file: " }, file);
  return { parts: [area, label], long: true,
           show: x => { if (area.value !== x) area.value = x ?? ""; } };
}

const KINDS = { range, choice, text };

/* The controls, and a function that shows a state in them. */
function controls(list, changed) {
  const box = html("div", { className: "live-controls" }), shows = [];
  for (const c of list) {
    const id = `live-${made += 1}`, one = KINDS[c.kind ?? "range"](c, id, x => changed(c.key, x));
    const label = html("label", { htmlFor: id,
                                  textContent: c.unit ? `${c.label} (${c.unit})` : c.label });
    box.append(html("div", { className: one.long ? "live-long" : "" }, label, ...one.parts));
    shows.push(state => one.show(state[c.key]));
  }
  return [box, state => shows.forEach(show => show(state))];
}

function legend(entries = []) {
  const list = html("ul", { className: "live-legend" });
  for (const [color, words] of entries) {
    const mark = html("i");
    mark.style.background = `var(--live-${color})`;
    list.append(html("li", {}, mark, words));
  }
  return list;
}

/* A table of words with a head. */
export function table(head, rows) {
  const row = (cells, tag) => html("tr", {}, ...cells.map(c => html(tag, { textContent: c })));
  return html("div", { className: "live-wide" },
              html("table", {}, html("thead", {}, row(head, "th")),
                   html("tbody", {}, ...rows.map(cells => row(cells, "td")))));
}

/* The style of all figures, once per page. */
export function styled() {
  if (document.getElementById("live-style")) return;
  document.head.append(html("style", { id: "live-style", textContent: STYLE }));
}

/* Words, elements or lists of them as children of the result. */
const shown = parts => [parts].flat().map(part => (typeof part === "string"
  ? html("p", { textContent: part }) : part));

/* What an address or a widget says, as a number, one of the options, or text. */
function typed(c, x) {
  if (c.kind === "text") return String(x);
  if (c.kind === "choice") return c.options.includes(x) ? x : c.value;
  return x === null || x === "" ? null : Number(x);
}

/* A figure from its controls and its draw function. */
export function figure({ title, controls: list, draw, later }) {
  const start = () => Object.fromEntries(list.map(c => [c.key, c.value]));
  const read = given => ({ ...start(), ...Object.fromEntries(
    list.filter(c => given?.[c.key] !== undefined).map(c => [c.key, typed(c, given[c.key])])) });
  return { render({ model, el }) {
    styled();
    el.classList.add("live");
    el.setAttribute("role", "group");
    el.setAttribute("aria-label", title);
    let state = read(model.get("state")), waiting = 0, speaking = 0, turn = 0;
    const plots = html("div", { className: "live-plots" });
    const said = html("p", { className: "live-hidden", role: "status" });
    const result = html("div", { className: "live-result" });
    const [box, show] = controls(list, (key, x) => set({ [key]: x }));
    const put = made => {
      const width = Math.min((el.clientWidth || 640) - 34, 720);
      plots.replaceChildren(...made.charts.map(spec => chart(spec, width)), legend(made.legend));
      result.replaceChildren(...shown(made.text));
      result.classList.toggle("live-refused", Boolean(made.refused));
      clearTimeout(speaking);
      speaking = setTimeout(() => { said.textContent = result.textContent; }, 500);
    };
    const update = () => {
      waiting = 0;
      turn += 1;
      const mine = turn;
      try {
        const made = draw(state);
        put(made);
        later?.(made, state, next => { if (mine === turn) put(next); }, () => mine !== turn);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        put({ charts: [], text: `No answer: ${error.message}.`, refused: true });
      }
    };
    const soon = () => { waiting ||= requestAnimationFrame(update); };
    const set = changes => {
      state = { ...state, ...changes };
      model.set("state", state);
      model.save_changes();
      show(state);
      soon();
    };
    const reset = html("button", { type: "button", textContent: "Back to the start" });
    reset.addEventListener("click", () => set(start()));
    el.replaceChildren(html("p", { className: "live-title", textContent: title }), plots, result, box,
                       html("div", { className: "live-buttons" }, reset), said);
    const follow = () => { state = read(model.get("state")); show(state); soon(); };
    model.on("change:state", follow);
    const size = new ResizeObserver(soon);
    size.observe(el);
    show(state);
    update();
    return () => { size.disconnect(); model.off("change:state", follow); };
  } };
}
