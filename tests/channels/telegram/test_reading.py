"""What an update is: contacts that show nothing, what cannot be read, what is passed over."""

from typing import Any

import pytest

from channels.telegram import reading
from core.chats.model import Blocked, Choosing, Ignored, Pictured, Pressing, Said, Sharing, Started, Unreadable, What
from core.chatting import Foreign, Unfit
from tests.channels.telegram.updates import CHAT, MESSAGE, OTHER, OWN, PERSON, PHONE, SENDER, message, press

FORWARD = {"type": "user", "sender_user": {"id": OTHER, "is_bot": False, "first_name": "B"}, "date": 1763715000}
PHOTO = [{"file_id": "s", "width": 90, "file_size": 1000}, {"file_id": "b", "width": 1280, "file_size": 90_000}]


def heard(update: dict[str, Any]) -> What:
    return reading.heard(update)[1]


@pytest.mark.parametrize(
    ("update", "foreign"),
    [
        (message(contact=OWN), None),
        (message(contact=OWN | {"user_id": OTHER}), Foreign.ANOTHERS),
        (message(contact=OWN | {"user_id": str(PERSON)}), Foreign.ANOTHERS),
        (message(contact=OWN | {"user_id": True}), Foreign.ANOTHERS),
        (message(contact=OWN | {"user_id": float(PERSON)}), Foreign.ANOTHERS),
        (message(contact={"phone_number": PHONE, "first_name": "Anna"}), Foreign.NOBODYS),
        (message(contact=OWN | {"user_id": None}), Foreign.NOBODYS),
        (message(contact=OWN, forward_origin=FORWARD), Foreign.FORWARDED),
        (message(contact=OWN, forward_date=1763715000), Foreign.FORWARDED),
        (message(contact=OWN, forward_sender_name="Anna"), Foreign.FORWARDED),
        (message(contact=OWN, via_bot={"id": 9, "is_bot": True, "first_name": "b"}), Foreign.FORWARDED),
        ({"update_id": 1, "edited_message": MESSAGE | {"contact": OWN, "edit_date": 1}}, Foreign.EDITED),
        (message(contact=OWN | {"phone_number": None}), Foreign.NO_PHONE),
        (message(contact=[PHONE]), Foreign.NO_PHONE),
        (message(contact="+" + PHONE), Foreign.NO_PHONE),
    ],
)
def test_a_contact_counts_only_where_it_is_the_senders_own(update: dict[str, Any], foreign: Foreign | None) -> None:
    # R33
    said = heard(update)
    assert isinstance(said, Sharing)
    assert said.foreign is foreign
    assert (said.phone == "+" + PHONE) or foreign is Foreign.NO_PHONE


GROUP = {"id": -100200, "type": "supergroup", "title": "Дом"}


@pytest.mark.parametrize(
    ("update", "why"),
    [
        (message(chat=GROUP, text="долг"), "group"),
        (message(chat=GROUP, contact=OWN), "group"),
        (message(chat={"id": -100300, "type": "channel"}, text="долг"), "channel"),
        ({"update_id": 1, "channel_post": MESSAGE | {"text": "долг"}}, "channel"),
        (message(**{"from": SENDER | {"is_bot": True}}, text="долг"), "bot"),
        (message(**{"from": SENDER | {"id": OTHER}}, contact=OWN | {"user_id": OTHER}), "odd"),
        (message(sender_chat=GROUP, text="долг"), "odd"),
        (message(pinned_message=MESSAGE), "service"),
        (message(photo=PHOTO, media_group_id="a"), "album"),
        ({"update_id": 1, "inline_query": {"id": "1", "from": SENDER, "query": "x", "offset": ""}}, "inline"),
        ({"update_id": 1, "poll": {}}, "kind"),
        ({"update_id": 1}, "kind"),
        ({"update_id": 1, "message": None}, "odd"),
        # A place that moves while it is shared is edited for hours.
        ({"update_id": 1, "edited_message": MESSAGE | {"location": {"live_period": 900}, "edit_date": 1}}, "moving"),
        (message(chat={"id": PERSON}, text="долг"), "group"),
        (message(**{"from": None}, text="долг"), "odd"),
        (message(chat=CHAT | {"id": float(PERSON)}, text="долг"), "odd"),
        (message(users_shared={"user_ids": [OTHER]}), "service"),
        (message(web_app_data={"data": "04512"}), "service"),
        ({"update_id": 1, "business_message": MESSAGE | {"text": "долг"}}, "kind"),
        ({"update_id": 1, "message_reaction": {"chat": CHAT}}, "kind"),
        ({"update_id": 1, "chosen_inline_result": {}}, "inline"),
        (press(message=None), "inline"),
        (press(data=None, game_short_name="x"), "odd"),
        ({"update_id": 1, "message": {"chat": {"id": "5001", "type": "private"}}}, "odd"),
        ({"update_id": 1, "message": {"chat": {"id": 2**80, "type": "private"}}}, "odd"),
        (press(message={"chat": GROUP}), "group"),
        (press(inline_message_id="1"), "inline"),
        (press(data=5), "odd"),
        (press(**{"from": SENDER | {"id": OTHER}}), "odd"),
        ({"update_id": 1, "my_chat_member": {"chat": GROUP, "new_chat_member": {"status": "kicked"}}}, "group"),
    ],
)
def test_silence_is_the_answer(update: dict[str, Any], why: str) -> None:  # T20
    assert heard(update) == Ignored(why)


@pytest.mark.parametrize(
    ("update", "what"),
    [
        (message(text="04512"), Said("04512")),
        (message(text="0\x00451\ud83d2"), Said("0451?2")),
        (message(text="/start"), Started()),
        (message(text="/start@meterline_bot from-a-link"), Started()),
        (message(text="/balance"), Choosing("balance")),
        (message(text="/stop"), Said("stop")),
        (message(text="/reading 04512"), Said("reading 04512")),
        (message(photo=PHOTO, caption="04512"), Pictured("b", "04512")),
        (message(photo=PHOTO), Pictured("b", "")),
        (message(photo=[{"file_id": "b", "file_size": 10**9}]), Unreadable(Unfit.PHOTO)),
        (message(document={"file_id": "d", "mime_type": "image/png"}, caption="1"), Pictured("d", "1")),
        (message(document={"file_id": "d", "mime_type": "application/pdf"}), Unreadable(Unfit.FILE)),
        (message(animation={}, document={"file_id": "d", "mime_type": "image/gif"}), Unreadable(Unfit.STICKER)),
        (message(voice={}), Unreadable(Unfit.VOICE)),
        (message(video_note={}), Unreadable(Unfit.VOICE)),
        (message(sticker={}), Unreadable(Unfit.STICKER)),
        (message(location={}), Unreadable(Unfit.PLACE)),
        (message(location={}, venue={}), Unreadable(Unfit.PLACE)),
        (message(poll={}), Unreadable(Unfit.FILE)),
        (message(voice={}, caption="04512"), Unreadable(Unfit.VOICE)),
        (message(text="04512", reply_to_message=MESSAGE | {"text": "долг"}), Said("04512")),
        ({"update_id": 1, "edited_message": MESSAGE | {"caption": "04512", "photo": PHOTO}}, Unreadable(Unfit.EDIT)),
        (press(message={"chat": CHAT, "message_id": 6, "date": 0}), Pressing("y.1.x")),
        (message(text="04512", forward_origin=FORWARD), Unreadable(Unfit.FORWARD)),
        ({"update_id": 1, "edited_message": MESSAGE | {"text": "04512"}}, Unreadable(Unfit.EDIT)),
        (press(data="y.1.x"), Pressing("y.1.x")),
        ({"update_id": 1, "my_chat_member": {"chat": CHAT, "new_chat_member": {"status": "kicked"}}}, Blocked(False)),
        ({"update_id": 1, "my_chat_member": {"chat": CHAT, "new_chat_member": {"status": "member"}}}, Blocked(True)),
    ],
)
def test_what_is_said(update: dict[str, Any], what: What) -> None:
    assert reading.heard(update) == (str(PERSON), what)
