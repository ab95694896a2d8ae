(() => {
  if (window.poskoDressed) return;
  window.poskoDressed = true;
  const lang = window.poskoLanguage;
  document.documentElement.lang = lang;
  if (lang !== "id") return;
  // What Streamlit itself says in English; it has no translation of its own.
  const words = {
    "Skip to main content": "Langsung ke isi", "Running...": "Memuat ...", "CONNECTING": "MENYAMBUNG",
    "Stop": "Hentikan", "Print": "Cetak", "Rerun": "Muat ulang", "Settings": "Setelan",
    "Drag and drop file here": "Taruh berkas di sini", "Browse files": "Pilih berkas", "Upload": "Unggah",
    "Choose an option": "Pilih", "Choose options": "Pilih", "No options to select.": "Tidak ada pilihan.", "No results": "Tidak ada",
    "Search": "Cari", "Download as CSV": "Unduh CSV", "Fullscreen": "Layar penuh", "Close fullscreen": "Tutup layar penuh",
    "Show/hide columns": "Tampilkan kolom", "Keyboard shortcuts": "Pintasan", "View more": "Lainnya", "View less": "Ringkas",
  };
  const labels = { "Close": "Tutup", "Open sidebar": "Buka menu", "Close sidebar": "Tutup menu", "Main menu": "Menu" };
  const change = () => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const word = words[node.nodeValue.trim()];
      if (word) node.nodeValue = word;
    }
    for (const element of document.querySelectorAll("[aria-label], [title]"))
      for (const name of ["aria-label", "title"]) {
        const word = { ...words, ...labels }[element.getAttribute(name)];
        if (word) element.setAttribute(name, word);
      }
  };
  let isAsked = false;
  new MutationObserver(() => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => { isAsked = false; change(); });
  }).observe(document.body, { childList: true, subtree: true });
  change();
})();
