"""TLS between stations and server: pinned to one authority; in the demo one of our own, made on first use (§5.4; R-041)."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from posko.db.secrets import write_secret
from posko.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from posko.settings import Settings

FOLDER = "station-tls"
LIFE = dt.timedelta(days=825)
NAMES = ("localhost",)
ADDRESSES = ("127.0.0.1", "::1")


def server_files(settings: Settings) -> tuple[Path, Path]:
    """Return the files of the server's certificate chain and key; the demo makes them.

    Raises:
        ConfigurationError: production without files of its own, or only one of the two.
    """
    chain, key = settings.station_tls_cert_file, settings.station_tls_key_file
    if chain is not None and key is not None:
        return settings.path(chain), settings.path(key)
    if chain is not None or key is not None or settings.environment == "production":
        raise ConfigurationError(
            "POSKO_STATION_TLS_CERT_FILE dan POSKO_STATION_TLS_KEY_FILE harus diisi keduanya. Pasang sertifikat server dahulu."
        )
    folder = settings.secrets / FOLDER
    if not (folder / "server.pem").exists():
        _make(folder)
    return folder / "server.pem", folder / "server-key.pem"


def client_context(settings: Settings) -> ssl.SSLContext:
    """Return what a station checks the server with: TLS 1.2 or later, the pinned authority and no other.

    Raises:
        ConfigurationError: the file of the authority is missing or none.
    """
    file = settings.station_ca_file
    path = settings.path(file) if file is not None else settings.secrets / FOLDER / "ca.pem"
    try:
        made = ssl.create_default_context(cafile=str(path))
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(
            f"Berkas otoritas sertifikat {path} tidak ada atau rusak. Salin dari BNSP, lalu isi POSKO_STATION_CA_FILE."
        ) from error
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def _make(folder: Path) -> None:
    """Make an authority and a certificate for this machine; the authority's key is not kept, so it vouches for nothing else."""
    authority, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "POSKO demo")])
    ca = (
        _builder(name, name, authority.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority.public_key()), critical=False)
        .sign(authority, SHA256())
    )
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAMES[0])])
    names = [*map(x509.DNSName, NAMES), *(x509.IPAddress(ipaddress.ip_address(one)) for one in ADDRESSES)]
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    leaf = (
        _builder(own, name, server.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority, SHA256())
    )
    key = server.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_secret(folder / "server-key.pem", key)
    write_secret(folder / "ca.pem", ca.public_bytes(Encoding.PEM))
    write_secret(folder / "server.pem", leaf.public_bytes(Encoding.PEM))


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + LIFE)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
