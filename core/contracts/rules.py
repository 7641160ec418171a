"""What may be written down of a contract, and what its phone may be told."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.accounts.model import SCOPES
from core.basics import phone as phones
from core.contracts.model import EXTRA, TERMS, Bar, Refused, Standing, Topic, Wanted

LARGEST = 5 * 1024 * 1024
"""Bytes of a scan at most."""

LONGEST = 100
"""Characters of a name."""

OLDEST = timedelta(days=366)
"""A contract on paper is written down within a year."""

_TAIL = re.compile(r"[0-9A-ZА-ЯЁ]{3,4}")
_MAGIC = {"pdf": b"%PDF-", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
_ENDS = {"pdf": b"%%EOF", "jpeg": b"\xff\xd9", "png": b"IEND\xaeB`\x82"}
_LAST = 2048


def check(wanted: Wanted, *, today: date) -> Wanted:
    """The contract as it may be put on paper.

    :raises Refused: something in it cannot be; the field is named.
    """
    if not phones.is_e164(wanted.phone):
        raise Refused("phone", f"not a telephone number: {wanted.phone!r}; written as +79001234567", "phone")
    person = " ".join(wanted.person.split())
    if not person or len(person) > LONGEST or not person.isprintable():
        raise Refused("person", f"not a name in one line of at most {LONGEST} signs: {wanted.person!r}", "person")
    tail = wanted.document_tail.strip().upper()
    if not _TAIL.fullmatch(tail):
        raise Refused("tail", "the last three or four signs of the document's number, and no more", "document_tail")
    if not today - OLDEST <= wanted.dated <= today:
        raise Refused("dated", f"a contract of {wanted.dated} is not written down: from a year ago to today", "dated")
    if wanted.role not in EXTRA:
        raise Refused("role", f"no contract is made for the role {wanted.role}", "role")
    if odd := wanted.extra - EXTRA[wanted.role]:
        raise Refused("extra", f"a {wanted.role} cannot be allowed: {', '.join(sorted(odd))}", "extra")
    return _checked_topics(wanted, person, tail)


def _checked_topics(wanted: Wanted, person: str, tail: str) -> Wanted:
    allowed = SCOPES[wanted.role] | wanted.extra
    for topic in sorted(wanted.topics):
        terms = TERMS.get(topic)
        if terms is None or (terms.scope is not None and terms.scope not in allowed):
            raise Refused("topic", f"a {wanted.role} is not told: {topic}", "topics")
    return replace(wanted, person=person, document_tail=tail)


def kind_of(scan: bytes) -> str:
    """What a scan is by its bytes, whatever it is called: pdf, jpeg or png.

    :raises Refused: none of them, cut off, empty, or too large.
    """
    if not scan:
        raise Refused("scan_none", "no scan was given", "scan")
    if len(scan) > LARGEST:
        raise Refused("scan_large", f"a scan has at most {LARGEST // 1024 // 1024} MiB", "scan")
    for kind, magic in _MAGIC.items():
        if scan.startswith(magic):
            if _ENDS[kind] not in scan[-_LAST:]:
                raise Refused("scan_cut", f"the {kind} has no end: it did not come whole", "scan")
            return kind
    raise Refused("scan_kind", "a scan is a PDF, a JPEG or a PNG", "scan")


def since(day: date, *, zone: ZoneInfo, at: datetime) -> datetime:
    """From when on a word counts that stands on a paper of that day and is written down at `at`: the beginning of the
    day, for what came later is the later word; now, where it is today's."""
    begin = datetime.combine(day, time(), zone)
    return at if day >= at.astimezone(zone).date() else begin


def bar(topic: Topic, standing: Standing) -> Bar | None:
    """Why a phone that stands so may not be told of the topic; None where it may.

    126-ФЗ ст. 44.1, 38-ФЗ ст. 18: there is a consent that can be shown, given before and not withdrawn.

    :raises KeyError: NEWS, which is no topic of its own.
    """
    terms = TERMS[topic]
    if standing.scopes is None:
        return Bar.NOT_LINKED
    if terms.scope is not None and terms.scope not in standing.scopes:
        return Bar.NO_RIGHT
    if terms.contract and not standing.contract:
        return Bar.NO_CONTRACT
    if terms.stops and standing.news is False:
        return Bar.STOPPED
    return None if standing.given else Bar.NO_CONSENT
