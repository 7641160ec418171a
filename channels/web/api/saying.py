"""What a program may say: readings and any other command, by the same door as a text, once for each key (R14)."""

import hashlib

from channels.web.api import model
from channels.web.api.calling import Call, Refused
from core.basics.channel import Channel
from core.cabinet import viewing
from core.commands import Command, Named, SubmitReading
from core.inbox.model import Inbound, Unavailable
from core.messages import About, Accepted
from pages import forms

PROVIDER = "api"
"""By this and its key a call is known in the inbox."""


async def readings(call: Call) -> model.Answer:
    """Sends readings; they are judged as those of a text would be."""
    given: model.ReadingsGiven = call.given
    values = tuple(Named(one.zone, one.value, forms.clean(one.meter)) for one in given.readings)
    command = SubmitReading(values, account=call.holding.account.number, on=given.on)
    return await _said(call, command, " ".join(one.value for one in given.readings))


async def message(call: Call) -> model.Answer:
    """Says any command as a text message would."""
    given: model.MessageGiven = call.given
    return await _said(call, forms.clean(given.text), "")


async def _said(call: Call, said: str | Command, words: str) -> model.Answer:
    """
    :raises Refused: another call had the key, or nothing could be stored now.
    """
    body = call.given.model_dump_json().encode()
    content = hashlib.sha256(call.request.path.encode() + b"\0" + body).digest()
    reference = hashlib.sha256(b"api\0" + call.person.sender.hash + call.key.encode()).hexdigest()
    inbound = Inbound(
        Channel.WEB, PROVIDER, reference, call.person.phone, said, call.at, payload=body, content=content, words=words
    )  # fmt: skip
    try:
        told = await call.house.answer(inbound)
    except Unavailable:
        raise Refused(503, "Nothing was stored", "Send the same call with the same key again.") from None
    if told.changed:
        raise Refused(409, "The key was used for another call", "A new call needs a new Idempotency-Key.")
    if told.repeated:
        async with call.connection() as conn:
            before = await viewing.told(
                conn, call.person, reference, keyring=call.house.keyring, provider=PROVIDER
            )  # fmt: skip
        kind = None if before is None else before.kind
        text = None if before is None else before.text
        return model.Answer(kind=kind, accepted=kind == Accepted.__name__, text=text, repeated=True)
    bare = told.reply.reply if isinstance(told.reply, About) else told.reply
    return model.Answer(
        kind=None if bare is None else type(bare).__name__, accepted=isinstance(bare, Accepted), text=told.text,
        repeated=False,
    )  # fmt: skip
