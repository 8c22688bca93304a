"""Keys of rows: UUID version 7, made by the application, in order of time (RFC 9562, section 5.7).

They show when a row was made and can be guessed in part: never use one as a secret. Secrets: `token()`.
"""

import os
import secrets
import time
import uuid


def uuid7() -> uuid.UUID:
    """A new key: 48 bits of milliseconds, 12 bits of their fraction (method 3 of section 6.2), 62 random bits."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    value = (milliseconds << 80) | (0x7 << 76) | ((rest * 4096 // 1_000_000) << 64)
    value |= int.from_bytes(os.urandom(8), "big")
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def parsed(text: str) -> uuid.UUID | None:
    """The key that a form names; None where it names none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def token() -> str:
    """A public secret for a link: 160 random bits as 27 characters that are safe in an address."""
    return secrets.token_urlsafe(20)
