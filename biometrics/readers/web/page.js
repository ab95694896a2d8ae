// The page of one capture request: shows what to do, sends one PNG or why there is none, shows what the server found.

import { AWAY, CLOSING, FAKE, LEFT, OVER, OTHER_QUALITY, QUALITY, READER, REFERENCE, SAYS, VOLATILE, filled } from "./messages.js";
import { Reader } from "./reader.js";

const REPORT_SECONDS = 2; // before its end, so that the report of a request without a finger is still in time
const TONES = { ready: "wait", opening: "wait", sending: "wait", stopping: "wait", again: "warn" };

const stage = document.getElementById("stage");
const { nonce, finger, seconds } = stage.dataset;
const [heading, sentence] = [document.getElementById("heading"), document.getElementById("sentence")];
const [retry, resend, stop] = ["retry", "resend", "stop"].map((id) => document.getElementById(id));
const end = performance.now() + Number(seconds) * 1000;

let why = "NO_FINGER"; // what is reported if no finger comes
let serial = "-";
let answer = null; // what is sent: once made, nothing else is
let isOver = false;

const reader = new Reader((event, detail) => {
  if (answer === null) ({ ready, unplugged, quality, sample, trouble })[event](detail);
});

function ready(detail) {
  name(detail);
  why = "NO_FINGER";
  show("ready", { finger });
}

function name(detail) {
  serial = detail.serial;
  const shown = filled(READER, { serial });
  document.getElementById("reader").textContent = detail.isVolatile ? `${shown} ${VOLATILE}` : shown;
}

function unplugged() {
  why = "READER_UNPLUGGED";
  show("unplugged");
}

function quality({ code }) {
  if (code === 0) return;
  if (code === FAKE) return send("FAKE_FINGER", null);
  why = "POOR_CAPTURE";
  show("again", { hint: QUALITY[code] ?? OTHER_QUALITY });
}

function sample(detail) {
  name(detail);
  send(null, detail.png);
}

function trouble(detail) {
  why = detail.why;
  show(detail.why, { detail: detail.detail ?? "" });
  offer(retry);
}

function send(reason, png) {
  answer = { reason, png };
  reader.close();
  deliver();
}

async function deliver() {
  const { reason, png } = answer;
  show(png === null ? "stopping" : "sending");
  for (const button of [retry, resend, stop]) button.hidden = true;
  const headers = { "X-Posko-Nonce": nonce, "X-Posko-Reader": serial };
  if (reason !== null) headers["X-Posko-Why"] = reason;
  if (png !== null) headers["Content-Type"] = "image/png";
  try {
    const response = await fetch(location.pathname, { method: "POST", headers, body: png, cache: "no-store" });
    finish(await response.json());
  } catch {
    show("offline");
    offer(resend);
  }
}

// The answer may have arrived though its acknowledgement was lost; a second one would count as a replay.
async function deliverAgain() {
  try {
    const { ok, status } = await fetch(location.pathname, { cache: "no-store" });
    if (ok) return deliver();
    if (status < 500) return finish(OVER);
  } catch {
    // Still no server: the button stays.
  }
  show("offline");
  offer(resend);
}

function finish(found) {
  isOver = true;
  resend.hidden = true;
  tell(found.heading, found.sentence, found.tone, found.outcome);
  document.getElementById("left").textContent = "";
  document.getElementById("away").hidden = true;
  const closing = document.getElementById("closing");
  closing.textContent = found.reference ? `${filled(REFERENCE, found)} ${CLOSING}` : CLOSING;
  closing.hidden = false;
}

function show(state, values = {}) {
  const [title, text] = SAYS[state];
  tell(filled(title, values), filled(text, values), TONES[state] ?? "bad", state);
}

function tell(title, text, tone, state) {
  stage.dataset.tone = tone;
  stage.dataset.state = state;
  heading.textContent = title;
  sentence.textContent = text;
  document.title = `${title} · POSKO`;
}

function offer(button) {
  button.hidden = false;
  button.focus();
}

function tick() {
  if (isOver) return;
  const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
  document.getElementById("left").textContent = filled(LEFT, { seconds: left });
  if (left <= REPORT_SECONDS && answer === null) send(why, null);
  setTimeout(tick, 250);
}

function watchFocus() {
  const away = document.getElementById("away");
  away.textContent = AWAY;
  const look = () => (away.hidden = isOver || document.hasFocus());
  for (const name of ["blur", "focus"]) window.addEventListener(name, look);
  look();
}

retry.addEventListener("click", () => location.reload());
resend.addEventListener("click", deliverAgain);
stop.addEventListener("click", () => send(why === "NO_FINGER" ? "STOPPED" : why, null));
show("opening");
watchFocus();
tick();
reader.open();
