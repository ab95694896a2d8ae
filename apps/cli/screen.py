"""What commands put on a terminal: progress on standard error, tables and numbers in the Indonesian way on standard output."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def number(value: int | None) -> str:
    """Return a whole number with points between thousands, or a dash."""
    return "-" if value is None else f"{value:,}".replace(",", ".")


def console() -> Console:
    """Return the console of standard output; a narrow pipe does not cut the columns."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 110)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: Sequence[int] = ()) -> None:
    """Print a table; `numeric` columns are aligned right."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for index, column in enumerate(columns):
        made.add_column(column, justify="right" if index in numeric else "left", overflow="fold")
    for row in rows:
        made.add_row(*row)
    console().print(made)


@contextmanager
def progress(label: str, *, total: int | None = None, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """Show progress in rows while the block runs; on a terminal only, and always on standard error."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda rows: bar.advance(task, rows)
