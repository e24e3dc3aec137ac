"""Has PayPal signed it? By the private key of a certificate, of which a header says where it stands.

    <transmission id>|<transmission time>|<the webhook's id>|<CRC-32 of the body>      RSA, SHA-256, PKCS #1 v1.5

Such a certificate is believed because it was fetched from PayPal itself, by TLS (`address_of`), and on the days only
of which it says that it holds. A call that comes again is known by the id of its event. Pure: it is given.

Source: https://developer.paypal.com/api/rest/webhooks/rest/
"""

import base64
import re
import zlib
from datetime import UTC, datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate

from collector.hooks.call import Call

ADDRESS: Final = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)*\.paypal\.com/v1/notifications/certs/[A-Za-z0-9_-]+")
"""Nothing that could lead to another of its pages, where somebody else may have written: no dots, nothing escaped."""
MAX_ADDRESS: Final = 500


def address_of(call: Call) -> str | None:
    """Where the certificate stands that the call names; None when that is not PayPal's: nobody else is asked."""
    address = call.headers.get("paypal-cert-url", "")
    is_theirs = len(address) <= MAX_ADDRESS and ADDRESS.fullmatch(address)
    return address if is_theirs else None


def vouches(certificate: bytes, webhook_id: str, call: Call) -> bool:
    """Whether it has signed this call, for this webhook. certificate: PEM. Raises ValueError, KeyError."""
    loaded = load_pem_x509_certificate(certificate)
    now = datetime.fromtimestamp(call.at / 1_000, UTC)
    key = loaded.public_key()
    holds = loaded.not_valid_before_utc <= now <= loaded.not_valid_after_utc
    if not holds or not isinstance(key, rsa.RSAPublicKey):
        return False
    sent, at = call.headers["paypal-transmission-id"], call.headers["paypal-transmission-time"]
    signed = f"{sent}|{at}|{webhook_id}|{zlib.crc32(call.body)}".encode()
    try:
        key.verify(base64.b64decode(call.headers["paypal-transmission-sig"]), signed, padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True
