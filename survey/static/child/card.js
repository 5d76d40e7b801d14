// The code on a card: shown in its groups while it is typed, a typing mistake said before anything is sent.

const ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ";
const LOOK_ALIKES = { В: "B", С: "C", Н: "H", К: "K", М: "M", Р: "P", Т: "T", Х: "X", У: "Y" };
const LENGTH = 11;

const input = document.querySelector("#code");
const wrong = document.querySelector("#code-wrong");

document.documentElement.classList.add("js");

export function normal(typed) {
  const signs = [...typed.normalize("NFKC").toUpperCase()].map((sign) => LOOK_ALIKES[sign] ?? digit(sign));
  return signs.filter((sign) => /[\p{L}\p{N}]/u.test(sign)).join("");
}

// Digits of other scripts: every block of ten begins at a multiple the browser can tell us.
function digit(sign) {
  if (!/\p{Nd}/u.test(sign) || sign <= "9") return sign;
  let zero = sign.codePointAt(0);
  while (sign.codePointAt(0) - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(sign.codePointAt(0) - zero);
}

export function fits(code) {
  const places = [...code].map((sign) => ALPHABET.indexOf(sign));
  if (places.length !== LENGTH || places.includes(-1)) return false;
  const check = places.pop();
  return places.reduce((sum, place, n) => sum + (n + 1) * place, 0) % 29 === check;
}

const grouped = (code) => [code.slice(0, 3), code.slice(3, 7), code.slice(7, 11)].filter(Boolean).join(" ");

function say(mistake) {
  wrong.hidden = !mistake;
  if (mistake) wrong.textContent = wrong.dataset[mistake];
  input.setAttribute("aria-invalid", String(Boolean(mistake)));
}

function typed() {
  const atEnd = input.selectionStart === input.value.length;
  const code = normal(input.value);
  if (atEnd && code.length <= LENGTH) input.value = grouped(code);
  say(code.length >= LENGTH && !fits(code) && "mistyped");
}

input.addEventListener("input", typed);
input.form.addEventListener("submit", (event) => {
  if (fits(normal(input.value))) return;
  event.preventDefault();
  say(input.value.trim() ? "mistyped" : "empty");
  input.focus();
});

// A scanned card ends in #CODE: it is taken out of the address at once, and no server ever logs it.
function scanned() {
  const code = /^#([^=]{9,99})$/.exec(location.hash)?.[1];
  if (!code) return;
  input.value = grouped(normal(decodeURI(code)));
  history.replaceState(null, "", location.pathname + location.search);
  input.form.requestSubmit();
}

addEventListener("hashchange", scanned);
scanned();
