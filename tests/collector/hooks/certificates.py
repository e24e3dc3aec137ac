"""Which certificate has signed? One made here, of a key that nobody else has."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

RSA_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def certificate(at_s: int, *, days: tuple[int, int] = (-1, 1)) -> bytes:
    """PEM; it holds from so many days to so many days after an instant, seconds."""
    at = datetime.fromtimestamp(at_s, UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "messageverificationcerts.paypal.com")])
    made = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=RSA_KEY.public_key(), serial_number=7)
        .not_valid_before(at + timedelta(days=days[0]))
        .not_valid_after(at + timedelta(days=days[1]))
        .sign(RSA_KEY, SHA256())
    )
    return made.public_bytes(Encoding.PEM)
