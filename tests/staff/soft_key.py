"""A key made of software: what a browser sends when a passkey is made or used."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

HOST = "testserver"
FLAG = AuthenticatorData.FLAG


@dataclass(frozen=True)
class SoftKey:
    """One key on one device."""

    name: bytes = b"a soft key of the tests"
    secret: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def made_for(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer the options of the page for adding a passkey."""
        key = ES256.from_cryptography_key(self.secret.public_key())
        data = AttestedCredentialData.create(bytes(16), self.name, key)
        seen = AuthenticatorData.create(_host_digest(), FLAG.UP | FLAG.AT, 0, data)
        return self._answer(
            clientDataJSON=_client_data("webauthn.create", options),
            attestationObject=AttestationObject.create("none", seen, {}),
        )

    def shown_for(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer the options of the sign-in."""
        asked = _client_data("webauthn.get", options)
        seen = AuthenticatorData.create(_host_digest(), FLAG.UP, 1)
        signature = self.secret.sign(seen + asked.hash, ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=asked, authenticatorData=seen, signature=signature)

    def _answer(self, **parts: bytes) -> dict[str, Any]:
        own = websafe_encode(self.name)
        response = {name: websafe_encode(part) for name, part in parts.items()}
        return {"id": own, "rawId": own, "type": "public-key", "response": response}


def _client_data(act: str, options: dict[str, Any]) -> CollectedClientData:
    challenge = websafe_decode(options["publicKey"]["challenge"])
    return CollectedClientData.create(act, challenge, f"https://{HOST}")


def _host_digest() -> bytes:
    return sha256(HOST.encode()).digest()
