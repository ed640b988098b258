/* A figure opens large on click, touch or the enter key; escape or a click closes it. */
document.addEventListener("DOMContentLoaded", () => {
  const images = document.querySelectorAll("article figure img");
  if (!images.length || !window.HTMLDialogElement) return;
  const dialog = document.createElement("dialog");
  dialog.className = "enlarged";
  dialog.setAttribute("aria-label", "Figure, enlarged");
  const large = document.createElement("img");
  dialog.append(large);
  document.body.append(dialog);
  dialog.addEventListener("click", () => dialog.close());
  for (const image of images) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `enlarge ${image.classList.contains("only-dark") ? "only-dark" : ""} ${
      image.classList.contains("only-light") ? "only-light" : ""}`;
    button.setAttribute("aria-label", "Enlarge the figure");
    button.textContent = "\u2922";
    const open = () => {
      large.src = image.currentSrc || image.src;
      large.alt = image.alt;
      dialog.showModal();
    };
    button.addEventListener("click", open);
    image.addEventListener("click", open);
    image.after(button);
  }
});
