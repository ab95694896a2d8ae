"""`posko finger enrol`: two fingers, three times each, by two persons, proven by a fresh finger (§6.1, §8.2; R-026, R-048, X11).

The first Super Administrator comes in with `--first`, once, while there is no staff. Everybody else is enrolled by two officers who put
their own fingers: a number that is typed is never a proof.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from apps.cli.finger_desk import finger_desk
from apps.cli.station_reader import reader_options
from biometrics.enrolment import Enroller
from posko.domain.errors import BadInput
from posko.domain.fingers import FINGERS
from posko.domain.matrix import Role
from posko.domain.proof import Purpose
from posko.services import enrolment, template_capture

if TYPE_CHECKING:
    from collections.abc import Callable

    from apps.cli.finger_desk import FingerDesk
    from biometrics.types import Reader
    from posko.domain.proof import PersonKind
    from posko.services.office import Desk

ROLES = [role.value for role in Role if role is not Role.PUBLIC]


@dataclass(frozen=True)
class _Wanted:
    """Whom to enrol, and how."""

    kind: PersonKind
    person_id: str
    name: str
    role: str
    scope: dict[str, str | None]
    fingers: tuple[int, int]
    is_supervised: bool


@click.command("enrol")
@reader_options
@click.argument("person_id", metavar="NOMOR")
@click.option("--station", "station_code", required=True, help="Kode stasiun tempat pembaca ini terdaftar.")
@click.option("--first", is_flag=True, help="Super Administrator pertama; hanya selama belum ada petugas.")
@click.option("--tki", "is_tki", is_flag=True, help="NOMOR adalah ID TKI yang sidik jarinya tidak dikirim BNP2TKI.")
@click.option("--replace", is_flag=True, help="Ganti sidik jari petugas yang sudah ada.")
@click.option("--name", default="", help="Nama petugas baru.")
@click.option("--role", type=click.Choice(ROLES), help="Peran petugas baru.")
@click.option("--lsp", "lsp_code", help="Kode LSP, bagi Administrator LSP.")
@click.option("--tuk", "tuk_code", help="Kode TUK, bagi Administrator TUK.")
@click.option("--met", "met_no", help="Nomor MET, bagi asesor.")
@click.option("--by", "by_id", help="Nomor identitas petugas pertama, yang merekam.")
@click.option("--second", "second_id", help="Nomor identitas petugas kedua.")
@click.option(
    "--fingers", default="2,7", show_default=True, help="Dua jari menurut nomor ISO: 1 ibu jari kanan ... 10."
)
@click.option("--supervised", is_flag=True, help="Petugas pertama menyetujui mutu rendah (20-34); ditandai.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(
    *, open_reader: Callable[[], Reader], station_code: str, first: bool, by_id: str | None, second_id: str | None,
    replace: bool, as_json: bool, **given: Any,
) -> None:  # fmt: skip
    """Daftarkan dua jari seseorang, masing-masing tiga kali, lalu buktikan dengan satu jari yang baru diambil."""
    wanted = _wanted(**given)
    if not first and by_id is None:
        raise click.UsageError("Sebutkan petugas yang merekam dengan --by, atau --first untuk yang pertama.")
    if not (first or replace or wanted.kind == "TKI" or given["role"]):
        raise click.UsageError("Sebutkan peran petugas baru dengan --role, atau --replace untuk mengganti.")
    with finger_desk(open_reader, station_code) as desk:
        done = _first(desk, wanted) if first else _by_two(desk, wanted, str(by_id), second_id, is_new=not replace)
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False))
        return
    click.echo(
        f"{wanted.person_id} terdaftar dengan sidik jari versi {done.get('template_version', done.get('version'))}."
    )


def _wanted(
    *, person_id: str, is_tki: bool, name: str, role: str | None, lsp_code: str | None, tuk_code: str | None,
    met_no: str | None, fingers: str, supervised: bool,
) -> _Wanted:  # fmt: skip
    try:
        one, other = (int(number) for number in fingers.split(","))
    except ValueError as error:
        raise click.UsageError("--fingers berisi dua nomor, misalnya 2,7.") from error
    if not {one, other} <= set(FINGERS) - {0} or one == other:
        raise click.UsageError("--fingers berisi dua nomor berbeda dari 1 sampai 10.")
    scope = {"lsp_code": lsp_code, "tuk_code": tuk_code, "met_no": met_no}
    return _Wanted("TKI" if is_tki else "STAFF", person_id, name, role or "", scope, (one, other), supervised)


def _first(desk: FingerDesk, wanted: _Wanted) -> dict[str, Any]:
    proof = _captured(desk, desk.system, wanted)
    return desk.system.do(enrolment.bootstrap, person_id=wanted.person_id, full_name=wanted.name, proof=proof)


def _by_two(desk: FingerDesk, wanted: _Wanted, by_id: str, second_id: str | None, *, is_new: bool) -> dict[str, Any]:
    by = desk.signed_in(by_id)
    proof = _captured(desk, by, wanted)
    second = None
    if second_id is not None:
        prompt = f"{second_id}: letakkan jari Anda sebagai petugas kedua."
        second = desk.proven("STAFF", second_id, Purpose.SECOND_PERSON, prompt).proof
    if wanted.kind == "TKI":
        return by.do(template_capture.enrol_tki, tki_id=wanted.person_id, proof=proof, second=second)
    if not is_new:
        return by.do(enrolment.replace_finger, person_id=wanted.person_id, proof=proof, second=second)
    return by.do(
        enrolment.enrol,
        person_id=wanted.person_id,
        full_name=wanted.name,
        role=wanted.role,
        **wanted.scope,
        proof=proof,
        second=second,
    )


def _captured(desk: FingerDesk, by: Desk, wanted: _Wanted) -> object:
    """Take the set, and the fresh finger that proves it; return the proof."""
    Enroller(desk.verifier).capture(
        by,
        wanted.kind,
        wanted.person_id,
        desk.three_of_two(wanted.fingers),
        station_code=desk.station_code,
        is_supervised=wanted.is_supervised,
    )
    found = desk.proven(
        wanted.kind, wanted.person_id, Purpose.ENROL, "Letakkan salah satu dari kedua jari itu sekali lagi."
    )
    if found.proof is None:
        raise BadInput("Jari tidak dapat dibandingkan dengan yang baru direkam. Ulangi dari awal.")
    return found.proof
