// On every page of the child: nothing stays behind on the tablet, one press is one press, help opens without a network.

let sent = false;
let unsent = Boolean(document.querySelector("#visit .wrong, #visit[data-kept]")); // a page that came back with a mistake holds answers

// A page that left the screen is emptied; one that comes back from the browser's memory is asked for anew.
addEventListener("pagehide", () => {
  unsent = false;
  document.querySelectorAll("form").forEach(empty);
});
addEventListener("pageshow", (event) => event.persisted && location.reload());

function empty(form) {
  for (const field of form.querySelectorAll("input:not([type=hidden]), input[name$='.spoken'], textarea")) {
    if (field.type === "radio") field.checked = field.defaultChecked = false;
    else field.value = field.defaultValue = "";
  }
}

// Two taps on a button are one; after ten seconds without an answer the button works again.
addEventListener("submit", (event) => {
  if (sent) return event.preventDefault();
  if (event.defaultPrevented) return;
  sent = true;
  setTimeout(() => (sent = false), 10_000);
});

// Whoever reloads or leaves while something is said and not sent is asked first; sending is never asked about.
addEventListener("input", ({ target }) => (unsent ||= target.form?.id === "visit" && target.name !== "practice"));
addEventListener("beforeunload", (event) => unsent && !sent && event.preventDefault());

// Signs that no database can keep never leave the page: NUL and its kind, halves of broken emoji.
const BROKEN = /[\0-\x08\x0B-\x1F\x7F-\x9F\uFDD0-\uFDEF\uFFFE\uFFFF]/g;
const whole = (text) => (text.toWellFormed ? text.toWellFormed() : text).replace(BROKEN, "");

addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) {
    if (typeof value === "string" && value !== whole(value.replace(/\r\n?/g, "\n"))) {
      formData.set(name, whole(value.replace(/\r\n?/g, "\n")));
    }
  }
});

// "I want to talk to someone" and "Stop" lie in the page already; without script the address (#talk) shows them.
// An open sheet is one step in the browser's history: Back closes it, and does nothing else.
const sheets = [...document.querySelectorAll(".overlay")];
const shown = () => sheets.find((one) => one.classList.contains("open"));
let opener = null;
let leaving = false;

if (history.state?.sheet) history.replaceState(null, ""); // the page was loaded anew: no sheet is open

function open(sheet) {
  opener = document.activeElement;
  sheet.classList.add("open");
  behind(true, sheet);
  dispatchEvent(new Event("step"));
  sheet.querySelector("h2").focus();
}

function close(sheet) {
  sheet.classList.remove("open");
  behind(false, sheet);
  dispatchEvent(new Event("step"));
  opener?.focus();
}

function behind(inert, sheet) {
  for (const part of document.body.children) if (part !== sheet && !part.matches(".hide")) part.inert = inert;
}

function call(sheet) {
  history.pushState({ ...history.state, sheet: sheet.id }, "");
  open(sheet);
}

function leave() {
  if (!leaving) history.back();
  leaving = true;
}

addEventListener("popstate", ({ state }) => {
  const [now, wanted] = [shown(), sheets.find((one) => one.id === state?.sheet)];
  leaving = false;
  if (now === wanted) return;
  if (now) close(now);
  if (wanted) open(wanted);
});

addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']:not([href='#cover'])");
  if (!link) return;
  event.preventDefault();
  if ("close" in link.dataset) leave();
  else call(document.querySelector(link.hash));
});

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown()) leave();
});

// A telephone calls the numbers on the help screen; a tablet shows them.
if (navigator.userAgentData?.mobile) {
  for (const number of document.querySelectorAll("bdi.number")) {
    const link = Object.assign(document.createElement("a"), { href: `tel:${number.textContent.replace(/[^+\d]/g, "")}`, target: "_blank" });
    link.append(...number.childNodes);
    number.append(link);
  }
}

// What can wait until the page is there; a page that is hidden does not wait.
const later = () => import(document.body.dataset.later);
if (sessionStorage.getItem("covered")) later();
else if (globalThis.requestIdleCallback) requestIdleCallback(later, { timeout: 1000 });
else setTimeout(later, 200);
