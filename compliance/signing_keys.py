"""Keys with which a society signs: how they are made, and how their secret half is kept.

The secret half is encrypted with AES-256-GCM under a key derived from SIGNING_SECRET (HKDF, RFC 5869), bound to the
certificate that it belongs to: moved to another row it cannot be opened. Whoever has the database or a backup, but not
that setting, cannot sign.
"""

from __future__ import annotations

import functools
import secrets
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.x509.oid import NameOID
from django.conf import settings

from compliance.signing import Signer, signer

DOMAIN = b"toad-lane/signing-key/v1"
NONCE = 12  # bytes
LONGEST = 64  # letters of a name in a certificate (X.520)
NO_END = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # "no well-defined expiration date" (RFC 5280, 4.1.2.5)


class CannotOpen(Exception):
    """The secret half was encrypted under another SIGNING_SECRET."""


def make(*, society_name: str, register_number: str, number: int, at: datetime) -> tuple[bytes, bytes]:
    """A new key: its certificate (X.509 in DER, signed by itself) and its secret half, encrypted."""
    private = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, society_name[:LONGEST]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{register_number} share certificates {number}"[:LONGEST]),
        ]
    )
    usage = {name: name in ("digital_signature", "content_commitment") for name in USES}
    made = (
        x509.CertificateBuilder(issuer_name=named, subject_name=named, public_key=private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(NO_END)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    certificate = made.public_bytes(serialization.Encoding.DER)
    return certificate, _encrypted(private, certificate)


USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def _cipher() -> AESGCM:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=DOMAIN)
    return AESGCM(derived.derive(settings.SIGNING_SECRET.encode()))


def _encrypted(private: ec.EllipticCurvePrivateKey, certificate: bytes) -> bytes:
    plain = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher().encrypt(nonce, plain, DOMAIN + certificate)


@functools.lru_cache(maxsize=256)
def ready(certificate: bytes, private_key: bytes) -> Signer:
    """The key opened for signing, and kept so in this process. Raises CannotOpen."""
    try:
        plain = _cipher().decrypt(private_key[:NONCE], private_key[NONCE:], DOMAIN + certificate)
    except InvalidTag:
        raise CannotOpen(
            "The signing key was kept under another SIGNING_SECRET. Put that one back, or make new keys:"
            " manage.py rotate_signing_keys (docs/certificates.md)."
        ) from None
    return signer(certificate, serialization.load_der_private_key(plain, password=None))


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a certificate, as programs show it."""
    digest = x509.load_der_x509_certificate(certificate).fingerprint(hashes.SHA256())
    return digest.hex(":").upper()


def as_pem(certificate: bytes) -> str:
    """The certificate as text between two lines."""
    return x509.load_der_x509_certificate(certificate).public_bytes(serialization.Encoding.PEM).decode()
