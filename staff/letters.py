"""The letter of a warning as a PDF, to be printed and posted."""

import re
from datetime import date
from typing import Any

from aiohttp import hdrs, web

from core.accounts.model import CompanyProfile
from core.basics.periods import Month
from core.contracts import actions as contracts
from core.notices.people import actions as people
from core.notices.warnings.model import Case, What
from core.store.pool import Connection
from pages import letters
from pages.letters import Letter
from pages.words import PageWords
from staff.model import Asked


async def pdf(asked: Asked, conn: Connection, of: Case) -> web.Response:
    """The letter in the language in which the warning was said; of a warning for which none is wanted, its own words.

    :raises web.HTTPNotFound: the customer was erased.
    """
    bodies: dict[What, Any] = {row.what: row.body for row in reversed(of.rows)}
    if bodies[What.TEXT] is None:
        raise web.HTTPNotFound
    company = (await people.company(conn)).profile
    contract = await contracts.numbered(conn, bodies[What.CONTRACT]["number"])
    paper = await contracts.show(conn, contract.id, keyring=asked.house.keyring, full=True)
    words = asked.house.words[bodies[What.TEXT]["locale"]]
    content = letters.drawn(_letter(of, bodies, company, paper.person or "", words), words.language)
    name = re.sub(r"[^0-9A-Za-z-]", "-", f"letter-{of.number}")
    headers = {hdrs.CONTENT_DISPOSITION: f'inline; filename="{name}.pdf"'}
    return web.Response(body=content, content_type="application/pdf", headers=headers)


def _letter(of: Case, bodies: dict[What, Any], company: CompanyProfile, person: str, t: PageWords) -> Letter:
    wanted = of.first(What.LETTER)
    text = (bodies.get(What.LETTER) or {}).get("text") or bodies[What.TEXT]["text"]
    day = (wanted.at if wanted else of.rows[0].at).astimezone(of.zone).date()
    claims = bodies[What.DEBT]["claims"]
    title = t(f"letter.{of.kind}", number=of.number)
    return Letter(
        title=title,
        head=(company.name, company.phone, t.day(day)),
        to=(person, t("warning.of_account", account=of.account)),
        text=text,
        claims=(
            (t("letter.claim"), t("letter.due"), t("letter.sum")),
            *((_claim(one, t), t.day(date.fromisoformat(one[2])), t.money(one[3])) for one in claims),
        ),
        total=(t("letter.total", day=t.day(date.fromisoformat(bodies[What.DEBT]["as_of"]))), t.money(_sum(claims))),
        signed=t("letter.signed"),
        page=t("letter.page", title=title, account=of.account, page="{page}"),
    )


def _claim(one: list[Any], t: PageWords) -> str:
    month = t.month(Month.parse(one[1]).first)
    return t("letter.penalty", month=month) if len(one) > 4 else t("letter.month", month=month)


def _sum(claims: list[list[Any]]) -> int:
    return sum(one[3] for one in claims)
