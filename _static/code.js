/* One switch in the header opens or folds all code of the page, and of the next ones. */
document.addEventListener("DOMContentLoaded", () => {
  const folds = [...document.querySelectorAll("details.code-fold")];
  const bar = document.querySelector(".article-header-buttons");
  if (!folds.length || !bar) return;
  const key = "show-code";
  const button = document.createElement("button");
  button.className = "btn btn-sm code-switch";
  button.type = "button";
  bar.prepend(button);
  const show = on => {
    for (const fold of folds) fold.open = on;
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? "Hide all code" : "Show all code";
    try { localStorage.setItem(key, on ? "yes" : "no"); } catch { /* storage may be off */ }
  };
  let kept = "no";
  try { kept = localStorage.getItem(key) || "no"; } catch { /* storage may be off */ }
  button.addEventListener("click", () => show(button.getAttribute("aria-pressed") !== "true"));
  show(kept === "yes");
  /* A link into folded code opens it. */
  const target = () => document.querySelector(":target")?.closest("details.code-fold");
  const reveal = () => { const fold = target(); if (fold) fold.open = true; };
  addEventListener("hashchange", reveal);
  reveal();
});
