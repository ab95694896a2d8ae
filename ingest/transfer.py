"""One reader, several loaders: blocks flow through a short queue, so that memory stays constant whatever the size."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.landing import Landed, Loader
from ingest.sift import Sifted, sift, sift_block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from ingest.pull import Block, Range, Snapshot

BLOCKS_WAITING = 2


@dataclass
class _Hand:
    """What the threads of one transfer share."""

    blocks: queue.Queue[tuple[Block, Sifted] | None]
    stop: threading.Event
    failure: BaseException | None = None

    def fail(self, error: BaseException) -> None:
        if self.failure is None:
            self.failure = error
        self.stop.set()


def transfer(
    snapshot: Snapshot,
    loaders: list[Loader],
    ranges: Iterable[Range],
    *,
    since: datetime | None,
    progress: Callable[[int], None],
) -> Landed:
    """Read every range and load it; return how many rows were loaded and refused.

    Raises:
        whatever the reader or a loader raised first; chunks that were committed stay and are not read again.
    """
    hand = _Hand(queue.Queue(BLOCKS_WAITING), threading.Event())
    done: list[Landed] = []
    threads = [
        threading.Thread(target=_load, args=(loader, hand, done, progress), name=f"loader-{number}")
        for number, loader in enumerate(loaders, start=1)
    ]
    for thread in threads:
        thread.start()
    try:
        for wanted in ranges:
            _put(hand, _read(snapshot, wanted, since))
            if hand.stop.is_set():
                break
    except BaseException as error:  # noqa: BLE001 - raised again below, after the loaders have ended
        hand.fail(error)
    for _ in threads:
        _put(hand, None)
    for thread in threads:
        thread.join()
    if hand.failure is not None:
        raise hand.failure
    return Landed(sum(one.loaded for one in done), sum(one.refused for one in done))


def _read(snapshot: Snapshot, wanted: Range, since: datetime | None) -> tuple[Block, Sifted]:
    block = snapshot.block(wanted, since=since)
    sifted = sift_block(block, lambda keys: list(snapshot.rows(replace(wanted, keys=keys), since=since)))
    if sifted is not None:
        return block, sifted
    rows = list(snapshot.rows(wanted, since=since))
    return replace(block, crc_sum=sum(row_crc for _, _, row_crc in rows)), sift(rows)


def _put(hand: _Hand, item: tuple[Block, Sifted] | None) -> None:
    while True:
        try:
            hand.blocks.put(item, timeout=0.5)
        except queue.Full:
            if hand.stop.is_set():
                return
        else:
            return


def _load(loader: Loader, hand: _Hand, done: list[Landed], progress: Callable[[int], None]) -> None:
    try:
        while not hand.stop.is_set():
            try:
                item = hand.blocks.get(timeout=0.5)
            except queue.Empty:
                continue
            if item is None:
                return
            landed = loader.load(*item)
            done.append(landed)
            progress(landed.loaded + landed.refused)
    except BaseException as error:  # noqa: BLE001 - handed to the reader's thread, which raises it
        hand.fail(error)
