// Sign-in: one press, one form; while a reader is asked, look how the request stands and go on when it is answered.
const form = document.querySelector('form[action="/masuk"]');
if (form) form.addEventListener("submit", () => form.querySelector("button").setAttribute("aria-busy", "true"));

const waiting = document.getElementById("waiting");
async function look() {
  try {
    const told = await (await fetch("/masuk/jawaban", { cache: "no-store" })).json();
    document.getElementById("left").textContent = told.seconds;
    if (told.state !== "WAIT") return document.getElementById("done").submit();
  } catch {
    // The line was cut for a moment; the next look says more.
  }
  setTimeout(look, 400);
}
if (waiting) look();
