/* What every harness does: it takes jobs from the server, one after another, and does each in a
   frame of its own. A script of a check adds to `looks` what is looked at on a page in sight, or
   to `tasks` a job of another kind. */
const looks = {}, tasks = {}, PATIENCE = 60000;
const wait = ms => new Promise(done => setTimeout(done, ms));
const tick = inside => new Promise(done => inside.requestAnimationFrame(done));

/* What a condition gives, as soon as it holds; what it gives at the limit if it does not. */
async function until(inside, condition, limit = PATIENCE) {
  const end = performance.now() + limit;
  while (!condition() && performance.now() < end) await tick(inside);
  return condition();
}

/* After this, listeners and observers have seen the page as it is, and what they changed is set. */
async function drawn(inside) {
  await tick(inside);
  await new Promise(done => {
    const observer = new inside.IntersectionObserver(() => { observer.disconnect(); done(); });
    observer.observe(inside.document.documentElement);
  });
  await tick(inside);
}

const loaded = frame => new Promise(done => {
  frame.addEventListener("load", done, {once: true});
});

/* An address in a new frame, until it is loaded. */
async function open(address, width, height = 900) {
  const frame = Object.assign(document.createElement("iframe"), {width, height});
  const ready = loaded(frame);
  frame.src = address;
  document.body.append(frame);
  await ready;
  await frame.contentDocument.fonts.ready;
  await drawn(frame.contentWindow);
  return frame;
}

/* Which of these heights have no mark in the page's contents. */
async function unmarked(inside, tops) {
  const nav = inside.document.querySelector(".bd-toc-nav"), lost = [];
  if (!nav?.querySelector("a.nav-link[href^='#']")) return lost;
  for (const top of tops) {
    inside.scrollTo({top, behavior: "instant"});
    await drawn(inside);
    if (!await until(inside, () => nav.querySelector("[aria-current='true']"), 500)) lost.push(top);
  }
  return lost;
}

/* A page opened once, with all looks at it: the widest first. */
tasks.page = async ({page, sights}) => {
  const frame = await open("/" + page, sights[0][0]), seen = [];
  for (const [width, name] of sights) {
    if (Number(frame.width) !== width) {
      frame.width = width;
      await drawn(frame.contentWindow);
    }
    seen.push(await looks[name](frame.contentWindow, width));
  }
  return seen;
};

async function work() {
  for (let job; (job = await (await fetch("/job")).json());) {
    const [number, {kind, ...what}] = job;
    const slow = wait(1000 * given.seconds).then(() => { throw Error("not done in time"); });
    const report = await Promise.race([tasks[kind](what), slow]).then(
      done => ({done}), error => ({error: String(error)}));
    document.querySelectorAll("iframe").forEach(frame => frame.remove());
    await fetch("/report", {method: "POST", body: JSON.stringify([number, report])});
  }
}
