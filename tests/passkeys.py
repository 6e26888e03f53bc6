"""A software passkey, which simulates a phone or security key in tests without a browser."""

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT_AND_VERIFIED = 0x05
HAS_CREDENTIAL = 0x40


class SoftwarePasskey:
    """A key pair with a counter, bound to one site."""

    def __init__(self, site: str, origin: str) -> None:
        self.site, self.origin = site, origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.count = 0

    def register(self, options: dict[str, Any]) -> dict[str, Any]:
        """Respond to registration options."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        credential = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        data = self._data(PRESENT_AND_VERIFIED | HAS_CREDENTIAL) + credential
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._client_data("webauthn.create", options["challenge"])
        response = {"clientDataJSON": said, "attestationObject": attestation}
        return self._answer(response, transports=["internal", "nonsense"])

    def prove(self, options: dict[str, Any]) -> dict[str, Any]:
        """Respond to sign-in options."""
        self.count += 1
        data = self._data(PRESENT_AND_VERIFIED)
        said = self._client_data("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer({"clientDataJSON": said, "authenticatorData": data, "signature": signature})

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, bytes], **more: Any) -> dict[str, Any]:
        named = bytes_to_base64url(self.id)
        said = {name: bytes_to_base64url(value) for name, value in response.items()} | more
        return {"id": named, "rawId": named, "type": "public-key", "response": said, "clientExtensionResults": {}}
