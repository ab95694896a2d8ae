"""Log lines: JSON, one a line, in `var/log/posko.jsonl`; nothing on the screen that a person did not ask for (§1.6)."""

from __future__ import annotations

import logging
from logging.handlers import WatchedFileHandler
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from pathlib import Path


def log_to(folder: Path) -> None:
    """Send structlog's events as JSON lines to `folder`/posko.jsonl."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = WatchedFileHandler(folder / "posko.jsonl", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("posko")
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_: logger,
        cache_logger_on_first_use=False,
    )
