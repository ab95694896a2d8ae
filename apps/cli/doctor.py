"""`posko doctor`: what is missing or misconfigured, one line each, with the cure."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from apps.cli import context
from apps.doctor import examine


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, as_json: bool) -> None:
    """Periksa mesin, setelan, server, dan sumber; keluar 3 bila ada yang kurang."""
    findings = []
    for finding in examine(context.settings()):
        findings.append(finding)
        if not as_json:
            mark = "✓" if finding.is_well else "✗"
            cure = "" if finding.is_well else f" -> {finding.cure}"
            click.echo(f"{mark} {finding.what}: {finding.seen}{cure}")
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    if not all(finding.is_well for finding in findings):
        sys.exit(3)
