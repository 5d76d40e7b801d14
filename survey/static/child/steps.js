// One step at a time. The page is complete without this: here questions become screens, and unanswered is "skipped".

const form = document.querySelector("form[data-steps]");
const steps = [...form.querySelectorAll(".step")];
const [back, next, finish] = ["back", "next", "finish"].map((name) => form.querySelector(`[data-${name}]`));
const path = document.createElement("div");
const stones = path.appendChild(document.createElement("ol"));
const said = path.appendChild(document.createElement("p"));
const conditional = steps.filter((step) => step.dataset.relevant);
let evaluate = () => true;
let way = []; // the steps that are asked now
let at = 0;
let scrolled = false; // remembered, because asking the page where it is makes it lay everything out
let owed = null; // what is done when the new step is on the screen: the tablet's history, the focus

const idle = globalThis.requestIdleCallback ?? ((work) => requestAnimationFrame(() => setTimeout(work)));

function start() {
  path.className = "path";
  stones.className = "stones";
  stones.ariaHidden = "true";
  said.className = "out-of-sight";
  said.id = "said";
  for (const step of steps) step.hidden = true;
  at = first();
  show(at);
  form.insertBefore(path, steps[0]);
  form.dataset.ready = "";
  owed = () => history.replaceState({ at, deep: 0 }, "");
  idle(settle, { timeout: 100 });
  if (conditional.length) idle(() => import(form.dataset.evaluate).then((module) => mark(({ evaluate } = module))));
}

function first() {
  const wrong = steps.findIndex((step) => "wrong" in step.dataset);
  if (wrong >= 0) return wrong;
  if (steps[form.dataset.at]) return Number(form.dataset.at); // the page came back in another language
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
  if (!conditional.length) return steps;
  const all = answers();
  return steps.filter((step) => !step.dataset.relevant || evaluate(JSON.parse(step.dataset.relevant), all));
}

// ---- walking ----

function show(index) {
  steps[at].hidden = true;
  at = index;
  steps[at].hidden = false;
  mark();
  if (scrolled) scrollTo(0, 0);
  scrolled = false;
}

// A tap shows the new step at once. What cannot be seen waits until it is there, but never for the next tap.
function arrive(index, state) {
  settle();
  show(index);
  owed = () => {
    if (state) history.pushState(state, "");
    begin(steps[at].querySelector("h2"));
  };
  idle(settle, { timeout: 100 });
}

function settle() {
  const work = owed;
  owed = null;
  work?.();
}

function begin(heading) {
  heading.tabIndex = -1;
  heading.setAttribute("aria-describedby", said.id);
  heading.focus({ preventScroll: true });
  dispatchEvent(new Event("step"));
}

function mark() {
  way = relevant();
  const last = way.at(-1) === steps[at];
  back.hidden = way[0] === steps[at];
  next.hidden = last;
  finish.hidden = !last;
  next.firstChild.hidden = !(next.lastChild.hidden = answered(steps[at]));
  place();
}

// A moment of rest is no question: it stands on the stone of the question before it.
function place() {
  const counted = way.filter((step) => !step.matches(".rest"));
  const here = counted.findLastIndex((step) => steps.indexOf(step) <= at);
  while (stones.childElementCount > counted.length) stones.lastChild.remove();
  while (stones.childElementCount < counted.length) stones.append(document.createElement("li"));
  [...stones.children].forEach((stone, n) => paint(stone, n < here ? "been" : n === here ? "now" : ""));
  const words = (form.dataset.said ?? "").replace("{n}", here + 1).replace("{all}", counted.length);
  if (said.textContent !== words) said.textContent = words;
}

function paint(stone, name) {
  if (stone.className !== name) stone.className = name;
}

function forward() {
  settle();
  const to = way[way.indexOf(steps[at]) + 1];
  if (!to) return form.requestSubmit(finish);
  if (!answered(steps[at])) skip(steps[at]);
  arrive(steps.indexOf(to), { at: steps.indexOf(to), deep: (history.state?.deep ?? 0) + 1 });
}

function skip(step) {
  const unsaid = step.querySelector("[value='~SK']");
  if (unsaid) unsaid.checked = true;
}

// The tablet's own back button goes one question back; ours never leaves the page.
function backward() {
  settle();
  if (history.state?.deep) return history.back();
  arrive(steps.indexOf(way[way.indexOf(steps[at]) - 1]));
}

addEventListener("scroll", () => (scrolled = true), { passive: true });
addEventListener("keydown", settle, true); // whoever types is where the focus is
form.addEventListener("formdata", ({ formData }) => formData.has("at") && formData.set("at", at));
next.addEventListener("click", forward);
back.addEventListener("click", backward);
// A sheet that opens or closes leaves the question where it is.
addEventListener("popstate", ({ state }) => {
  if (state?.at !== undefined && state.at !== at) arrive(state.at);
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
