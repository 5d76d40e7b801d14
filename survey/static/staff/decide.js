// The decision page: say at once when a decision differs from the wish, and show the answer as it grows.
// Everything here is also checked, or drafted, by the server.
const form = document.querySelector("[data-decision]");
const letter = document.querySelector("[data-letter]");
const wish = document.querySelector("[data-wish]")?.dataset.wish ?? "";

const chosen = () => form.querySelector("[name=option]:checked");
const reasons = () => [...form.querySelectorAll("[name=reasons]:checked")];

function write(part, words) {
  const place = letter.querySelector(`[data-part=${part}]`);
  place.textContent = words || place.dataset.blank || "";
  place.lang = words ? letter.dataset.lang : document.documentElement.lang; // a draft speaks the child's language
  place.classList.toggle("blank", !words);
  place.hidden = !place.textContent;
}

function show() {
  const option = chosen();
  const differs = Boolean(option) && wish !== "" && option.value !== wish;
  const same = Boolean(option) && wish !== "" && option.value === wish;
  form.querySelector("[data-reasons]").hidden = same && reasons().length === 0;
  form.querySelector("[data-reasons]").classList.toggle("asked", differs && reasons().length === 0);
  letter.hidden = !option;
  if (!option) return;
  write("wished", letter.dataset.wished);
  write("decided", option.dataset.decided);
  write("because", same ? letter.dataset.same : reasons().map((one) => one.dataset.because).join(" "));
}

if (form && letter) {
  form.addEventListener("change", show);
  show();
}
