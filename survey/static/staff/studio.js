// The recording studio: record, listen, save, next. Without this script the page takes a sound file.
// What is recorded becomes a WAV file in the form's own file field; the server cuts and evens it out.
const microphone = { stream: null, context: null, node: null };
let studio = null; // what is on the page now
let recording = false;
let pieces = [];
let loudest = 0;

const part = (name) => studio.querySelector(`[data-${name}]`);
const say = (what, seconds = "") => {
  part("status").textContent = studio.dataset[`says${what}`].replace("{seconds}", seconds);
};

function begin() {
  studio = document.querySelector("[data-studio]");
  if (!studio) return close();
  pieces = [];
  studio.addEventListener("submit", save);
  if (!window.isSecureContext) part("not-secure").hidden = false;
  else if (!navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode) part("no-microphone").hidden = false;
  else {
    part("recorder").hidden = false;
    part("record").addEventListener("click", toggle);
    studio.elements.sound.addEventListener("change", forget); // a chosen file takes the place of a recording
    draw();
  }
}

async function open() {
  if (microphone.stream?.active) return microphone.context.resume();
  say("Asking");
  const wish = { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: false };
  microphone.stream = await navigator.mediaDevices.getUserMedia({ audio: wish });
  microphone.context = new AudioContext();
  await microphone.context.audioWorklet.addModule(studio.dataset.capture);
  microphone.node = new AudioWorkletNode(microphone.context, "capture", { numberOfOutputs: 0 });
  microphone.node.port.onmessage = (event) => recording && hear(event.data);
  microphone.context.createMediaStreamSource(microphone.stream).connect(microphone.node);
  return microphone.context.resume();
}

function close() {
  microphone.stream?.getTracks().forEach((track) => track.stop());
  microphone.context?.close();
  microphone.stream = microphone.context = microphone.node = null;
}

async function toggle() {
  if (recording) return stop();
  part("record").disabled = true;
  try {
    await open();
  } catch (error) {
    close();
    return say({ NotAllowedError: "Denied", NotFoundError: "None" }[error.name] ?? "Busy");
  } finally {
    part("record").disabled = false;
    part("record").focus();
  }
  forget();
  studio.elements.sound.value = "";
  recording = true;
  label("to-stop");
  return say("Recording");
}

function forget() {
  pieces = [];
  loudest = 0;
  const take = part("take");
  if (take.src) URL.revokeObjectURL(take.src);
  take.removeAttribute("src");
  take.hidden = true;
  part("status").textContent = "";
  label("to-record");
  draw();
}

function hear(piece) {
  pieces.push(piece);
  loudest = piece.reduce((most, one) => Math.max(most, Math.abs(one)), loudest);
  draw();
  if (seconds() >= Number(studio.dataset.longest) - 0.5) stop();
}

const seconds = () => pieces.reduce((sum, piece) => sum + piece.length, 0) / microphone.context.sampleRate;

function stop() {
  recording = false;
  label("to-redo");
  if (!pieces.length) return say("Empty");
  const file = new File([wav(pieces, microphone.context.sampleRate)], studio.dataset.name, { type: "audio/wav" });
  const files = new DataTransfer();
  files.items.add(file);
  studio.elements.sound.files = files.files;
  part("take").src = URL.createObjectURL(file);
  part("take").hidden = false;
  return say(loudest > 0.99 ? "Loud" : loudest < 0.05 ? "Quiet" : "Taken", seconds().toFixed(1));
}

function label(name) {
  for (const one of ["to-record", "to-stop", "to-redo"]) part(one).hidden = one !== name;
  part("record").classList.toggle("danger", name === "to-stop");
}

// 16-bit PCM, one channel: forty-four bytes of header, then the samples.
function wav(parts, rate) {
  const length = parts.reduce((sum, one) => sum + one.length, 0);
  const view = new DataView(new ArrayBuffer(44 + length * 2));
  const text = (at, letters) => [...letters].forEach((letter, n) => view.setUint8(at + n, letter.charCodeAt(0)));
  text(0, "RIFF"); view.setUint32(4, 36 + length * 2, true); text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
  view.setUint32(24, rate, true); view.setUint32(28, rate * 2, true); view.setUint16(32, 2, true); view.setUint16(34, 16, true);
  text(36, "data"); view.setUint32(40, length * 2, true);
  let at = 44;
  for (const one of parts) for (const sample of one) {
    view.setInt16(at, Math.max(-1, Math.min(1, sample)) * 32767, true);
    at += 2;
  }
  return view.buffer;
}

// One bar for each piece; the newest are shown while recording.
function draw() {
  const canvas = part("wave");
  const pen = canvas.getContext("2d");
  const bars = pieces.slice(-canvas.width / 4).map((piece) => piece.reduce((most, one) => Math.max(most, Math.abs(one)), 0));
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = getComputedStyle(canvas).color;
  pen.fillRect(0, canvas.height / 2 - 0.5, canvas.width, 1);
  bars.forEach((loud, n) => {
    const height = Math.max(2, loud * canvas.height);
    pen.fillRect(n * 4, (canvas.height - height) / 2, 3, height);
  });
}

// Saved without leaving the page, so that the browser asks for the microphone only once.
async function save(event) {
  if (part("recorder").hidden) return; // an ordinary form
  event.preventDefault();
  if (recording) stop();
  part("save").disabled = true;
  say("Saving");
  try {
    const reply = await fetch(location.href, { method: "POST", body: new FormData(studio), redirect: "follow" });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    if (!reply.ok || !new URL(reply.url).pathname.startsWith("/admin/voice")) throw new Error("not saved");
    show(page, reply.url);
  } catch {
    part("save").disabled = false;
    delete studio.dataset.sent;
    say("Lost");
  }
}

function show(page, address) {
  history.replaceState(null, "", address);
  document.title = page.title;
  document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes);
  begin();
  (document.querySelector("[data-focus]") ?? studio?.querySelector("[data-record]") ?? document.querySelector("main")).focus();
  window.scrollTo(0, 0);
}

document.addEventListener("keydown", (event) => {
  if (!studio || part("recorder").hidden || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  const on = event.target.closest("a, button, input, select, textarea, summary, audio, [role=region]");
  const onRecord = on === part("record");
  if (event.key === " " && !on) {
    event.preventDefault();
    toggle();
  } else if (event.key === "Enter" && (!on || onRecord) && pieces.length) {
    event.preventDefault(); // and not a press of the button that has the focus
    if (!part("save").disabled) studio.requestSubmit();
  }
});
window.addEventListener("pagehide", close);
begin();
