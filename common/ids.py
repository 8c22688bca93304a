"""Keys of rows: UUID version 7, made by the application, in order of time (RFC 9562, section 5.7).

They show when a row was made and can be guessed in part: never use one as a secret. Secrets: `token()`.
"""

import os
import secrets
import time
import uuid


def uuid7() -> uuid.UUID:
    """A new key: 48 bits of milliseconds, then 74 random bits."""
    stamp = time.time_ns() // 1_000_000
    value = (stamp << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def token() -> str:
    """A public secret for a link: 160 random bits as 27 characters that are safe in an address."""
    return secrets.token_urlsafe(20)
