// One step at a time. The page is complete without this: here questions become screens, and unanswered is "skipped".

const form = document.querySelector("form[data-steps]");
const steps = [...form.querySelectorAll(".step")];
const [back, next, finish] = ["back", "next", "finish"].map((name) => form.querySelector(`[data-${name}]`));
const stones = form.insertBefore(document.createElement("ol"), form.querySelector(".step"));
const said = form.insertBefore(document.createElement("p"), stones);
const conditional = steps.filter((step) => step.dataset.relevant);
let evaluate = () => true;
let at = 0;

function start() {
  stones.className = "stones";
  stones.ariaHidden = "true";
  said.className = "out-of-sight";
  form.dataset.ready = "";
  history.replaceState({ at: first(), deep: 0 }, "");
  show(first());
  if (conditional.length) import(form.dataset.evaluate).then((module) => ({ evaluate } = module));
}

function first() {
  const wrong = steps.findIndex((step) => "wrong" in step.dataset);
  if (wrong >= 0) return wrong;
  return Math.max(0, steps.findIndex((step) => !("seen" in step.dataset)));
}

// ---- what was said ----

const chosen = (step) => step.querySelector(":scope > :not(.share) :checked");
const text = (step) => step.querySelector("textarea")?.value.trim();
const answered = (step) => !step.matches("fieldset") || Boolean(chosen(step) || text(step));

function answers() {
  const all = { age_group: form.dataset.ageGroup, wave: form.dataset.wave };
  for (const step of steps) {
    const value = chosen(step)?.value ?? "";
    if (step.dataset.name && value && !value.startsWith("~")) all[step.dataset.name] = value;
  }
  return all;
}

function relevant() {
  const all = answers();
  return steps.filter((step) => !step.dataset.relevant || evaluate(JSON.parse(step.dataset.relevant), all));
}

// ---- walking ----

function show(index, focus = false) {
  at = index;
  steps.forEach((step, n) => (step.hidden = n !== at));
  mark();
  if (!focus) return;
  scrollTo(0, 0);
  const heading = steps[at].querySelector("h2");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

function mark() {
  const way = relevant();
  const here = way.indexOf(steps[at]);
  const last = here === way.length - 1;
  back.hidden = here === 0;
  next.hidden = last;
  finish.hidden = !last;
  next.textContent = answered(steps[at]) ? next.dataset.go : next.dataset.skip;
  stones.replaceChildren(...way.map((_, n) => stone(n, here)));
  said.textContent = (form.dataset.said ?? "").replace("{n}", here + 1).replace("{all}", way.length);
}

function stone(n, here) {
  const made = document.createElement("li");
  made.className = n < here ? "been" : n === here ? "now" : "";
  return made;
}

function forward() {
  const way = relevant();
  const to = way[way.indexOf(steps[at]) + 1];
  if (!to) return form.requestSubmit(finish);
  if (!answered(steps[at])) skip(steps[at]);
  history.pushState({ at: steps.indexOf(to), deep: (history.state?.deep ?? 0) + 1 }, "");
  show(steps.indexOf(to), true);
}

function skip(step) {
  const unsaid = step.querySelector("[value='~SK']");
  if (unsaid) unsaid.checked = true;
}

// The tablet's own back button goes one question back; ours never leaves the page.
function backward() {
  if (history.state?.deep) return history.back();
  const way = relevant();
  show(steps.indexOf(way[way.indexOf(steps[at]) - 1]), true);
}

next.addEventListener("click", forward);
back.addEventListener("click", backward);
// A sheet that opens or closes leaves the question where it is.
addEventListener("popstate", ({ state }) => {
  if (state?.at !== undefined && state.at !== at) show(state.at, true);
});

// Enter goes on; it never ends the visit by surprise.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input")) return;
  event.preventDefault();
  if (!next.hidden) forward();
});

form.addEventListener("input", ({ target }) => {
  const step = target.closest(".step");
  if (target.matches("textarea")) typed(step, target);
  else if (target.name.endsWith(".missing")) forget(step);
  mark();
  if (target.closest(".step > .choices")) step.querySelector(".share")?.scrollIntoView({ block: "nearest" });
});

// ---- own words ----

// Own words and "I don't know" exclude each other: the later one counts.
function typed(step, area) {
  if (area.value.trim()) step.querySelectorAll(":checked").forEach((radio) => (radio.checked = false));
  count(area);
}

function forget(step) {
  const area = step.querySelector("textarea");
  area.value = "";
  count(area);
}

function count(area) {
  const counter = area.parentElement.querySelector(".counter");
  const left = Number(counter.dataset.most) - [...area.value].length;
  counter.hidden = left > 100;
  counter.classList.toggle("over", left < 0);
  counter.textContent = counter.dataset[left < 0 ? "over" : "left"].replace("{n}", Math.abs(left));
}

form.querySelectorAll("textarea").forEach(count);
start();
