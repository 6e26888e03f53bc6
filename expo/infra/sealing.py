"""Encryption and keyed hashes of secrets in the database, with keys derived from the installation's secret key."""

import functools
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from expo.errors import Unavailable

NONCE_BYTES = 12


def seal(purpose: str, secret: bytes) -> bytes:
    """Return `secret` encrypted and authenticated for one purpose."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key(current_app.config["SECRET_KEY"], purpose)).encrypt(nonce, secret, purpose.encode())


def unseal(purpose: str, sealed: bytes) -> bytes:
    """Decrypt a sealed secret. Raises Unavailable `secret_key_changed` if it was sealed with another secret key."""
    return _open(current_app.config["SECRET_KEY"], purpose, sealed)


def keyed_digest(purpose: str, text: str) -> str:
    """Return the HMAC-SHA256 of a text for one purpose, which nobody can compute without the secret key."""
    return hmac.new(_key(current_app.config["SECRET_KEY"], purpose), text.encode(), hashlib.sha256).hexdigest()


@functools.lru_cache(maxsize=32)
def _open(secret_key: str, purpose: str, sealed: bytes) -> bytes:
    """Decrypt a secret once and cache it in memory, so that signing a badge takes microseconds."""
    nonce, encrypted = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(_key(secret_key, purpose)).decrypt(nonce, encrypted, purpose.encode())
    except InvalidTag:
        raise Unavailable("secret_key_changed") from None


@functools.lru_cache(maxsize=8)
def _key(secret_key: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"expo.{purpose}".encode()).derive(secret_key.encode())
