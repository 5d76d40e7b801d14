// The last page closes itself, so that nobody finds it on a shared tablet; not while it is read, by eye, finger or voice.

const link = document.querySelector("[data-leave]");
let timer = 0;

function wait() {
  clearTimeout(timer);
  timer = setTimeout(leave, link.dataset.leave * 1000);
}

function leave() {
  if ("reading" in document.documentElement.dataset) return wait();
  location.replace(link.href);
}

for (const sign of ["pointerdown", "keydown", "scroll"]) addEventListener(sign, wait, { capture: true, passive: true });
wait();
