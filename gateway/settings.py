"""The settings of an installation: read once from METERLINE_* of the environment, all mistakes told at once."""

import difflib
import ipaddress
import os
import re
import zoneinfo
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from core.basics import phone
from core.billing import profiles
from core.doors.model import STAFF

PREFIX = "METERLINE_"
SHORTEST_SECRET = 16

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SettingsError(Exception):
    """Something is wrong with the settings; the message has a line for each, and no value of a secret."""


def _listed(value: object) -> object:
    return tuple(part for part in re.split(r"[\s,]+", value) if part) if isinstance(value, str) else value


def _url(value: str) -> str:
    parts = urlsplit(value)
    try:
        right = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1) and parts.username is None
    except ValueError:
        right = False
    if not right or parts.query or parts.fragment or not value.isascii() or re.search(r"\s", value):
        raise ValueError("is not an address such as https://example.org, without user, query or fragment")
    return value.rstrip("/")


def _zone(value: str) -> str:
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("is not a time zone such as Europe/Moscow") from error
    return value


def _number(value: str) -> str:
    if not phone.is_e164(value):
        raise ValueError("each is a number such as +79001112233")
    return value


def _post(value: str) -> str:
    name, _, role = value.partition("=")
    if not name.isidentifier() or role not in STAFF:
        example = "one role such as ivanova=controller, or ivanova=controller,ivanova=clerk for two"
        raise ValueError(f"each is a name and {example}; roles are {', '.join(STAFF)}")
    return value


def _country(value: str) -> str:
    if value.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("each is a country such as RU or KZ")
    return value.upper()


def _network(value: object) -> object:
    try:
        return ipaddress.ip_network(str(value))
    except ValueError as error:
        raise ValueError("each is an address or a network such as 10.0.0.0/8") from error


def _profile(value: str) -> str:
    if value not in profiles.names():
        raise ValueError(f"is none of {', '.join(profiles.names())}")
    return value


def _secret(value: object) -> object:
    stripped = value.strip() if isinstance(value, str) else value
    if isinstance(stripped, str) and len(stripped) < SHORTEST_SECRET:
        raise ValueError(f"is {'shorter than' if stripped else 'empty: it needs'} {SHORTEST_SECRET} characters")
    return stripped


Url = Annotated[str, AfterValidator(_url)]
OptionalUrl = Annotated[str | None, AfterValidator(lambda value: None if value is None else _url(value))]
Secret = Annotated[SecretStr, BeforeValidator(_secret)]
OptionalSecret = Annotated[SecretStr | None, BeforeValidator(_secret)]
Port = Annotated[int, Field(ge=0, le=65535)]
Seconds = Annotated[float, Field(gt=0, le=86400, allow_inf_nan=False)]
Listed = BeforeValidator(_listed)


class StoreSettings(BaseSettings):
    """Where the data are: enough to migrate them."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)

    database_url: SecretStr | None = None
    data_dir: Path = Path(".meterline")

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is given: the environment is read by the functions below, so that tests do not depend on it."""
        return (init_settings,)

    @field_validator("database_url")
    @classmethod
    def _postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("is not an address such as postgresql://user@host/database")
        return value


class Settings(StoreSettings):
    """All settings of the gateway and its workers; times are in seconds.

    SMS through Twilio is switched on by its account, the bot by its token; each then needs its secret.
    """

    host: str = "127.0.0.1"
    port: Port = 8080
    staff_port: Port = 8081
    metrics_port: Port | None = None
    disk_path: Path | None = None
    public_url: Url = ""
    staff_url: OptionalUrl = None
    trusted_proxies: Annotated[tuple[Annotated[Network, BeforeValidator(_network)], ...], Listed] = ()

    key: Secret
    pepper: Secret
    session_key: OptionalSecret = None
    audit_token: OptionalSecret = None

    twilio_account_sid: str | None = None
    twilio_auth_token: OptionalSecret = None
    twilio_numbers: Annotated[tuple[Annotated[str, AfterValidator(_number)], ...], Listed] = ()
    twilio_api_base: Url = "https://api.twilio.com"
    poll_seconds: Seconds = 60.0

    telegram_token: OptionalSecret = None
    telegram_secret: OptionalSecret = None
    telegram_api_base: Url = "https://api.telegram.org"
    telegram_chat_seconds: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)] = 1.0

    send_timeout: Annotated[Seconds, Field(le=10)] = 10.0
    lease_seconds: Seconds = 60.0
    retry_seconds: Seconds = 30.0
    sends_per_second: Annotated[float, Field(ge=0.1, le=10_000, allow_inf_nan=False)] | None = None

    timezone: Annotated[str, AfterValidator(_zone)] = "Europe/Moscow"
    profile: Annotated[str, AfterValidator(_profile)] = "RU-household"
    countries: Annotated[tuple[Annotated[str, AfterValidator(_country)], ...], Listed, Field(min_length=1)] = ("RU",)
    amr_keys: OptionalSecret = None
    staff: Annotated[tuple[Annotated[str, AfterValidator(_post)], ...], Listed] = ()
    codes_per_hour: Annotated[int, Field(ge=1)] = 500
    answers_per_day: Annotated[int, Field(ge=1)] = 500
    task_sms_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    segment_price: Annotated[int, Field(ge=0, le=100_000)] = 0
    tell_payments_days: Annotated[int, Field(ge=0, le=31)] = 5

    @field_validator("public_url", mode="before")
    @classmethod
    def _own(cls, value: object, info: ValidationInfo) -> object:
        return value or f"http://127.0.0.1:{info.data.get('port', 0)}"

    @field_validator("twilio_auth_token", "twilio_numbers")
    @classmethod
    def _with_account(cls, value: SecretStr | tuple[str, ...] | None, info: ValidationInfo) -> object:
        return _together(value, info, switch="twilio_account_sid")

    @field_validator("telegram_token")
    @classmethod
    def _of_a_bot(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]+", value.get_secret_value()):
            raise ValueError("is not a bot's token such as 123456:ABC-DEF")
        return value

    @field_validator("telegram_secret")
    @classmethod
    def _with_bot(cls, value: SecretStr | None, info: ValidationInfo) -> object:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("may have only letters A-Z and a-z, digits, _ and -")
        return _together(value, info, switch="telegram_token")

    @field_validator("amr_keys")
    @classmethod
    def _named_keys(cls, value: SecretStr | None) -> SecretStr | None:
        for one in [] if value is None else value.get_secret_value().split(","):
            name, _, key = one.strip().partition("=")
            if not name.isidentifier() or len(key) < SHORTEST_SECRET:
                raise ValueError(f"each is a name, = and a key of at least {SHORTEST_SECRET} characters")
        return value

    @field_validator("lease_seconds")
    @classmethod
    def _longer_than_a_call(cls, value: float, info: ValidationInfo) -> float:
        if value <= info.data.get("send_timeout", 0):
            raise ValueError(f"must be longer than {PREFIX}SEND_TIMEOUT")
        return value


_AnySettings = TypeVar("_AnySettings", bound=StoreSettings)

_SECRETS = frozenset(
    name for name, field in Settings.model_fields.items() if field.annotation in (SecretStr, SecretStr | None)
)
_NEEDED_WITH = {
    "database_url": "database_url",
    "twilio_auth_token": "twilio_account_sid",
    "telegram_secret": "telegram_token",
    "telegram_token": "telegram_secret",
}


def load_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """The settings in this environment. A secret may also be named by a file: METERLINE_KEY_FILE.

    :raises SettingsError: something is missing, wrong, or spelt almost like a setting; all of it is told.
    """
    return _load(Settings, env)


def load_store_settings(env: Mapping[str, str] = os.environ) -> StoreSettings:
    """Where the data are, for commands that touch no customer's data and need no secrets.

    :raises SettingsError: as `load_settings`.
    """
    return _load(StoreSettings, env)


def _load(kind: type[_AnySettings], env: Mapping[str, str]) -> _AnySettings:
    problems = _misspelt(env)
    given: dict[str, str] = {}
    unread = set()
    for name in kind.model_fields:
        try:
            value = _given(name, env)
        except SettingsError as error:
            problems.append(str(error))
            unread.add(name)
            value = "?" * SHORTEST_SECRET
        if value is not None:
            given[name] = value
    try:
        settings = kind.model_validate(given)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False, include_context=False)
        problems += [_told(one) for one in wrong if one["loc"][0] not in unread]
    if problems:
        raise SettingsError("\n".join(dict.fromkeys(problems)))
    return settings


def _given(name: str, env: Mapping[str, str]) -> str | None:
    """What the environment says of the setting; None where it says nothing.

    An empty value says nothing, but for the secret of a part that is switched on.
    """
    variable = PREFIX + name.upper()
    value = env.get(variable)
    file = env.get(f"{variable}_FILE", "").strip() if name in _SECRETS else ""
    if not file:
        silent = not (value or "").strip() and (name not in _SECRETS or not _is_on(name, env))
        return None if silent else value
    if value is not None and value.strip():
        raise SettingsError(f"{variable}_FILE: is given together with {variable}")
    try:
        return Path(file).read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{variable}_FILE: {file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{variable}_FILE: {file} is not text") from error


def _is_on(secret: str, env: Mapping[str, str]) -> bool:
    if secret not in _NEEDED_WITH:
        return True
    variable = PREFIX + _NEEDED_WITH[secret].upper()
    return any(env.get(one, "").strip() for one in (variable, f"{variable}_FILE"))


def _together(value: SecretStr | tuple[str, ...] | None, info: ValidationInfo, *, switch: str) -> object:
    on = info.data.get(switch, "wrong, so it was given") is not None
    if on and not value:
        raise ValueError(f"is missing, while {PREFIX}{switch.upper()} is set")
    if value and not on:
        raise ValueError(f"is given without {PREFIX}{switch.upper()}")
    return value


def _misspelt(env: Mapping[str, str]) -> list[str]:
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    known += [f"{PREFIX}{name.upper()}_FILE" for name in _SECRETS]
    strange = sorted(
        name for name in env if name.startswith(PREFIX) and name not in known and not name.startswith(f"{PREFIX}TEST_")
    )
    near = {name: difflib.get_close_matches(name, known, n=1, cutoff=0.9) for name in strange}
    return [f"{name}: is not a setting; {found[0]} is" for name, found in near.items() if found]


def _told(error: ErrorDetails) -> str:
    message = "is missing" if error["type"] == "missing" else error["msg"].removeprefix("Value error, ")
    return f"{PREFIX}{str(error['loc'][0]).upper()}: {message[0].lower()}{message[1:]}"
