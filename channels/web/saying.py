"""A form says something to the company as a text would; the answer is kept with the messages, and shown on a page."""

import hashlib
import json
from urllib.parse import quote

from channels.web.model import Asked, Form, Go, Page, Said, Say
from core.basics.channel import Channel
from core.cabinet import viewing
from core.cabinet.model import Told
from core.inbox.model import Inbound
from core.store.pool import Connection
from pages import forms


async def said(asked: Asked, route: Say, form: Form) -> Page | Go:
    """Where the form leads: the same form sent twice is one message, and leads to the same answer (R14).

    :raises forms.OtherForm: a form with this key said something else.
    """
    key = form.get("key", "")
    if not forms.is_key(key):
        raise forms.OtherForm
    speech = await route.speech(asked, form)
    if isinstance(speech, Page):
        return speech
    told = await asked.house.answer(_inbound(asked, form, key, speech))
    if told.changed:
        raise forms.OtherForm
    place = asked.path(route.to) if "account" in asked.request.match_info else f"/{route.to}"
    return Go(f"{place}?told={quote(key)}")


async def answer(asked: Asked, conn: Connection) -> Told | None:
    """What was answered to the form whose key the address names."""
    key = asked.query("told")
    if not forms.is_key(key):
        return None
    return await viewing.told(conn, asked.person, _reference(asked, key), keyring=asked.house.keyring)


def _inbound(asked: Asked, form: Form, key: str, speech: Said) -> Inbound:
    told = {name: value for name, value in form.items() if name not in ("csrf", "key")}
    return Inbound(
        channel=Channel.WEB,
        provider=viewing.PROVIDER,
        reference=_reference(asked, key),
        address=asked.person.phone,
        said=speech.command,
        at=asked.at,
        payload=json.dumps(told, ensure_ascii=False, sort_keys=True).encode(),
        content=forms.digest_of(asked.request.path, form),
        words=speech.words,
    )


def _reference(asked: Asked, key: str) -> str:
    """By what the message is known: of each person another, so that no form of another can be hit by its key."""
    return hashlib.sha256(asked.person.sender.hash + key.encode()).hexdigest()
