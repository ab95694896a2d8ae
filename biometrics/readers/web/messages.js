// Everything that the page says by itself; what the server found comes from the server (apps/reader_page/messages.py).

export const SAYS = {
  opening: ["MENGHUBUNGI PEMBACA", "Menghubungi klien HID di komputer ini. Bila peramban meminta izin mengakses perangkat ini, pilih Izinkan."],
  ready: ["LETAKKAN JARI", "Tempelkan {finger} pada kaca pembaca, lalu tahan sampai lampunya berubah."],
  again: ["ULANGI", "{hint}"],
  unplugged: ["PEMBACA TERCABUT", "Pasang kembali kabel USB pembaca. Halaman ini melanjutkan sendiri."],
  sending: ["MEMERIKSA", "Sidik jari sedang dibandingkan di server."],
  stopping: ["MENGHENTIKAN", "Memberi tahu server bahwa tidak ada sidik jari."],
  offline: ["SERVER TIDAK TERJANGKAU", "Sidik jari belum terkirim. Periksa jaringan, lalu tekan Kirim lagi."],
  CLIENT_MISSING: [
    "KLIEN BELUM TERPASANG",
    "Pasang HID Authentication Device Client di komputer ini, atau jalankan bila sudah terpasang, lalu tekan Coba lagi.",
  ],
  CLIENT_BLOCKED: [
    "PERAMBAN MENOLAK",
    "Izinkan halaman ini mengakses perangkat lokal: tekan ikon di kiri alamat, buka izin, pilih Izinkan, lalu tekan Coba lagi.",
  ],
  CLIENT_SILENT: [
    "KLIEN TIDAK MENJAWAB",
    "Klien HID terpasang tetapi salurannya putus. Jalankan ulang klien itu atau komputer ini, lalu tekan Coba lagi.",
  ],
  READER_FAILED: ["PEMBACA BERMASALAH", "Cabut pembaca, pasang kembali, lalu tekan Coba lagi. Keterangan: {detail}."],
};

export const OVER = {
  outcome: "OVER",
  tone: "sent",
  heading: "SUDAH SELESAI",
  sentence: "Permintaan ini sudah dijawab atau lewat waktunya. Lihat hasilnya di layar utama.",
};
export const AWAY = "Halaman ini tidak aktif, jadi pembaca tidak mengirim sidik jari. Tekan Alt+Tab untuk kembali ke sini.";
export const LEFT = "Sisa waktu {seconds} detik";
export const CLOSING = "Halaman ini boleh ditutup.";
export const REFERENCE = "Catatan {reference}.";
export const READER = "Pembaca {serial}";
export const VOLATILE = "(nomor ini berubah bila dicabut; tidak dapat didaftarkan)";

// Quality codes of HID's SDK. 0 is good and 22 a fake finger: that one goes to the server.
export const FAKE = 22;
export const QUALITY = {
  1: "Tidak ada gambar. Tempelkan jari lagi.",
  2: "Gambar terlalu terang. Tekan sedikit lebih kuat.",
  3: "Gambar terlalu gelap. Tekan lebih ringan.",
  4: "Gambar berbintik. Bersihkan kaca pembaca dan jari.",
  5: "Garis sidik jari kurang jelas. Lembapkan jari sedikit.",
  6: "Bagian jari terlalu sedikit. Tempelkan seluruh ujung jari.",
  7: "Jari tidak di tengah. Letakkan tepat di tengah kaca.",
  8: "Yang ditempelkan bukan jari. Tempelkan jari langsung.",
  9: "Jari terlalu ke atas. Geser ke bawah.",
  10: "Jari terlalu ke bawah. Geser ke atas.",
  11: "Jari terlalu ke kiri. Geser ke kanan.",
  12: "Jari terlalu ke kanan. Geser ke kiri.",
  13: "Gambar jari tidak wajar. Bersihkan jari, lalu tempelkan lagi.",
  14: "Terlalu cepat. Tahan jari lebih lama.",
  15: "Jari miring. Luruskan jari.",
  16: "Bagian jari terlalu pendek. Tempelkan ruas ujung seluruhnya.",
  17: "Terlalu lambat. Tempelkan jari dalam satu gerakan.",
  18: "Arah gerakan terbalik. Ulangi dari arah yang benar.",
  19: "Tekanan terlalu kuat. Tekan lebih ringan.",
  20: "Tekanan terlalu ringan. Tekan sedikit lebih kuat.",
  21: "Jari basah. Keringkan jari.",
  23: "Bagian jari terlalu kecil. Tempelkan seluruh ujung jari.",
  24: "Jari terlalu terputar. Luruskan jari.",
};
export const OTHER_QUALITY = "Gambar kurang baik. Bersihkan jari dan kaca, lalu tempelkan lagi.";

export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_whole, name) => values[name] ?? "");
}
