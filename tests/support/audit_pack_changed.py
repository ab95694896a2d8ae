"""A pack that tests change: by strangers, byte by byte, and by who holds BNSP's key, row by row."""

from __future__ import annotations

import io
import tarfile
from collections import Counter
from hashlib import sha256

from exports.audit_pack import COUNTED, file_of, table_of
from exports.audit_pack_archive import MANIFEST, SIGNATURE, Writer
from exports.audit_pack_manifest import WHAT, File, Manifest, read_manifest
from exports.certificate_keys import signer_in
from exports.package_tables import read_here, to_parquet
from posko.services.audit_pack_tables import TABLES
from tests.support.audit_pack import checked, held_of, packed, story

LARGE = 1 << 30


class Given:
    """A pack, the world that it was made of, and what an auditor holds."""

    def __init__(self, world):
        self.world, self.key = world, story(world)
        self.data, self.held = packed(world), held_of(world)
        self.signer = signer_in(world.settings.secrets)
        self.files = members(self.data)
        self.manifest = read_manifest(self.files[MANIFEST])

    def verdict(self, data, **more):
        return checked(self.world, data, self.key, self.held, **more)

    def kinds(self, data, **more):
        return {one.kind for one in self.verdict(data, **more).findings}


def members(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}


def archive_of(files):
    out = io.BytesIO()
    writer = Writer(out)
    for name, content in files:
        writer.add(name, content)
    writer.end()
    return out.getvalue()


class Forger:
    """Changes rows and signs anew: what somebody at BNSP could do who holds the key of packs."""

    def __init__(self, pack):
        self.pack = pack
        self.rows = {name: [] for name in TABLES}
        for file in pack.manifest.files:
            name = file.name.partition("/")[0]
            if name in self.rows:
                self.rows[name] += read_here(pack.files[file.name], file.rows, LARGE, LARGE).to_pylist()
        self.log = pack.manifest.log

    def first(self, name, **wanted):
        return next(row for row in self.rows[name] if all(row[key] == value for key, value in wanted.items()))

    def signed(self, counts=None):
        files = [("BACA.txt", self.pack.files["BACA.txt"], 0)]
        for name, rows in self.rows.items():
            if rows:
                table = table_of(name, [[row[column] for column in TABLES[name].columns] for row in rows])
                files.append((file_of(name, 1), to_parquet(table), len(rows)))
        listed = [File(name, rows, len(content), sha256(content).hexdigest()) for name, content, rows in files]
        manifest = Manifest(
            self.pack.manifest.first, self.pack.manifest.last, self.log, counts or self.counts(), listed
        )
        signature = f"{self.pack.signer.id.hex()} {self.pack.signer.sign(WHAT, manifest.text).hex()}\n".encode()
        content = [(name, content) for name, content, _ in files]
        return archive_of([*content, (MANIFEST, manifest.text), (SIGNATURE, signature)])

    def counts(self):
        found = {"table": {name: len(rows) for name, rows in self.rows.items() if rows}}
        for name, columns in COUNTED.items():
            counter = Counter(" ".join(str(row[column]) for column in columns) for row in self.rows[name])
            found[name] = dict(sorted(counter.items()))
        return found
