"""/metrics of a running gateway: what is there, what is never in it, and the rules that watch it."""

import re
from dataclasses import replace
from datetime import date

import aiohttp
import asyncpg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway import guarding, serving
from gateway.metrics import Metrics
from tests import make
from tests.flows.conftest import AUDIT, Street, free_port
from tests.flows.test_network import post, sid
from tests.house import tree
from tests.make import A, M

HERO = "+79780001705"
RULES = tree.text(tree.ROOT / "docs" / "deploy" / "alerts.yml")
NAMED = re.compile(r"\bmeterline_[a-z_]+")
ALERT = re.compile(r"- alert: (\w+)")

Told = dict[str, dict[str, float]]
"""Values by metric, then by their labels."""


@pytest.fixture
async def hero(company: asyncpg.Connection) -> int:
    claims = (("2025-10", "431.60", date(2025, 11, 10)),)
    return await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"),), claims=claims))


async def scraped(town: Street, bearer: str = AUDIT) -> str:
    address = f"http://127.0.0.1:{town.parts.settings.staff_port}/metrics"
    headers = {"Authorization": f"Bearer {bearer}"}
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as response:
        assert response.status == 200, response.status
        return await response.text()


def read(text: str) -> Told:
    told: Told = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            told.setdefault(sample.name, {})[",".join(sample.labels.values())] = sample.value
    return told


async def test_what_happened_is_counted(town: Street, hero: int) -> None:
    await town.text(HERO, "04512")
    await post(town, "долг", sid=sid(7))
    await post(town, "долг", sid=sid(7))
    await post(town, "долг", sid=sid(8), token="another token for tests")
    await town.quiet()
    told = read(await scraped(town))
    assert told["meterline_inbound_total"] == {"answered": 2, "repeated": 1}
    assert told["meterline_inbound_unavailable_total"] == {"": 0}
    assert told["meterline_webhooks_refused_total"] == {"signature": 1}
    assert told["meterline_sends_total"] == {"taken": 2}
    assert told["meterline_answer_seconds_count"] == {"": 3}
    assert told["meterline_batch_messages_sum"] == {"": 3}
    assert told["meterline_outbox_messages"] == {"ready": 0, "sending": 0, "unknown": 0}
    assert told["meterline_database_up"] == {"": 1}
    assert told["meterline_quarantined"] == {"": 0}
    assert told["meterline_breaker_open"] == {"": 0}
    assert told["meterline_database_bytes"][""] > 1_000_000
    assert 0 < told["meterline_disk_used_ratio"][""] < 1
    assert told["process_resident_memory_bytes"][""] > 1_000_000


async def test_what_is_wrong_is_seen(town: Street, hero: int, company: asyncpg.Connection) -> None:
    await town.text(HERO, "04512")
    await company.execute("update account_states set balance = balance + 1")
    await company.execute("insert into alarms (kind, about, at) values ('quarantined', 'SM1', now())")
    await company.execute(
        "insert into jobs (name, period, state)"
        " values ('close-day', '2025-11-20', 'failed'), ('prove', '2025-11-20', 'done')"
    )
    held = "owner = 'nobody', lease_until = now() + interval '1 hour', created_at = now() - interval '20 minutes'"
    await company.execute("update outbox set state = 'ready', " + held)
    await scraped(town)
    told = read(await scraped(town))
    for _ in range(100):
        if told.get("meterline_must_be_zero"):
            break
        told = read(await scraped(town))
    assert told["meterline_must_be_zero"]["balance_differs"] == 1
    assert told["meterline_must_be_zero"]["ledger_sum"] == 0
    assert told["meterline_quarantined"] == {"": 1}
    assert told["meterline_alarms_hour"]["quarantined"] == 1
    assert told["meterline_jobs_failed"] == {"close-day": 1}
    assert told["meterline_job_overdue_seconds"]["prove"] > 0
    assert told["meterline_outbox_oldest_seconds"]["ready"] >= 1200


async def test_a_process_has_a_port_of_its_own_for_monitors(town: Street, hero: int, database: str) -> None:
    """As `meterline work` has, which listens nowhere else."""
    told = town.parts.settings.model_copy(update={"metrics_port": free_port()})
    guard = guarding.Guard()
    parts = replace(town.parts, settings=told)
    async with serving.monitored(parts, Metrics(parts, {"metrics": guard}), guard), aiohttp.ClientSession() as session:
        base = f"http://127.0.0.1:{told.metrics_port}"
        async with session.get(f"{base}/health") as health:
            assert health.status == 200
        async with session.get(f"{base}/metrics", headers={"Authorization": f"Bearer {AUDIT}"}) as metrics:
            assert "meterline_database_up 1.0" in await metrics.text()
        async with session.get(f"{base}/audit") as nothing:
            assert nothing.status == 404


async def test_only_the_bearer_of_the_token_is_told(town: Street, hero: int) -> None:
    async with aiohttp.ClientSession() as session:
        address = f"http://127.0.0.1:{town.parts.settings.staff_port}/metrics"
        async with session.get(address) as refused:
            assert refused.status == 401
        async with session.get(f"{town.url}/metrics") as elsewhere:
            assert elsewhere.status == 404


async def test_nothing_of_a_customer_is_in_it(town: Street, hero: int) -> None:  # R41
    for said in ("04512", "100004321", "непонятные слова"):
        await town.text(HERO, said)
    await town.text("+79031234567", "кто здесь")
    text = await scraped(town)
    for hidden in ("9780001705", "9031234567", "04512", "4321", "слова", "431.6", AUDIT):
        assert hidden not in text


async def test_the_rules_watch_what_is_there(town: Street, hero: int) -> None:
    """Every metric that a rule names is told, with its rows or at least by its name; every alert says what to do."""
    text = await scraped(town)
    there = set(re.findall(r"^# TYPE (meterline_\w+) ", text, re.MULTILINE)) | set(read(text))
    named = {name for line in RULES.splitlines() if not line.lstrip().startswith("#") for name in NAMED.findall(line)}
    assert len(named) > 15
    assert named <= there | {f"{name}_total" for name in there}
    told = tree.text(tree.ROOT / "docs" / "runbook.md").partition("\n## Alerts\n")[2].partition("\n## ")[0]
    alerts = ALERT.findall(RULES)
    assert len(alerts) == len(set(alerts)) == RULES.count("expr:") == RULES.count("severity:")
    assert set(alerts) == set(re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE))
