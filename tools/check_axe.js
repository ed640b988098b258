/* A page in axe, light and dark. What is made alike is shown once: formulas as a letter, a few
   rows of a table, and the text of folded code, whose colours nobody sees. */
const grave = v => ["serious", "critical"].includes(v.impact), ROWS = 12;

function lighter(page) {
  for (const formula of page.querySelectorAll(".katex")) formula.replaceWith("x");
  for (const body of page.querySelectorAll("tbody"))
    [...body.rows].slice(ROWS).forEach(row => row.remove());
  for (const code of page.querySelectorAll("details:not([open]) pre"))
    if (!code.querySelector("[id], a, [tabindex]")) code.textContent = code.textContent;
  const settled = page.createElement("style");  // colours change at once
  settled.textContent = "*, ::before, ::after { transition: none !important; }";
  page.head.append(settled);
}

/* The theme lets keys reach what scrolls, some time after a window has changed. */
const unreached = page => [...page.querySelectorAll("pre, .output")].filter(
  e => e.tabIndex < 0 && (e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight));

looks.check_axe = async inside => {
  const page = inside.document, found = [];
  await until(inside, () => !unreached(page).length, 1000);
  inside.scrollTo({top: 0, behavior: "instant"});
  lighter(page);
  inside.eval(given.axe);
  for (const mode of ["light", "dark"]) {
    page.documentElement.dataset.theme = mode;
    await drawn(inside);
    const only = mode === "dark" ? {runOnly: ["color-contrast"]} : {};
    const {violations} = await inside.axe.run(
      {exclude: given.theme.map(name => [name])}, {resultTypes: ["violations"], ...only});
    for (const v of violations.filter(grave))
      found.push(`(${mode}): ${v.id}, ${v.nodes.length} times: ${v.nodes[0].target[0]}`);
  }
  return found;
};
