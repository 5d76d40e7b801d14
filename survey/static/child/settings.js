// Larger letters, stronger colours, reading aloud: at once, and told to the server for the next page.

const page = document.documentElement.dataset;
const form = document.querySelector("#look form");

function apply() {
  const { size, contrast, read } = Object.fromEntries(new FormData(form));
  page.size = size;
  if (contrast === "more") page.contrast = contrast;
  else delete page.contrast;
  if (read === "on") page.read = read;
  else delete page.read;
}

form.addEventListener("change", () => {
  apply();
  fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual", keepalive: true }).catch(() => {});
});

// "Done" closes the menu; nothing is loaded anew, and nothing said is lost.
form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
  history.back();
});
