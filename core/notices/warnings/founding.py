"""The rows with which the evidence of a warning begins."""

import hashlib
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import Record

from core.accounts.model import stale
from core.notices import texts
from core.notices.model import Notice, Person
from core.notices.owing import rules as owing
from core.notices.warnings.model import What
from core.outbox.noticing import Wire
from core.wording import segments


def rows(
    notice: Notice, to: Person, text: str, outbound: UUID, found: Record, wire: Wire, *, years: int, at: datetime
) -> list[tuple[What, dict[str, Any]]]:
    """What the first rows say of a warning that was just worded; `found` is what the database knows of it. Of its debt
    they tell too what was left out because its limitation of so many years has run."""
    assert to.sealed_key is not None, "an erased customer is barred"
    phone = wire.keyring.customer(to.sealed_key).open(found["sealed"], purpose=b"phone").decode()
    day = at.astimezone(ZoneInfo(to.timezone)).date()
    return [
        (
            What.APPROVAL,
            {
                "notice": notice.id, "kind": str(notice.kind), "version": notice.version, "basis": found["basis"],
                "editors": list(found["editors"]), "approver": found["approver"],
                "approved_at": found["approved_at"].isoformat(), "digest": found["approved"].hex(),
            },
        ),
        (
            What.CONTRACT,
            {
                "number": found["number"], "account": to.account, "phone": phone, "dated": found["dated"].isoformat(),
                "document": found["document"], "text_version": found["text_version"].isoformat(),
                "language": found["language"], "text_sha256": found["text_hash"].hex(),
                "signed_at": found["signed_at"].isoformat(), "signed_by": found["signed_by"],
                "scans_sha256": list(found["scans"]),
            },
        ),
        (
            What.PHONE,
            {
                "phone": phone, "proven_at": found["proven_at"].isoformat(), "unreached": found["bounced"],
                "stale": stale(found["proven_at"], found["bounced"], at=at),
            },
        ),
        (What.DEBT, _debt(to, found, wire, day=day, years=years)),
        (
            What.TEXT,
            {
                **_template(notice, to), "locale": to.language, "text": text, "outbound": str(outbound),
                "sha256": hashlib.sha256(text.encode()).hexdigest(), "segments": segments.count(text).segments,
            },
        ),
    ]  # fmt: skip


def _debt(to: Person, found: Record, wire: Wire, *, day: date, years: int) -> dict[str, Any]:
    """The claims of which the debt consists, and those that were left out, each with the last day of its limitation."""
    debt = owing.overdue(found["claims"], day=day, years=years)
    return {
        "account": to.account, "as_of": day.isoformat(), "watermark": found["fact_no"], "claims": list(debt.claims),
        "debt": sum(one[3] for one in debt.claims), "limitation_years": years,
        "lapsed": [[*one, last.isoformat()] for one, last in debt.lapsed],
        "stated": wire.words.formats(to.language).money(to.debt),
    }  # fmt: skip


def _template(notice: Notice, to: Person) -> dict[str, str]:
    """The file of the text, and its hash before its blanks were filled."""
    said = texts.of(notice.draft)
    key = texts.key_of(said, to.language, to.customer)
    name = f"{notice.kind}{key.removeprefix(to.language)}.txt"
    return {"template": name, "template_sha256": hashlib.sha256(said[key].encode()).hexdigest()}
