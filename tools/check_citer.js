/* A look-up: clicks from the first page, then a place that must be in sight and say something. */

/* Until nothing has moved for some frames; scrolling is smooth and may start late. */
async function still(inside, frames = 12) {
  for (let at = -1, same = 0; same < frames; await tick(inside)) {
    same = at === inside.scrollY ? same + 1 : 0;
    at = inside.scrollY;
  }
}

async function act(frame, [kind, one, two]) {
  const page = frame.contentDocument;
  if (kind === "click") {
    const target = page.querySelector(one), leaves = target.matches("a:not([href^='#'])");
    const ready = leaves ? loaded(frame) : null;
    if (!leaves) target.scrollIntoView({behavior: "instant"});  // as a reader scrolls to it
    target.click();
    await ready;
  } else {
    const control = page.querySelector(
      kind === "pick" ? `.table-filter select[data-key=${one}]`
                      : ".table-filter input[type=search]");
    control.value = kind === "pick" ? two : one;
    if (control.selectedIndex === -1) throw Error("no such choice: " + two);
    control.dispatchEvent(new Event("input", {bubbles: true}));
    control.scrollIntoView({behavior: "instant"});
  }
  await drawn(frame.contentWindow);
  await still(frame.contentWindow);
}

tasks.check_citer = async ({clicks, selector, text}) => {
  const frame = await open("/index.html", 1300);
  for (const one of clicks) await act(frame, one);
  const wrong = () => {
    const place = frame.contentDocument.querySelector(selector);
    if (!place) return "nothing there";
    const box = place.getBoundingClientRect();
    if (!box.height || box.top > 900 || box.bottom < 0)
      return `not in sight (${Math.round(box.top)} px)`;
    return place.textContent.includes(text) ? "" : place.textContent.trim().slice(0, 80);
  };
  await until(frame.contentWindow, () => !wrong(), 3000);
  return wrong();
};
