// The first page: hear the name of a language where it stands. Without script the same link opens the sound.

const voice = new Audio();

addEventListener("click", (event) => {
  const link = event.target.closest("[data-hear]");
  if (!link) return;
  event.preventDefault();
  voice.src = link.href;
  voice.play().catch(() => {}); // nothing to hear, nothing to say: the name stands there, too
});
