"""`posko flow`: the stages of the Pedoman, the states and the rights, as the documents show them."""

from __future__ import annotations

import click

from posko.domain import case_status, session_status, status
from posko.domain.commands import roles_markdown
from posko.domain.flow import flow_markdown
from posko.domain.state_table import diagram

STATES = """# Keadaan

Dicetak oleh `posko flow --states` dari `posko/domain/`; sebuah uji menjaga agar keduanya sama. Perpindahan yang tidak digambar
di sini ditolak dan dicatat (DV-X01). Di tiap kotak: nama dalam basis data / label pada layar.

## Perjalanan seorang TKI (12.1-14.5)

{tki}

Keadaan yang menunggu, dan yang ditunggunya:

{waiting}

Keadaan samping berdiri di sebelah keadaan utama dan tidak menghapusnya:

{sides}

## Sesi uji (9.4, 13.1-13.9)

{session}

## Kasus penyimpangan

{case}"""


@click.command("flow")
@click.option("--markdown", is_flag=True, help="Tabel tahap dalam Markdown (bawaan).")
@click.option("--states", is_flag=True, help="Diagram keadaan TKI, sesi uji, dan kasus penyimpangan.")
@click.option("--roles", is_flag=True, help="Tabel peran dan perintah, dengan alasannya.")
def command(*, markdown: bool, states: bool, roles: bool) -> None:
    """Cetak tabel alur: tahap, langkah Pedoman, pelaku, kode; atau diagram keadaan; atau tabel peran."""
    chosen = [states_markdown()] if states else []
    chosen += [roles_markdown()] if roles else []
    if markdown or not chosen:
        chosen.insert(0, flow_markdown())
    click.echo("\n\n".join(chosen))


def states_markdown() -> str:
    """Return the whole of docs/states.md."""
    return STATES.format(
        tki=diagram(status.ALLOWED, status.LABELS, status.Status.RECEIVED),
        waiting="\n".join(f"- {status.LABELS[state]}: {what}." for state, what in status.WAITING.items()),
        sides="\n".join(_side(side) for side in status.SideStatus),
        session=diagram(session_status.ALLOWED, session_status.LABELS, session_status.SessionStatus.PLANNED),
        case=diagram(case_status.ALLOWED, case_status.LABELS, case_status.CaseStatus.OPEN),
    )


def _side(side: status.SideStatus) -> str:
    from_states = [state for state in status.ALLOWED if state in status.SIDE_FROM[side]]
    ends = "dapat berakhir" if side in status.LIFTED else "tetap"
    beside = ", ".join(status.LABELS[state] for state in from_states)
    return f"- {side} / {status.SIDE_LABELS[side]} ({ends}), di samping {beside}."
