// What every page improves: move to the error summary, print, and never send a form twice.
document.querySelector("[data-focus]")?.focus();

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "get" || "again" in form.dataset) return; // a download leaves the page as it is
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

// A page that comes back from the browser's memory must be usable again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
