"""Sealing for one receiver: a fresh X25519 key, HKDF-SHA256, AES-256-GCM (R-185, R-187).

sealed = public half of the fresh key (32) | nonce (12) | ciphertext with its tag (16). Only the receiver's private key opens it, and only
under the context that it was sealed for: what was meant as one thing cannot be shown as another.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from biometrics.errors import BiometricError

KEY_BYTES, NONCE_BYTES = 32, 12
OVERHEAD = KEY_BYTES + NONCE_BYTES + 16


class SealBroken(BiometricError):
    """These bytes were not sealed for this receiver and this use, or were changed since."""

    def __init__(self) -> None:
        super().__init__("Berkas tersegel rusak atau bukan untuk komputer ini. Minta yang baru dari server.")


def seal(data: bytes, receiver: bytes, context: str) -> bytes:
    """Seal bytes for the holder of a key.

    Args:
        data: what to seal.
        receiver: public X25519 key, 32 bytes.
        context: what it is, for whom; the opener must say the same.
    """
    fresh = X25519PrivateKey.generate()
    shown = fresh.public_key().public_bytes_raw()
    shared = fresh.exchange(X25519PublicKey.from_public_bytes(receiver))
    nonce = secrets.token_bytes(NONCE_BYTES)
    return shown + nonce + _cipher(shared, shown, receiver, context).encrypt(nonce, data, context.encode())


def unseal(sealed: bytes, key: X25519PrivateKey, context: str) -> bytes:
    """Open what was sealed for this key and context.

    Raises:
        SealBroken: it was not, or it was changed.
    """
    if len(sealed) < OVERHEAD:
        raise SealBroken
    shown, nonce = sealed[:KEY_BYTES], sealed[KEY_BYTES : KEY_BYTES + NONCE_BYTES]
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(shown))
        cipher = _cipher(shared, shown, key.public_key().public_bytes_raw(), context)
        return cipher.decrypt(nonce, sealed[KEY_BYTES + NONCE_BYTES :], context.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def _cipher(shared: bytes, shown: bytes, receiver: bytes, context: str) -> AESGCM:
    info = b"posko-station-seal-1" + shown + receiver + context.encode()
    return AESGCM(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(shared))
