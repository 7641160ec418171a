"""How an employee proves who he is: a password, kept as its Argon2 hash, and a code of his authenticator (RFC 6238)."""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.employees.model import STEP

ISSUER = "Meterline"
_PURPOSE = b"employee's codes"
_HASHER = PasswordHasher()
_CODE = re.compile(r"[0-9]{6}", re.ASCII)


def hashed(password: str) -> str:
    """What is kept of a password. Takes some tens of milliseconds, and as many MiB, on purpose."""
    return _HASHER.hash(password)


def is_password(kept: str | None, password: str) -> bool:
    """Whether it is the password that is kept; as slow where none is."""
    try:
        return _HASHER.verify(kept or _nobodys(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_hex(16))


def new_secret() -> str:
    """The secret of an authenticator, in base32."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, *, at: datetime) -> int | None:
    """The step of time whose code this is, None where it is none of now, nor of the step before or after."""
    digits = re.sub(r"\s", "", code)
    if not _CODE.fullmatch(digits):
        return None
    generated, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP
    fitting = [step for step in (now, now - 1, now + 1) if hmac.compare_digest(generated.generate_otp(step), digits)]
    return fitting[0] if fitting else None


def code_of(secret: str, *, at: datetime) -> str:
    """The code that an authenticator shows at that time."""
    return pyotp.TOTP(secret).generate_otp(int(at.timestamp()) // STEP)


def address(secret: str, login: str, *, company: str) -> str:
    """What an authenticator reads from the picture: otpauth://totp/…"""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=company or ISSUER)


def new_invitation() -> str:
    """A code that is typed once, such as ABCDE-FGHIJ-KLMNO-PQRST; a hundred bits."""
    text = base64.b32encode(secrets.token_bytes(13)).decode()[:20]
    return "-".join(text[place : place + 5] for place in range(0, 20, 5))


def invitation_digest(code: str) -> bytes:
    """The hash by which an invitation is known again, however it was typed."""
    return hashlib.sha256(b"invitation\0" + re.sub(r"[\s-]", "", code).upper().encode()).digest()


def seal_purpose() -> bytes:
    """What the sealed secret of codes is bound to."""
    return _PURPOSE
