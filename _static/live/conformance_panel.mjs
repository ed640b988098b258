/* A button that runs the published conformance file against this page's own modules. */
import { run } from "./conformance.mjs";
import { html, styled } from "./kit.mjs";

const here = () => document.querySelector('script[src*="live.js"]')?.src ?? location.href;

/* Fetches the file from this site, and tells how many cases pass. */
async function tell(result) {
  const began = performance.now();
  const answer = await fetch(new URL("live/conformance.json", here()));
  if (!answer.ok) throw new Error(`the file did not come: ${answer.status}`);
  const { cases, passed, failed } = run(await answer.json());
  const time = Math.round(performance.now() - began);
  result.textContent = `${passed} of ${cases} cases pass in this browser (${time} ms). `
    + failed.slice(0, 5).join("; ");
}

export const conformance = { render({ el }) {
  styled();
  el.classList.add("live");
  const result = html("p", { className: "live-result" });
  result.setAttribute("role", "status");
  const button = html("button", { type: "button", textContent: "Run the file in this browser" });
  button.addEventListener("click", () => {
    result.textContent = "Running.";
    tell(result).catch(error => { result.textContent = `It could not be run: ${error.message}.`; });
  });
  el.replaceChildren(html("div", { className: "live-buttons" }, button), result);
} };
