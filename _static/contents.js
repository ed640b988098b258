/* The page's contents show the section that is being read, however long it is. */
document.addEventListener("DOMContentLoaded", () => {
  const links = [...document.querySelectorAll(".bd-toc-nav a.nav-link[href^='#']")];
  const pairs = links
    .map(link => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))])
    .filter(([, section]) => section);
  if (!pairs.length) return;
  let current = null, waiting = false;
  const mark = () => {
    waiting = false;
    const line = innerHeight * 0.25;
    const passed = pairs.filter(([, section]) => section.getBoundingClientRect().top <= line);
    current = (passed.pop() || pairs[0])[0];
    for (const link of links) {
      const on = link === current || link.closest("li").contains(current);
      link.classList.toggle("active", on);
      if (link === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const later = () => { if (!waiting) { waiting = true; requestAnimationFrame(mark); } };
  addEventListener("scroll", later, {passive: true});
  addEventListener("resize", later, {passive: true});
  /* The theme's own observer clears marks of sections that are longer than the window. */
  const nav = document.querySelector(".bd-toc-nav");
  new MutationObserver(() => {
    if (current && !current.classList.contains("active")) later();
  }).observe(nav, {subtree: true, attributes: true, attributeFilter: ["class"]});
  mark();
});
