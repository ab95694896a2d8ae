"""`posko server`: start, stop and show the private servers below var/."""

from __future__ import annotations

import click

from apps.cli import context
from posko.db.server import private_server

NAMES = ("posko", "bnp2tki")


@click.group("server")
def command() -> None:
    """Server basis data privat di bawah var/."""


@command.command("start")
def start() -> None:
    """Hidupkan server privat yang belum hidup."""
    for name in NAMES:
        private_server(context.settings(), name).ensure_running()
    show()


@command.command("stop")
def stop() -> None:
    """Matikan server privat; datanya tetap ada."""
    for name in NAMES:
        private_server(context.settings(), name).stop()
    show()


@command.command("status")
def status() -> None:
    """Tampilkan server privat."""
    show()


def show() -> None:
    """Print one line a server."""
    for name in NAMES:
        server = private_server(context.settings(), name)
        if server.pid is None:
            click.echo(f"{name}: mati ({server.home})")
        else:
            click.echo(f"{name}: hidup, pid {server.pid}, port {server.port}, soket {server.socket}")
