"""The `posko` command: one group, each command in a module of its own, imported when it is called.

Exit codes: 0 ok, 1 data refused or checks failed, 2 usage, 3 configuration or connection, 4 another run holds the lease,
5 conflict.
"""

from __future__ import annotations

import json
import os
import sys

import click

from apps.cli.lazy import LazyGroup
from posko.domain.errors import PoskoError

# No library of ours may call home; set before any of them is imported.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")

COMMANDS = {
    "app": ("apps.cli.app", "Layani layar petugas dan penilai."),
    "as-of": ("apps.cli.as_of", "Susun ulang keadaan seorang TKI pada suatu waktu."),
    "audit": ("apps.cli.audit", "Segel, verifikasi, buktikan, dan ekspor log audit."),
    "bench": ("apps.cli.bench", "Ukur kecepatan sebagai perbandingan dalam satu proses."),
    "certificate": ("apps.cli.certificate", "Cetak dan verifikasi sertifikat; kunci dan daftar statusnya."),
    "check": ("apps.cli.check", "Jalankan satu gerbang pemeriksaan."),
    "demo": ("apps.cli.demo", "Sumber simulasi, pipeline, dan ringkasannya."),
    "deviations": ("apps.cli.deviations", "Aturan penyimpangan, pemeriksaannya, dan temuannya."),
    "docs": ("apps.cli.docs", "Buat halaman silsilah data dan Data Docs."),
    "doctor": ("apps.cli.doctor", "Periksa mesin dan setelan; sebutkan obatnya."),
    "finger": ("apps.cli.finger", "Pembaca, pendaftaran, pencocokan, dan pencarian sidik jari."),
    "flow": ("apps.cli.flow", "Cetak tabel alur Pedoman."),
    "hand-over": ("apps.cli.hand_over", "Serahkan ke Konsorsium, kembalikan ke BNP2TKI: tanpa klik."),
    "ledger": ("apps.cli.ledger", "Periksa buku serah terima TKI demi TKI."),
    "migrate": ("apps.cli.migrate", "Bawa basis data ke skema terbaru."),
    "minutes": ("apps.cli.minutes", "Risalah rapat evaluasi: keaslian dan keutuhannya."),
    "package": ("apps.cli.package", "Paket: serah terima sebagai berkas yang ditandatangani dan dienkripsi."),
    "print": ("apps.cli.print", "Cetak daftar, berita acara, risalah, dan kartu stasiun."),
    "public": ("apps.cli.public", "Layani pemeriksaan sertifikat dan hasil uji bagi umum."),
    "publish": ("apps.cli.publish", "Tayangkan yang sudah lewat rapat; perbarui situs publik."),
    "receive": ("apps.cli.receive", "Tarik tabel TKI dari BNP2TKI."),
    "registry": ("apps.cli.registry", "Baca, muat, dan ganti daftar dan aturan BLKLN ke TUK."),
    "run": ("apps.cli.run", "Seluruh pipeline, seperti dijalankan penjadwal."),
    "server": ("apps.cli.server", "Hidupkan atau matikan server privat."),
    "simulate": ("apps.cli.simulate", "Buat atau ubah sumber BNP2TKI simulasi."),
    "staff": ("apps.cli.staff", "Tampilkan petugas."),
    "station": ("apps.cli.station", "Stasiun sidik jari di TUK: kunci, layanan, agen."),
    "status": ("apps.cli.status", "Tampilkan proses terakhir dan kesegaran tabel."),
    "surveillance": ("apps.cli.surveillance", "Surveilans: sampel mingguan, kunjungan, seed, cakupan."),
    "transform": ("apps.cli.transform", "Saring, usulkan, dan cocokkan (dbt)."),
}
"""Command -> module and one line of help; the module's `command` is the click command."""


@click.group(cls=LazyGroup, modules=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def posko() -> None:
    """Sistem POSKO BNSP: pengendalian online sertifikasi kompetensi (Pedoman BNSP 503-2012)."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every error of ours is one sentence on standard error and its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        posko.main(args=arguments, prog_name="posko", standalone_mode=True)
    except PoskoError as error:
        if "--json" in arguments:
            click.echo(json.dumps({"error": str(error), "kind": type(error).__name__}, ensure_ascii=False))
        click.echo(f"posko: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
