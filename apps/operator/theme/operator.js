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
    "Drag and drop file here": "Taruh berkas di sini", "Drag and drop a file here": "Taruh berkas di sini", "Browse files": "Pilih berkas", "Upload": "Unggah",
    "Error": "Gagal", "Error:": "Gagal:", "Add files": "Pilih berkas",
    "Choose an option": "Pilih", "Choose options": "Pilih", "No options to select.": "Tidak ada pilihan.", "No results": "Tidak ada",
    "Failed to generate file for download": "Berkas tidak dapat dibuat. Muat ulang halaman, lalu ulangi.", "dd": "hh", "mm": "bb", "yyyy": "tttt",
    "Search": "Cari", "Download as CSV": "Unduh CSV", "Fullscreen": "Layar penuh", "Close fullscreen": "Tutup layar penuh",
    "Show/hide columns": "Tampilkan kolom", "Keyboard shortcuts": "Pintasan", "View more": "Lainnya", "View less": "Ringkas",
  };
  const patterns = [
    [/^([\d.]+)\s?([KMG]B) per file$/, "Paling besar $1 $2"], [/^File must be ([\d.]+)\s?([KMG]B) or smaller\.$/, "Berkas paling besar $1 $2."],
    [/^Help for (.*)$/, "Bantuan: $1"], [/^(?:Remove|Delete) (.*)$/, "Hapus $1"],
    [/^Only one file is allowed\.$/, "Hanya satu berkas."], [/^File size is too small\.$/, "Berkas kosong."],
    [/^.* files are not allowed\.$/, "Jenis berkas ini tidak diterima."],
    [/^Request failed with status code (\d+)$/, "Unggahan ditolak server ($1)."], [/^(?:AxiosError: )?Network Error$/, "Sambungan terputus."],
  ];
  const inWords = (text) => {
    if (words[text]) return words[text];
    const found = patterns.find(([pattern]) => pattern.test(text));
    return found && text.replace(...found);
  };
  const labels = { "Close": "Tutup", "Open sidebar": "Buka menu", "Close sidebar": "Tutup menu", "Main menu": "Menu" };
  const change = () => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const word = inWords(node.nodeValue.trim());
      if (word) node.nodeValue = word;
    }
    // A part with a name is no mere decoration; a screen reader is told so.
    for (const zone of document.querySelectorAll("[data-testid=stFileUploaderDropzone][role=presentation]")) zone.setAttribute("role", "group");
    for (const element of document.querySelectorAll("[aria-label], [title]"))
      for (const name of ["aria-label", "title"]) {
        const said = element.getAttribute(name);
        const word = said && (labels[said] || inWords(said));
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
