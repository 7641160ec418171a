"""The letter of a warning: a whole text that a lawyer can read, worded when it is wanted, and only printed later."""

from collections.abc import Mapping
from functools import cache

from core.accounts.model import CompanyProfile
from core.notices import texts
from core.notices.model import Kind
from core.notices.warnings.model import Case, What
from core.wording.catalogs import Template
from core.wording.words import Words

VALUES = frozenset({"number", "account", "debt", "day", "days", "phone"})


@cache
def read() -> Mapping[tuple[Kind, str], Template]:
    """The texts in the files <language>/notices/letters/<kind>.txt, by kind and key, as `texts.read` has them.

    :raises ValueError: one of them has an unknown placeholder.
    """
    return {
        texts.named(path.stem, path.parents[2].name): Template.parse(path.read_text(encoding="utf-8").strip(), VALUES)
        for path in sorted(texts.PLACE.glob("*/notices/letters/*.txt"))
    }


def worded(case: Case, company: CompanyProfile, words: Words) -> str:
    """The letter in paragraphs, with an empty line between them, in the language in which the warning was said; every
    value stands in the evidence."""
    debt, text = (case.first(one) for one in (What.DEBT, What.TEXT))
    assert debt is not None, "the foundation of every chain"
    assert text is not None, "the foundation of every chain"
    told = {**(debt.body or {}), **(text.body or {})}
    language = told["locale"]
    values = {
        "number": str(case.number),
        "account": case.account,
        "debt": told["stated"],
        "day": words.formats(language).full_day(text.at.astimezone(case.zone).date()),
        "days": str(case.terms.days),
        "phone": company.phone,
    }
    known = {key for kind, key in read() if kind is case.kind}
    return read()[case.kind, texts.key_of(known, language, case.customer)].fill(values)
