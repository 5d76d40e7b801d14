// Read aloud: first what people recorded, else the tablet's own voice if it speaks exactly this language, else nothing.

const page = document.documentElement;
const lang = page.lang.toLowerCase();
const shape = document.querySelector("#listen").content.firstElementChild;
const player = new Audio();
const speaks = (voice) => voice.localService && `${voice.lang.toLowerCase().replace("_", "-")}-`.startsWith(`${lang}-`);
const places = [...document.querySelectorAll("main, .overlay")];
const buttons = new Map(places.map((place) => [place, button(place)]));
const device = globalThis.speechSynthesis;
let own = device?.getVoices().find(speaks);
let run = 0; // what was begun before the newest run ends quietly
let next = null;

const here = () => places.find((place) => place.matches(".open")) ?? places[0];
const audible = (part) => part.dataset.say || own;
const parts = (place) => [...place.querySelectorAll("[data-say]")].filter((part) => audible(part) && part.checkVisibility());

function button(place) {
  const made = shape.cloneNode(true);
  made.addEventListener("click", () => (made.ariaPressed === "true" ? stop() : read(parts(place), made)));
  const path = place.querySelector(".path");
  if (path) path.append(made);
  else (place.querySelector(".sheet") ?? place).prepend(made);
  return made;
}

async function read(all, pressed, unasked) {
  stop();
  const mine = run;
  let heard = 0;
  pressed.ariaPressed = "true";
  page.dataset.reading = "";
  for (const part of all) {
    part.classList.add("reading");
    part.scrollIntoView({ block: "nearest" });
    heard += await said(part);
    part.classList.remove("reading");
    if (run !== mine) return;
  }
  stop();
  if (!heard && !unasked) silent(pressed);
}

// One part, to its end: 1 if it was heard. Whatever goes wrong, the reading goes on with the next.
async function said(part) {
  if (part.dataset.say && (await ended(player, () => play(address(part))))) return 1;
  if (!own) return 0;
  const words = Object.assign(new SpeechSynthesisUtterance(part.textContent), { voice: own, lang: own.lang, rate: 0.9 });
  return Number(await ended(words, () => device.speak(words)));
}

function address(part) {
  const [said, mark] = part.dataset.say.split(" ");
  return `/voice/${page.lang}/${said}.mp3?v=${mark}`;
}

const play = (source) => {
  player.src = source;
  return player.play();
};

function ended(sound, begin) {
  return new Promise((done) => {
    next = done;
    sound.onended = sound.onend = () => done(true);
    sound.onerror = () => done(false);
    Promise.resolve(begin()).catch(() => done(false));
  });
}

function stop() {
  run += 1;
  player.pause();
  device?.cancel();
  next?.(false);
  delete page.dataset.reading;
  for (const one of document.querySelectorAll(".listen, .hear-one")) one.ariaPressed = "false";
}

function silent(pressed) {
  const words = Object.assign(document.createElement("p"), { className: "silent", role: "status", textContent: shape.dataset.silent });
  document.querySelector(".silent")?.remove();
  pressed.after(words);
}

// A new step, a sheet that opens: the old reading ends. With "read to me" the new one begins by itself.
function arrive() {
  if ("reading" in page.dataset) stop();
  document.querySelector(".silent")?.remove();
  const [place, all] = [here(), parts(here())];
  buttons.get(place).hidden = !all.length;
  if (place === places[0]) speakers(all);
  if (page.dataset.read && all.length) read(all, buttons.get(place), true).then(prepare);
}

// The youngest have a small speaker beside every answer; a short chip would be all speaker, so it has none.
function speakers(all) {
  if (page.dataset.age !== "10-12") return;
  for (const part of all) {
    const label = part.closest(".choice:not(.chip)");
    if (!label || label.querySelector(".hear-one")) continue;
    const one = Object.assign(shape.cloneNode(true), { className: "hear-one", tabIndex: -1, ariaHidden: "true" });
    one.addEventListener("click", () => (one.ariaPressed === "true" ? stop() : read([part], one)));
    label.append(one);
  }
}

function prepare() {
  const parts = document.querySelectorAll(".step:not([hidden]) + .step [data-say*=' ']");
  for (const part of parts) Object.assign(new Audio(), { preload: "auto", src: address(part) });
}

const later = (work) => () => requestAnimationFrame(() => setTimeout(work)); // first the new screen, then its voice
addEventListener("step", later(arrive));
addEventListener("covered", stop);
addEventListener("pagehide", stop);
device?.addEventListener("voiceschanged", () => {
  const known = own;
  own = device.getVoices().find(speaks);
  if (!known && own) arrive();
});
arrive();
