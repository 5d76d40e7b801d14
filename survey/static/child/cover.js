// One tap, and the screen shows an evening and a clock. Only the child's own picture brings the page back, where it was.

const IDLE = 60, REST = 10_000, MISTAKES = 3;
const cover = document.querySelector("#cover");
const [scene, clock, still, nine, on, anew] = cover.children;
const title = document.title;
let before = null; // where the child was: the step in the browser's history, the element with the focus
let timer = 0;
let wrong = Number(sessionStorage.getItem("mistakes")); // a reload does not forget them
let restsUntil = 0;

const up = () => cover.classList.contains("up");
const behind = (inert) => {
  for (const part of document.body.children) part.inert = part !== cover && (inert || sheet(part));
};
// What lies behind an open sheet stays behind it.
const sheet = (part) => Boolean(document.querySelector(".overlay.open")) && !part.matches(".open, .hide");

function hide() {
  if (up()) return;
  before = { state: history.state, focus: document.activeElement };
  cover.classList.add("up");
  behind(true);
  document.title = cover.ariaLabel;
  sessionStorage.setItem("covered", "1"); // beside the number of mistakes the only thing ever kept there
  history.pushState({ ...history.state, covered: true }, "", "#cover"); // a reload begins covered, before any script
  dispatchEvent(new Event("covered"));
  calm();
  scene.focus({ preventScroll: true });
}

function calm() {
  nine.hidden = on.hidden = true;
  clock.textContent = new Date().toTimeString().slice(0, 5);
}

function back() {
  cover.classList.remove("up");
  behind(false);
  document.title = title;
  still.textContent = "";
  forget();
  anew.hidden = true;
  history.back();
  before.focus?.focus({ preventScroll: true });
  wait();
}

function forget() {
  wrong = 0;
  for (const name of ["covered", "mistakes"]) sessionStorage.removeItem(name);
}

// Nobody can know a picture before one is chosen: then one button goes on.
function ask() {
  if (Date.now() < restsUntil) return;
  const own = Boolean(document.body.dataset.picture);
  nine.hidden = !own;
  on.hidden = own;
  (own ? nine.firstElementChild : on).focus({ preventScroll: true });
}

function choose(picture) {
  if (picture === document.body.dataset.picture) return back();
  wrong += 1;
  sessionStorage.setItem("mistakes", wrong);
  calm();
  scene.focus({ preventScroll: true });
  rest();
}

// Too many mistakes: ten seconds of rest, said in a sentence, then also a way out for whoever forgot the picture.
function rest() {
  const tooMany = wrong > 0 && wrong % MISTAKES === 0;
  still.textContent = tooMany ? still.dataset.rest : "";
  anew.hidden = tooMany || wrong < MISTAKES;
  if (!tooMany) return;
  restsUntil = Date.now() + REST;
  setTimeout(rested, REST);
}

function rested() {
  if (!up()) return;
  still.textContent = "";
  anew.hidden = false;
  ask();
}

// ---- nobody there ----

function wait() {
  clearTimeout(timer);
  const letter = document.querySelector(".step[data-idle]:not([hidden])"); // read slowly, like the pages of text
  timer = setTimeout(alone, (letter?.dataset.idle || cover.dataset.idle || IDLE) * 1000);
}

function alone() {
  if ("reading" in document.documentElement.dataset) return wait();
  if (up()) return;
  hide();
  still.textContent = document.body.dataset.picture ? still.dataset.own : still.dataset.any;
  ask();
}

for (const sign of ["pointerdown", "keydown", "input", "scroll", "step"]) addEventListener(sign, wait, { capture: true, passive: true });

// ---- what covers and what does not uncover ----

document.querySelector(".hide").addEventListener("click", (event) => {
  event.preventDefault();
  hide();
});
scene.addEventListener("click", ask);
on.addEventListener("click", back);
anew.addEventListener("submit", forget);
nine.addEventListener("click", ({ target }) => target.closest("button") && choose(target.closest("button").value));

let escaped = -1e9;
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.timeStamp - escaped < 1000) hide();
  escaped = event.key === "Escape" ? event.timeStamp : -1e9;
});
addEventListener("pointerdown", () => (escaped = -1e9), true); // a tap between them: two separate wishes

// Back leaves the cover up and the page behind it where it was.
addEventListener("popstate", ({ state }) => {
  if (!up() || state?.covered) return;
  history.pushState({ ...before.state, covered: true }, "", "#cover");
  if (state?.at !== before.state?.at) dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
});

setInterval(() => up() && nine.hidden && calm(), 20_000);
cover.dataset.ready = "";
wait();
if (sessionStorage.getItem("covered") || location.hash === "#cover") {
  history.replaceState({ ...history.state, covered: undefined }, "", location.pathname + location.search);
  hide();
  rest();
}
