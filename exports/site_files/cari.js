// Looks up one result in the files of the site: place and key come from ID TKI and birth date, here in the browser.
// Nothing that is typed leaves it. Without this script, or where a browser has no WebCrypto, the form itself asks the server.
"use strict";

const TAG = 16, NAME = 12, HEAD = 30, PER_GROUP = 256;
const form = document.getElementById("cari"), shown = document.getElementById("hasil");
const text = new TextEncoder();

async function digest(key, words) {
  const made = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", made, text.encode(words)));
}

async function bytesOf(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(address);
  return new Uint8Array(await answer.arrayBuffer());
}

const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
const same = (one, other) => one.every((value, place) => value === other[place]);

async function find(number, born, site) {
  const secret = await crypto.subtle.importKey("raw", text.encode(`${number}\n${born}`), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: text.encode(site.garam), iterations: site.putaran };
  const master = new Uint8Array(await crypto.subtle.deriveBits(how, secret, 256));
  const place = await digest(master, "alamat");
  const index = await bytesOf(`indeks/${hex(place.slice(0, 1))}`);
  const name = index.slice(place[1] * NAME, (place[1] + 1) * NAME);
  if (name.every((one) => one === 0)) return [];
  const part = await bytesOf(`isi/${hex(name.slice(0, 1))}/${hex(name)}`);
  const tag = place.slice(2, 2 + TAG);
  for (let at = 0; at < part.length;) {
    const length = part[at + TAG] * 256 + part[at + TAG + 1];
    if (same(tag, part.slice(at, at + TAG))) {
      const key = await crypto.subtle.importKey("raw", await digest(master, "kunci"), "AES-GCM", false, ["decrypt"]);
      const nonce = part.slice(at + TAG + 2, at + HEAD);
      const locked = part.slice(at + HEAD, at + HEAD + length);
      const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce, additionalData: tag }, key, locked);
      return JSON.parse(new TextDecoder().decode(opened));
    }
    at += HEAD + length;
  }
  return [];
}

function element(name, words, kind) {
  const made = document.createElement(name);
  if (words) made.textContent = words;
  if (kind) made.className = kind;
  return made;
}

function card(result, number, site) {
  const [name, outcome, lsp, tuk, tested, certificate, standing, published] = result;
  const made = element("div", "", "kartu"), list = element("dl");
  made.append(element("p", site.hasil[outcome] || outcome, "putusan"), list);
  const day = (iso) => new Date(iso + "T00:00:00").toLocaleDateString("id-ID", { day: "numeric", month: "long", year: "numeric" });
  const rows = [["ID TKI", number], ["Nama", name], ["LSP", site.lsp[lsp] || lsp], ["TUK", site.tuk[tuk] || tuk], ["Tanggal uji", day(tested)]];
  if (certificate) rows.push(["No sertifikat", certificate], ["Keadaan sertifikat", site.keadaan[standing] || standing]);
  rows.push(["Ditayangkan", day(published)]);
  for (const [label, value] of rows) list.append(element("dt", label), element("dd", value));
  return made;
}

async function look() {
  const number = form.elements.id_tki.value.trim(), born = form.elements.tanggal_lahir.value;
  shown.replaceChildren(element("p", "Mencari …"));
  try {
    const site = await (await fetch("situs.json", { cache: "no-cache" })).json();
    const found = await find(number, born, site);
    shown.replaceChildren(...(found.length
      ? found.map((one) => card(one, number, site))
      : [element("p", "Tidak ada hasil yang ditayangkan untuk ID TKI dan tanggal lahir itu. Periksa keduanya.", "kabar")]));
  } catch {
    shown.replaceChildren(element("p", "Hasil tidak dapat dibaca sekarang. Muat ulang halaman, lalu coba lagi.", "kabar"));
  }
}

if (form && window.crypto && crypto.subtle) {
  form.addEventListener("submit", (event) => { event.preventDefault(); look(); });
}
