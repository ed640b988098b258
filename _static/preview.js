/* Hovering or focusing a link to an equation, a figure, a reference or a term shows it in place. */
document.addEventListener("DOMContentLoaded", () => {
  const article = document.querySelector("article");
  if (!article) return;
  const pages = new Map();
  const box = document.createElement("div");
  box.className = "preview";
  box.id = "preview";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  document.body.append(box);
  let shown = null, waiting = 0;

  /* The page that a link leads to, fetched once; this page is at hand. */
  function page(url) {
    const address = url.origin + url.pathname;
    if (address === location.origin + location.pathname) return Promise.resolve(document);
    if (!pages.has(address)) {
      pages.set(address, fetch(address).then(answer => (answer.ok ? answer.text() : ""))
        .then(text => new DOMParser().parseFromString(text, "text/html")).catch(() => null));
    }
    return pages.get(address);
  }

  /* What a link leads to, if it is small enough to be shown. */
  function part(inside, id) {
    const found = inside?.getElementById(id);
    if (!found) return null;
    if (found.matches("dt")) return [found, found.nextElementSibling];
    if (found.matches(".citation, figure, div.math, .proof, .exercise, .admonition")) return [found];
    const figure = found.closest("figure");
    return figure ? [figure] : null;
  }

  /* A copy without what can be clicked or has an address of its own. */
  function copy(element, url) {
    const made = document.importNode(element, true);
    made.querySelectorAll(".headerlink, .figure-files, button, script").forEach(e => e.remove());
    for (const e of [made, ...made.querySelectorAll("[id]")]) e.removeAttribute("id");
    for (const image of made.querySelectorAll("img")) {
      image.src = new URL(image.getAttribute("src"), url).href;
    }
    return made;
  }

  async function show(link) {
    const url = new URL(link.href);
    const parts = part(await page(url), decodeURIComponent(url.hash.slice(1)));
    if (!parts || shown !== link) return;
    box.replaceChildren(...parts.filter(Boolean).map(e => copy(e, url)));
    box.hidden = false;
    link.setAttribute("aria-describedby", box.id);
    const at = link.getBoundingClientRect(), below = at.bottom + box.offsetHeight + 12 < innerHeight;
    box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 16))}px`;
    box.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - box.offsetHeight - 6)}px`;
  }

  function hide() {
    clearTimeout(waiting);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    box.hidden = true;
  }

  function want(event) {
    const link = event.target.closest?.("a.reference.internal[href*='#'], a[href^='#equation-']");
    if (!link || link === shown) return;
    hide();
    shown = link;
    waiting = setTimeout(() => show(link), 250);
  }
  article.addEventListener("mouseover", want);
  article.addEventListener("focusin", want);
  article.addEventListener("mouseout", event => { if (event.target.closest?.("a") === shown) hide(); });
  article.addEventListener("focusout", hide);
  addEventListener("keydown", event => { if (event.key === "Escape") hide(); });
  addEventListener("scroll", hide, {passive: true});
});
