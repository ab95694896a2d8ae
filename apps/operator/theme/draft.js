// What was typed and not sent outlives a sign-in that ran out: kept in this tab alone from the moment it runs out, given back
// once to the same person on the same page. Never a NIK, never a finger; whoever else signs in here finds nothing of it.
(() => {
  if (window.poskoDrafts) return;
  const STORE = "posko-draft", MOST_MINUTES = 30, MOST_LETTERS = 4000, MOMENT = 10000;
  const NIK = /(?:\d[\s.\-/]*){16}/;
  const OVER = 'a[href^="/masuk?berakhir"]';
  const typed = new Map();
  const main = () => document.querySelector('[data-testid="stMain"]');
  const isText = field => field.matches?.('input[type="text"], textarea') && !field.disabled && !field.readOnly;
  const isOver = () => document.querySelector(OVER) !== null;

  // Which field it was: its name, the containers around it, the heading above it; as a number, so that nobody's name is kept.
  const keyOf = field => {
    const parts = [field.getAttribute("aria-label")];
    for (let node = field; node; node = node.parentElement)
      for (const name of node.classList) if (name.startsWith("st-key-")) parts.push(name.replace(/[0-9a-f]{16,}/g, "*"));
    let heading = "";
    for (const one of main().querySelectorAll("h1, h2, h3"))
      if (one.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING) heading = one.textContent;
    let sum = 0x811c9dc5;
    for (const sign of [...parts, heading].join("\n")) sum = Math.imul(sum ^ sign.codePointAt(0), 0x01000193) >>> 0;
    return sum.toString(16);
  };
  const address = () => location.pathname + location.search;
  const pathOf = at => at.split("?")[0];
  const read = () => {
    try { return JSON.parse(sessionStorage.getItem(STORE)); } catch { return null; }
  };
  const write = draft => draft.fields.length ? sessionStorage.setItem(STORE, JSON.stringify(draft)) : sessionStorage.removeItem(STORE);

  document.addEventListener("input", event => {
    const field = event.target;
    if (main()?.contains(field) && isText(field)) typed.set(field, { key: keyOf(field), at: address(), value: field.value });
  }, true);
  document.addEventListener("click", event => {
    if (event.target.closest?.(".st-key-posko_logout")) { typed.clear(); sessionStorage.removeItem(STORE); }
  }, true);

  const keep = () => {
    const safe = one => isFresh(one) && one.value.trim() && one.value.length <= MOST_LETTERS && !NIK.test(one.value);
    const fields = [...typed.values()].filter(safe), at = fields.at(-1)?.at;
    typed.clear();
    if (!fields.length || !window.poskoWho) return;
    write({ who: window.poskoWho, at, since: Date.now(), fields: fields.map(({ key, value }) => ({ key, value })) });
    if (main()?.querySelector(OVER)) window.poskoTell?.(window.poskoWords.kept);
  };
  // A field that is gone or that the page emptied was sent or left, unless the sentence that the sign-in ran out follows soon.
  const isFresh = one => !one.leftSince || Date.now() - one.leftSince < MOMENT;
  const forget = () => {
    for (const [field, one] of typed) {
      if (!isFresh(one) || pathOf(one.at) !== location.pathname) typed.delete(field);
      else if (field.isConnected && field.value) Object.assign(one, { value: field.value, at: address(), leftSince: 0 });
      else one.leftSince ||= Date.now();
    }
  };

  const fill = (field, value) => {
    const kind = field.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  };
  const giveBack = () => {
    const draft = read();
    if (!draft || !window.poskoWho) return;
    if (draft.who !== window.poskoWho || Date.now() - draft.since > MOST_MINUTES * 60000) return sessionStorage.removeItem(STORE);
    if (draft.at !== address() && !draft.isMoved) {
      write({ ...draft, isMoved: true });
      return location.replace(draft.at);
    }
    if (pathOf(draft.at) !== location.pathname) return;
    const found = new Map([...main().querySelectorAll('input[type="text"], textarea')].filter(isText).map(field => [keyOf(field), field]));
    const left = draft.fields.filter(({ key }) => !found.has(key));
    if (left.length === draft.fields.length) return;
    // Taken out before it is put in, because putting it in changes the page.
    write({ ...draft, isMoved: true, fields: left });
    for (const { key, value } of draft.fields) {
      const field = found.get(key);
      if (field && field.value !== value) fill(field, value);
    }
    window.poskoTell?.(window.poskoWords.restored);
  };

  window.poskoDrafts = () => {
    if (isOver()) keep();
    else if (main()) { forget(); giveBack(); }
  };
  let isAsked = false;
  new MutationObserver(() => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => { isAsked = false; window.poskoDrafts(); });
  }).observe(document.body, { childList: true, subtree: true });
  window.poskoDrafts();
})();
