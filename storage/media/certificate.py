"""The certificate that signs this installation's films: the operator's own, or one made at first use.

A leaf signed by a root of our own: C2PA takes no leaf without an issuer. Programs that check the signature find the
film unchanged, and its signer unknown to them: only an operator's certificate from a trusted authority changes that.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from bot.errors import StorageError
from storage.media.disk import finishing, renaming

LIFE: Final = timedelta(days=3650)
SPARE: Final = timedelta(days=30)
"""Before its end so much time a certificate of ours is replaced."""
_CURVES: Final = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}


@dataclass(frozen=True, slots=True)
class Signing:
    """A chain of certificates and the key of the first, in PEM, and the algorithm's name in C2PA."""

    chain: bytes
    key: bytes
    algorithm: str


def given(chain: Path, key: Path) -> Signing:
    """The operator's own. Raises `StorageError` when it cannot be read."""
    with renaming():
        return _signing(chain.read_bytes(), key.read_bytes())


def checked(chain: Path | None, key: Path | None) -> None:
    """Raise `StorageError`, which says why, for an operator's certificate that cannot sign."""
    if chain is None or key is None:
        raise StorageError(f"provenance.{'key' if key is None else 'certificate'} is not set")
    signing = given(chain, key)
    first, secret = x509.load_pem_x509_certificate(signing.chain), load_pem_private_key(signing.key, None)
    if first.public_key() != secret.public_key():
        raise StorageError("the key is not that of the first certificate")
    if first.not_valid_after_utc < datetime.now(UTC):
        raise StorageError(f"the certificate ended on {first.not_valid_after_utc:%Y-%m-%d}")


def own(folder: Path) -> Signing:
    """This installation's, from `folder`; made when there is none or it is about to end. Raises `StorageError`."""
    file = folder / "signing.pem"
    with renaming():
        if file.exists():
            key, mark, chain = file.read_bytes().partition(b"-----BEGIN CERTIFICATE-----")
            if mark and x509.load_pem_x509_certificate(mark + chain).not_valid_after_utc > datetime.now(UTC) + SPARE:
                return _signing(mark + chain, key)
        made = _made()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with finishing(file) as part:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(made.key + made.chain)
                out.flush()
                os.fsync(out.fileno())
    return made


def _signing(chain: bytes, key: bytes) -> Signing:
    try:
        x509.load_pem_x509_certificate(chain)
        secret = load_pem_private_key(key, None)
    except (ValueError, TypeError) as error:
        raise StorageError(f"the certificate or its key cannot be read: {error}") from error
    if isinstance(secret, ec.EllipticCurvePrivateKey):
        return Signing(chain, key, _CURVES.get(secret.curve.name, "es256"))
    if isinstance(secret, rsa.RSAPrivateKey):
        return Signing(chain, key, "ps256")
    if isinstance(secret, ed25519.Ed25519PrivateKey):
        return Signing(chain, key, "ed25519")
    raise StorageError("the certificate's key is of a kind that C2PA does not know")


def _made() -> Signing:
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, name = _name("olympic-bot root"), _name("olympic-bot")
    root = (
        _begun(root_name, root_name, root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _begun(name, root_name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    chain = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (leaf, root))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return Signing(chain, pem, "es256")


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + LIFE)
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "An olympic-bot installation"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )
