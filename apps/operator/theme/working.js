// Says that long work goes on, for how long, and that the line is cut; a sign-in that ran out meanwhile shows the way back.
(() => {
  if (window.poskoTell) return;
  const PATIENCE = 1500, CUT = 4000, SHOWN = 12000;
  const words = () => window.poskoWords;
  const box = document.createElement("div");
  box.className = "posko-working";
  box.setAttribute("role", "status");
  box.hidden = true;
  document.body.append(box);
  let since = 0, state = "", told = "", toldUntil = 0, hasAsked = false;
  const show = (text, kind) => {
    if (box.textContent !== text) box.textContent = text;
    box.dataset.kind = kind;
    box.hidden = false;
  };
  window.poskoTell = text => { told = text; toldUntil = Date.now() + SHOWN; show(text, "told"); };

  const isOver = async () => {
    // An address behind the gate: 401 says that nobody is signed in any more.
    try { return (await fetch("/media/-", { cache: "no-store" })).status === 401; } catch { return false; }
  };
  const signInAgain = () => {
    const link = document.createElement("a");
    link.href = `/masuk?berakhir=1&tujuan=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = words().signIn;
    box.replaceChildren(`${words().over} `, link);
    box.dataset.kind = "over";
    box.hidden = false;
    toldUntil = Infinity;
    window.poskoDrafts?.();
  };
  setInterval(async () => {
    const app = document.querySelector('[data-testid="stApp"]');
    if (!app || toldUntil === Infinity) return;
    const line = app.dataset.testConnectionState, isCut = line !== "CONNECTED" && line !== "STATIC_CONNECTED";
    const now = isCut ? "cut" : app.dataset.testScriptState === "running" ? "running" : "";
    if (now !== state) { state = now; since = Date.now(); hasAsked = false; }
    const seconds = Math.floor((Date.now() - since) / 1000);
    if (state === "running" && Date.now() - since >= PATIENCE) return show(words().working.replace("{seconds}", seconds), "working");
    if (state === "cut" && Date.now() - since >= CUT) {
      show(words().cut, "cut");
      if (!hasAsked) {
        hasAsked = true;
        if (await isOver()) signInAgain();
      }
      return;
    }
    if (Date.now() < toldUntil) show(told, "told");
    else box.hidden = true;
  }, 300);
})();
