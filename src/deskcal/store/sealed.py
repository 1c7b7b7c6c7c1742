"""Texts that nobody can read at rest: sealed with a key derived from the installation's secret key."""

from base64 import urlsafe_b64encode
from typing import NewType

import structlog
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Sealed = NewType("Sealed", bytes)

logger = structlog.get_logger()


class Seal:
    """Closes texts and opens them again."""

    def __init__(self, secret_key: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"deskcal sealed texts")
        self._fernet = Fernet(urlsafe_b64encode(derived.derive(secret_key.encode())))

    def close(self, text: str) -> Sealed:
        return Sealed(self._fernet.encrypt(text.encode()))

    def open(self, sealed: Sealed | None) -> str | None:
        """Read a text again; None, with a warning, when it was sealed with another secret key."""
        if sealed is None:
            return None
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            logger.warning(
                "sealed_text_unreadable", action="start with the secret key that it was sealed with"
            )
            return None
