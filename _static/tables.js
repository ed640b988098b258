/* Filters for the tables of replications and of results: no network, usable by keyboard. */
const option = text => Object.assign(document.createElement("option"), {textContent: text});

function labelled(text, control) {
  const label = document.createElement("label");
  label.append(text + " ", control);
  return label;
}

function chooser(rows, key, text) {
  const select = document.createElement("select");
  const values = [...new Set(rows.map(row => row.dataset[key]).filter(Boolean))].sort();
  select.append(option("all"), ...values.map(option));
  select.dataset.key = key;
  return labelled(text, select);
}

/* A search field and one choice per key; `shown` hears how many rows are left. */
function toolbar(rows, keys, shown) {
  const bar = document.createElement("form"), count = document.createElement("output");
  const search = Object.assign(document.createElement("input"), {type: "search"});
  bar.className = "table-filter";
  bar.setAttribute("role", "search");
  bar.append(labelled("search", search), ...keys.map(([k, text]) => chooser(rows, k, text)), count);
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const picks = [...bar.querySelectorAll("select")].filter(s => s.selectedIndex > 0);
    let left = 0;
    for (const row of rows) {
      const text = (row.id + " " + row.textContent).toLowerCase();
      const on = words.every(w => text.includes(w))
        && picks.every(s => row.dataset[s.dataset.key] === s.value);
      row.hidden = !on;
      left += on;
    }
    count.value = left + " of " + rows.length + " rows";
    shown(left);
  };
  bar.addEventListener("input", apply);
  bar.addEventListener("submit", event => event.preventDefault());
  apply();
  return bar;
}

function replications(tables) {
  const rows = tables.flatMap(table => [...table.tBodies[0].rows]);
  for (const row of rows) row.dataset.paper = row.closest("table").dataset.paper;
  const homes = rows.map(row => row.parentElement);
  const sections = [...tables[0].closest("section").parentElement.children].filter(
    e => e.matches("section"));  // of papers without a tested number too
  const all = tables[0].cloneNode(false), body = document.createElement("tbody");
  all.append(tables[0].tHead.cloneNode(true), body);
  all.hidden = true;
  const differs = Object.assign(document.createElement("input"), {type: "checkbox"});
  const tidy = () => {
    const whole = rows.every(row => !row.hidden);
    for (const section of sections) {
      const left = section.querySelector("table.replications tbody tr:not([hidden])");
      section.hidden = differs.checked || !(whole || left);
      const fold = section.querySelector("details.paper");
      if (fold) fold.open = !whole && Boolean(left);  // what was asked for is shown
    }
  };
  const bar = toolbar(rows, [["paper", "paper"], ["law", "law"], ["model", "model"],
                             ["kind", "kind"], ["verdict", "verdict"]], tidy);
  bar.append(labelled("differs most first", differs));
  differs.addEventListener("change", () => {
    if (differs.checked) body.append(...[...rows].sort((a, b) => off(b) - off(a)));
    else rows.forEach((row, i) => homes[i].append(row));
    all.hidden = !differs.checked;
    tidy();
  });
  for (const table of tables) byDifference(table);
  const before = sections[0].parentElement.querySelector("h2");
  before.after(bar, all);
  for (const row of rows) {
    const button = Object.assign(document.createElement("button"),
                                 {type: "button", textContent: "copy citation"});
    button.addEventListener("click", () => copy(row, button));
    row.lastElementChild.append(button);
  }
  reveal();
}

const off = row => parseFloat(row.dataset.off) || 0;

/* The heading over the relative differences sorts the numbers of one paper, and sorts them back. */
function byDifference(table) {
  const head = table.tHead.rows[0].cells[3], rows = [...table.tBodies[0].rows];
  const button = Object.assign(document.createElement("button"),
                               {type: "button", textContent: head.textContent});
  head.replaceChildren(button);
  button.addEventListener("click", () => {
    const sorted = head.getAttribute("aria-sort") === "descending";
    if (sorted) head.removeAttribute("aria-sort");
    else head.setAttribute("aria-sort", "descending");
    table.tBodies[0].append(...(sorted ? rows : [...rows].sort((a, b) => off(b) - off(a))));
  });
}

async function copy(row, button) {
  const cell = n => row.cells[n].firstChild.textContent.trim();
  const meta = name => document.querySelector(`meta[name='${name}']`)?.content;
  const book = document.querySelector("meta[property='og:site_name']")?.content || document.title;
  const text = `${row.dataset.cite}: published ${cell(1)}, ours ${cell(2)}. ${book}, `
    + `version ${meta("book_version")} (${meta("citation_publication_date")}), replication `
    + `${row.id}, ${location.origin}${location.pathname}#${row.id}`;
  await navigator.clipboard?.writeText(text);
  button.textContent = "copied";
  setTimeout(() => { button.textContent = "copy citation"; }, 1500);
}

/* A number that stands inside a folded list is opened when a link leads to it. */
function reveal() {
  const name = decodeURIComponent(location.hash.slice(1));
  const target = name ? document.getElementById(name) : null;
  for (let box = target?.closest("details"); box; box = box.parentElement.closest("details"))
    box.open = true;
  target?.scrollIntoView();
}

function sortable(table) {
  for (const [n, head] of [...table.tHead.rows[0].cells].entries()) {
    const button = Object.assign(document.createElement("button"),
                                 {type: "button", textContent: head.textContent});
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const value = row => row.cells[n].dataset.value ?? row.cells[n].textContent;
      const order = (a, b) => (a === "") - (b === "") || a - b || String(a).localeCompare(b);
      const rows = [...table.tBodies[0].rows].sort((a, b) => order(value(a), value(b)));
      table.tBodies[0].append(...(down ? rows.reverse() : rows));
    });
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const published = [...document.querySelectorAll("table.replications")];
  if (published.length) replications(published);
  for (const table of document.querySelectorAll("table.results")) {
    const rows = [...table.tBodies[0].rows];
    table.before(toolbar(rows, [["law", "law"], ["data", "data set"], ["model", "model"],
                                ["status", "status"]], () => {}));
    sortable(table);
  }
  addEventListener("hashchange", reveal);
});
