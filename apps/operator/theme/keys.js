// Keys of every page; the help window (Alt+H) names them. C and R alone are Streamlit's own.
(() => {
  if (window.poskoKeys) return;
  window.poskoKeys = true;
  const isSeen = element => element && !element.disabled && element.getClientRects().length > 0;
  const first = (root, selector) => [...root.querySelectorAll(selector)].find(isSeen);
  const area = () => first(document, '[role="dialog"]') ?? document.querySelector('[data-testid="stMain"]') ?? document.body;

  // The form in which the cursor stands, else the one main button of the page: never a button that nobody is working towards.
  const save = () => {
    const form = document.activeElement?.closest('[data-testid="stForm"]');
    const kinds = form ? ['button[kind="primaryFormSubmit"]', 'button[kind="secondaryFormSubmit"]'] : ['button[kind^="primary"]'];
    for (const kind of kinds) {
      const found = [...(form ?? area()).querySelectorAll(kind)].filter(isSeen);
      if (found.length > 1) break;
      if (found.length) {
        // A field hands over what was typed when it is left.
        document.activeElement?.blur();
        return setTimeout(() => found[0].click(), 50);
      }
    }
    window.poskoTell?.(window.poskoWords.noSave);
  };
  const search = () => {
    const field = first(area(), '[class*="_cari"] input') ?? first(area(), '[data-testid="stTextInput"] input, [data-testid="stNumberInput"] input');
    if (!field) return go("cari");
    field.focus();
    field.select();
  };
  const go = path => first(document, `[data-testid="stSidebarNavLink"][href$="/${path}"]`)?.click();
  const home = () => first(document, '[data-testid="stSidebarNavLink"]')?.click();
  const press = selector => first(area(), selector)?.click();
  const menu = () => first(document, '[data-testid="stSidebarNavLink"]')?.focus();
  const keys = {
    "Ctrl+KeyS": save, "Alt+KeyF": search, "Alt+KeyB": home, "Alt+KeyJ": () => go("jadwal"), "Alt+KeyM": menu,
    "Alt+KeyN": () => press('[data-testid="stPaginationNext"]'), "Alt+KeyP": () => press('[data-testid="stPaginationPrev"]'),
    "Alt+KeyT": () => press('[class*="st-key-posko_views_"] button'), "Alt+KeyU": () => press('[class*="st-key-posko_export_"] button'),
  };
  document.addEventListener("keydown", event => {
    if (event.shiftKey || event.ctrlKey === event.altKey || (event.metaKey && event.code !== "KeyS")) return;
    const act = keys[`${event.altKey ? "Alt" : "Ctrl"}+${event.code}`];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) act();
  }, true);
})();
