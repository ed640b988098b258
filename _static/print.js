// On paper nothing can be unfolded: what is folded opens for printing, and folds again after it.
window.addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("article details:not([open], .code-fold)")) {
    part.open = true;
    part.dataset.printed = "";
  }
});
window.addEventListener("afterprint", () => {
  for (const part of document.querySelectorAll("details[data-printed]")) {
    part.open = false;
    delete part.dataset.printed;
  }
});
