/* All live figures in the anywidget form, and the shim that shows them on a page.

   A page has <div data-live="name">; its state stands in the address as #live-name?key=value&...
   A widget names its figure in the trait `figure` and keeps its state in the trait `state`. */
import { beta_failure, coverage_power_law, reliability } from "./coverage_figures.mjs";
import { best_of_n, inference_cost, majority_vote } from "./choice_figures.mjs";
import { memory, throughput } from "./machine_figures.mjs";
import { forecast_yours } from "./forecast_panel.mjs";
import { planner } from "./planner.mjs";
import { conformance } from "./conformance_panel.mjs";

export const FIGURES = { coverage_power_law, beta_failure, reliability, majority_vote, best_of_n,
                         inference_cost, memory, throughput, forecast_yours, planner,
                         conformance };

/* The anywidget interface: the model says which figure. */
function render({ model, el }) {
  const name = model.get("figure"), found = FIGURES[name];
  if (!found) throw new Error(`figure ${name} is none of ${Object.keys(FIGURES).join(", ")}`);
  return found.render({ model, el });
}

/* The state of a figure as the address says it, as text. */
export function readHash(name, hash) {
  const [who, query] = hash.replace(/^#/, "").split("?");
  if (who !== `live-${name}` || !query) return {};
  return Object.fromEntries(new URLSearchParams(query));
}

/* The address of a state. */
export const writeHash = (name, state) => `#live-${name}?${new URLSearchParams(
  Object.entries(state).map(([key, x]) => [key, x ?? ""]))}`;

/* The part of a widget's model that figures use, kept in the address of the page. */
export function pageModel(name) {
  const listeners = new Set(), values = { figure: name, state: readHash(name, location.hash) };
  let waiting = 0;
  addEventListener("hashchange", () => {
    if (!location.hash.startsWith(`#live-${name}?`)) return;
    values.state = readHash(name, location.hash);
    listeners.forEach(tell => tell());
  });
  return {
    get: key => values[key],
    set: (key, x) => { values[key] = x; },
    save_changes: () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => history.replaceState(null, "", writeHash(name, values.state)), 200);
    },
    on: (event, tell) => event === "change:state" && listeners.add(tell),
    off: (event, tell) => listeners.delete(tell),
  };
}

/* Show every figure of the page. */
function show() {
  for (const el of document.querySelectorAll("[data-live]")) {
    const name = el.dataset.live;
    render({ model: pageModel(name), el });
    if (location.hash.startsWith(`#live-${name}?`)) el.scrollIntoView({ block: "center" });
  }
}

if (typeof document !== "undefined") show();

export default { render };
