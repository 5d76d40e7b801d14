// On every page of the child: nothing stays behind on the tablet, one press is one press, help opens without a network.

let sent = false;

// A page that left the screen is emptied; one that comes back from the browser's memory is asked for anew.
addEventListener("pagehide", () => document.querySelectorAll("form").forEach(empty));
addEventListener("pageshow", (event) => event.persisted && location.reload());

function empty(form) {
  for (const field of form.querySelectorAll("input:not([type=hidden]), textarea")) {
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
const sheets = [...document.querySelectorAll(".overlay")];
let opener = null;

function open(sheet) {
  opener = document.activeElement;
  sheet.classList.add("open");
  behind(true, sheet);
  sheet.querySelector("h2").focus();
}

function close(sheet) {
  sheet.classList.remove("open");
  behind(false, sheet);
  opener?.focus();
}

function behind(inert, sheet) {
  for (const part of document.body.children) if (part !== sheet) part.inert = inert;
}

addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (!link) return;
  event.preventDefault();
  if ("close" in link.dataset) close(link.closest(".overlay"));
  else open(document.querySelector(link.hash));
});

addEventListener("keydown", (event) => {
  const sheet = sheets.find((one) => one.classList.contains("open"));
  if (event.key === "Escape" && sheet) close(sheet);
});
