// The reply page: show what the child will read, and say while typing which sentence is long.
const form = document.querySelector("[data-reply]");
const hints = document.querySelector("[data-hints]");
const parts = ["wished", "decided", "because", "next_step"];

function* longSentences(text, most) {
  for (const sentence of text.split(/[.!?…؟]+/u)) {
    const words = sentence.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? [];
    if (words.length > most) yield { start: words.slice(0, 4).join(" ") + " …", n: words.length };
  }
}

function show() {
  const list = hints.querySelector("ul");
  list.replaceChildren();
  for (const name of parts) {
    const text = form.elements[name].value.trim();
    const place = document.querySelector(`[data-part=${name}]`);
    place.textContent = text;
    place.hidden = !text;
    for (const { start, n } of longSentences(text, Number(hints.dataset.most))) {
      const item = document.createElement("li");
      item.textContent = hints.dataset.words.replace("…", start).replace("#", n);
      list.append(item);
    }
  }
  hints.querySelector("[data-fine]").hidden = list.childElementCount > 0;
}

if (form && hints) form.addEventListener("input", show);
