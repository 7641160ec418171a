"""Settings from an environment: what is refused, and that all of it is told without a secret."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from gateway.settings import SettingsError, load_settings, load_store_settings

BASE = {"METERLINE_KEY": "key of sixteen characters", "METERLINE_PEPPER": "pepper of sixteen characters"}
TWILIO = {
    "METERLINE_TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "METERLINE_TWILIO_AUTH_TOKEN": "token of sixteen characters",
    "METERLINE_TWILIO_NUMBERS": "+79001112233",
}
TELEGRAM = {
    "METERLINE_TELEGRAM_TOKEN": "123456:token-of-the-bot",
    "METERLINE_TELEGRAM_SECRET": "secret-of-the-webhook",
}
ALL = BASE | TWILIO | TELEGRAM | {"METERLINE_AUDIT_TOKEN": "token of the auditor"}
REQUIRED = ["KEY", "PEPPER", "TWILIO_AUTH_TOKEN", "TELEGRAM_SECRET"]


def refused(env: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as told:
        load_settings(env)
    return str(told.value).splitlines()


def test_defaults() -> None:
    settings = load_settings(BASE)
    assert settings.public_url == "http://127.0.0.1:8080"
    assert (settings.host, settings.port, settings.staff_port) == ("127.0.0.1", 8080, 8081)
    assert (settings.timezone, settings.profile, settings.countries) == ("Europe/Moscow", "RU-household", ("RU",))
    assert (settings.lease_seconds, settings.retry_seconds, settings.send_timeout, settings.poll_seconds) == (
        60,
        30,
        10,
        60,
    )
    assert settings.twilio_api_base == "https://api.twilio.com"
    assert settings.data_dir == Path(".meterline")
    assert settings.database_url is None


# Q1
def test_everything_comes_from_environment() -> None:
    settings = load_settings(
        ALL
        | {
            "METERLINE_PORT": "9000",
            "METERLINE_PUBLIC_URL": "https://sms.example.org/in/",
            "METERLINE_DATABASE_URL": "postgresql://meterline@db/meterline",
            "METERLINE_TWILIO_API_BASE": "http://127.0.0.1:9999",
            "METERLINE_TELEGRAM_API_BASE": "http://127.0.0.1:9998/",
            "METERLINE_TWILIO_NUMBERS": "+79001112233, +79001112244",
            "METERLINE_TRUSTED_PROXIES": "10.0.0.0/8,::1",
            "METERLINE_COUNTRIES": "ru, KZ",
            "METERLINE_LEASE_SECONDS": "2.5",
            "METERLINE_SEND_TIMEOUT": "0.5",
            "METERLINE_TIMEZONE": "Asia/Almaty",
        }
    )
    assert settings.public_url == "https://sms.example.org/in"
    assert settings.telegram_api_base == "http://127.0.0.1:9998"
    assert settings.twilio_numbers == ("+79001112233", "+79001112244")
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1"))
    assert settings.countries == ("RU", "KZ")
    assert (settings.lease_seconds, settings.send_timeout) == (2.5, 0.5)


def test_public_url_follows_port() -> None:
    assert load_settings(BASE | {"METERLINE_PORT": "9000"}).public_url == "http://127.0.0.1:9000"


# Q2
@pytest.mark.parametrize("value", [None, "", "   ", "short", "  fifteen chars  "])
@pytest.mark.parametrize("secret", REQUIRED)
def test_secret_of_a_part_that_is_on_is_required(secret: str, value: str | None) -> None:
    env = {name: given for name, given in ALL.items() if name != f"METERLINE_{secret}"}
    lines = refused(env if value is None else env | {f"METERLINE_{secret}": value})
    assert [line.partition(":")[0] for line in lines] == [f"METERLINE_{secret}"]


# Q2
@pytest.mark.parametrize("value", ["", "   ", "short"])
@pytest.mark.parametrize("secret", ["AUDIT_TOKEN", "SESSION_KEY", "TELEGRAM_TOKEN"])
def test_optional_secret_is_long_where_given(secret: str, value: str) -> None:
    assert refused(ALL | {f"METERLINE_{secret}": value})[0].startswith(f"METERLINE_{secret}: ")


def test_parts_that_are_off_may_be_empty() -> None:
    load_settings(BASE | dict.fromkeys({**TWILIO, **TELEGRAM, "METERLINE_DATABASE_URL": ""}, ""))


@pytest.mark.parametrize(
    ("without", "told"),
    [
        ("TWILIO_ACCOUNT_SID", "METERLINE_TWILIO_AUTH_TOKEN: is given without METERLINE_TWILIO_ACCOUNT_SID"),
        ("TWILIO_NUMBERS", "METERLINE_TWILIO_NUMBERS: is missing, while METERLINE_TWILIO_ACCOUNT_SID is set"),
        ("TELEGRAM_TOKEN", "METERLINE_TELEGRAM_SECRET: is given without METERLINE_TELEGRAM_TOKEN"),
    ],
)
def test_half_a_part_is_refused(without: str, told: str) -> None:
    assert told in refused({name: value for name, value in ALL.items() if name != f"METERLINE_{without}"})


WRONG = {
    "PORT": "many",
    "STAFF_PORT": "65536",
    "PUBLIC_URL": "sms.example.org",
    "TRUSTED_PROXIES": "10.0.0.0/8,proxy",
    "TWILIO_NUMBERS": "+79001112233,89001112244",
    "TWILIO_API_BASE": "https://user:password@example.org",
    "LEASE_SECONDS": "10",
    "RETRY_SECONDS": "nan",
    "POLL_SECONDS": "-5",
    "TIMEZONE": "../../etc/passwd",
    "PROFILE": "../nowhere",
    "COUNTRIES": "RU,ZZ",
    "DATABASE_URL": "mysql://root:password@db",
    "TELEGRAM_SECRET": "секрет из шестнадцати букв",
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_value_is_told_by_its_name_alone(name: str) -> None:
    (line,) = refused(ALL | {f"METERLINE_{name}": WRONG[name]})
    assert line.startswith(f"METERLINE_{name}: ")
    assert WRONG[name] not in line


def test_all_mistakes_are_told_at_once() -> None:
    lines = refused({f"METERLINE_{name}": value for name, value in WRONG.items()} | {"METERLINE_SEND_TIMEOUT": "10"})
    assert {line.partition(":")[0] for line in lines} >= {f"METERLINE_{name}" for name in [*WRONG, "KEY", "PEPPER"]}


@pytest.mark.parametrize(
    "url", ["ftp://x", "https://", "https://x:port", "https://x/?a=1", "https://x/#a", "https://x y"]
)
def test_odd_public_url(url: str) -> None:
    assert refused(BASE | {"METERLINE_PUBLIC_URL": url})[0].startswith("METERLINE_PUBLIC_URL: ")


def test_secret_is_read_from_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("key of the file, long\n")
    settings = load_settings(
        {"METERLINE_PEPPER": BASE["METERLINE_PEPPER"], "METERLINE_KEY_FILE": str(tmp_path / "key")}
    )
    assert settings.key.get_secret_value() == "key of the file, long"


def test_file_of_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "short").write_text("short")
    (tmp_path / "bytes").write_bytes(b"\xff" * 20)
    base = {"METERLINE_PEPPER": BASE["METERLINE_PEPPER"]}
    assert refused(base | {"METERLINE_KEY_FILE": str(tmp_path / "short")})[0].startswith("METERLINE_KEY: is shorter")
    assert refused(base | {"METERLINE_KEY_FILE": str(tmp_path / "bytes")})[0].startswith("METERLINE_KEY_FILE: ")
    (line,) = refused(base | {"METERLINE_KEY_FILE": str(tmp_path / "none")})
    assert line.startswith("METERLINE_KEY_FILE: ")
    assert refused(BASE | {"METERLINE_KEY_FILE": str(tmp_path / "short")})[0].startswith("METERLINE_KEY_FILE: is given")


def test_token_of_bot_from_file_switches_it_on(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TELEGRAM["METERLINE_TELEGRAM_TOKEN"])
    lines = refused(BASE | {"METERLINE_TELEGRAM_TOKEN_FILE": str(tmp_path / "token"), "METERLINE_TELEGRAM_SECRET": " "})
    assert lines[0].startswith("METERLINE_TELEGRAM_SECRET: ")


# Q2
def test_no_secret_is_ever_printed() -> None:
    env = ALL | {"METERLINE_DATABASE_URL": "postgresql://meterline:password@db/meterline"}
    settings = load_settings(env)
    shown = repr(settings) + str(settings) + settings.model_dump_json()
    secrets = [env[name] for name in (*BASE, "METERLINE_TWILIO_AUTH_TOKEN", *TELEGRAM, "METERLINE_AUDIT_TOKEN")]
    assert not [secret for secret in [*secrets, "password"] if secret in shown]
    told = "\n".join(refused(env | {"METERLINE_PORT": "x", "METERLINE_KEY": "too short"}))
    assert not [secret for secret in [*secrets, "too short"] if secret in told]


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings(BASE).port = 1


def test_misspelt_setting_is_told() -> None:
    assert refused(BASE | {"METERLINE_TIMEZOEN": "Europe/Moscow"}) == [
        "METERLINE_TIMEZOEN: is not a setting; METERLINE_TIMEZONE is"
    ]
    load_settings(BASE | {"METERLINE_TEST_DATABASE_URL": "x", "METERLINE_CASES": "x"})


def test_environment_of_tester_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METERLINE_PORT", "1")
    assert load_settings(BASE).port == 8080


def test_settings_of_store_need_no_secrets() -> None:
    settings = load_store_settings({"METERLINE_DATA_DIR": "elsewhere", "METERLINE_PORT": "not looked at"})
    assert settings.data_dir == Path("elsewhere")
