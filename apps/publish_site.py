"""The public site follows what was published (§14.1-14.2; R-160, R-188).

    done = update_site(office, posko_server, settings.site)     # after `apps.hand_over.publish`
    done = publish_site(office, posko_server, settings.site)    # both: what `posko publish` does

Either may be repeated; whatever was cut short, the next call goes on.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from apps import hand_over
from exports.site import build
from exports.site_folder import SiteFolder
from posko.db.snapshot import snapshot
from posko.services import site_release
from posko.services.inputs import MOST_ROWS
from posko.services.site_rows import SiteRows

if TYPE_CHECKING:
    from pathlib import Path

    from exports.site import Made
    from posko.db.engine import Server
    from posko.services.office import Office


@dataclass
class Published:
    """What one call did: results and new versions in the database, then persons and files of the site.

    `site` is the path of what is public, `version` its number; `is_new`: it came out now.
    """

    site: str
    published: int = 0
    refreshed: int = 0
    version: int = 0
    is_new: bool = False
    persons: int = 0
    files: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return asdict(self)


def publish_site(office: Office, server: Server, root: Path, *, full: bool = False) -> Published:
    """Publish what closed meetings let pass, then bring the site up to date.

    Raises:
        Refused: as `publication.publish`, or as `update_site`.
        LeaseHeld, ConfigurationError: as `update_site`.
    """
    counts = hand_over.publish(office)
    done = update_site(office, server, root, full=full)
    done.published, done.refreshed = counts["published"], counts["refreshed"]
    return done


def update_site(office: Office, server: Server, root: Path, *, full: bool = False) -> Published:
    """Bring the site in `root` up to date with what is published.

    Args:
        office: whose desk acts, as the system.
        server: read by the account that only reads.
        root: folder of the site; made if need be.
        full: make every part of the site anew.

    Raises:
        Refused: the gate found what may not be public (DV-C06); the version before stays.
        LeaseHeld: another process makes this site.
        ConfigurationError: the folder cannot be written, or is damaged.
    """
    folder = SiteFolder(root)
    with folder.held():
        made = _build(office, server, folder, full=full)
        if made is not None:
            _switch(office, folder, made)
            if full:
                folder.sweep()
        done = Published(str(folder.public), version=folder.version(), is_new=made is not None)
        if made is not None:
            done.persons, done.files = made.persons, made.files
    return done


def _build(office: Office, server: Server, folder: SiteFolder, *, full: bool) -> Made | None:
    """Return the next version, if there is one; it is made from one moment of the database."""
    engine = server.engine("posko_export", "posko")
    try:
        with snapshot(engine) as db:
            return build(SiteRows(db, office.keys["secure-code-digest"]), folder, at=office.clock(db), full=full)
    finally:
        engine.dispose()


def _switch(office: Office, folder: SiteFolder, made: Made) -> None:
    before = folder.state_or_none()
    office.desk(None).do(
        site_release.release,
        version=made.state.version,
        persons=made.persons,
        files=made.files,
        findings=[f"{finding.kind} di {finding.place}" for finding in made.findings[:MOST_ROWS]],
    )
    folder.switch(made.state)
    folder.tidy(before)
