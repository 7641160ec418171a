"""One turn of the talk with a chat, before it speaks for a phone and where it says no more than that: facts in, a reply
and what it brings about out (R33)."""

from dataclasses import replace

from core.basics import phone as phones
from core.chats.model import (
    CODE_LIVES,
    CODES,
    DAY,
    WRONG,
    Facts,
    Ignored,
    Pictured,
    Pressing,
    Said,
    Sharing,
    Started,
    Talk,
    Turn,
    Unreadable,
    What,
)
from core.chatting import (
    ButtonOld,
    ChatBound,
    ChatCodeRefused,
    ChatCodeSent,
    ChatGreeted,
    ContactRefused,
    Foreign,
    NotForChat,
    NumberWanted,
    Unfit,
)

MENU, SHARE, LANGUAGES = "menu", "share", "languages"
_DIGITS = 6


def is_code(text: str) -> bool:
    bare = text.strip()
    return len(bare) == _DIGITS and bare.isascii() and bare.isdigit()


def kind(what: What) -> Unfit | None:
    """Which kind of thing it is that can be no command; None where it can be one, or is about the chat."""
    match what:
        case Unreadable(what=unfit):
            return unfit
        case Pictured():
            return Unfit.PHOTO
        case _:
            return None


def awaits_code(talk: Talk | None) -> bool:
    return talk is not None and talk.code is not None


def turn(what: What, facts: Facts) -> Turn:
    """What is answered. Of a bound chat only that comes here which is no command."""
    talk = _today(facts)
    match what:
        case Ignored(why=why):
            return Turn(reason=why)
        case Sharing():
            return _shared(what, facts, talk)
        case Said(text=text) if awaits_code(talk) and is_code(text):
            return _guessed(facts, talk)
    if facts.chat.bound is not None:
        return _in_bound(what, facts)
    if isinstance(what, Pressing):
        if facts.chosen is None and talk.language is None:
            return Turn(ChatGreeted(), keys=LANGUAGES, talk=talk)
        return Turn(NumberWanted(), keys=SHARE, talk=replace(talk, language=facts.chosen or talk.language))
    if isinstance(what, Started) or talk.language is None:
        return Turn(ChatGreeted(), keys=LANGUAGES, talk=talk)
    return Turn(NumberWanted(), keys=SHARE)


def _in_bound(what: What, facts: Facts) -> Turn:
    bound = facts.chat.bound
    assert bound is not None
    match what:
        case Unreadable(what=kind):
            return Turn(NotForChat(kind), keys=MENU)
        case Pictured():
            return Turn(NotForChat(Unfit.PHOTO), keys=MENU)
        case Pressing():
            return Turn(ButtonOld(), keys=MENU)
        case _:
            return Turn(ChatBound(phones.tail(bound.phone), facts.accounts), keys=MENU)


def _shared(what: Sharing, facts: Facts, talk: Talk) -> Turn:
    """A contact. It counts where the wire found it to be the sender's own, and the phone may speak here at once unless
    it speaks elsewhere."""
    bound = facts.chat.bound
    if what.foreign is not None or facts.named is None:
        return Turn(ContactRefused(what.foreign or Foreign.NO_PHONE), keys=MENU if bound else SHARE)
    told = ChatBound(phones.tail(facts.named), facts.accounts)
    if bound is not None and bound.phone == facts.named:
        return Turn(told, keys=MENU)
    if not facts.elsewhere:
        return Turn(told, keys=MENU, bind=facts.named, talk=_ended(talk))
    if talk.codes >= CODES or facts.spent:
        return Turn(ChatCodeRefused("spent"))
    waiting = replace(
        talk, phone=facts.named, code=facts.digest, code_until=facts.at + CODE_LIVES, wrong=0, codes=talk.codes + 1
    )
    return Turn(ChatCodeSent(phones.tail(facts.named)), code=facts.code, talk=waiting)


def _guessed(facts: Facts, talk: Talk) -> Turn:
    assert talk.phone is not None
    assert talk.code_until is not None
    keys = MENU if facts.chat.bound else SHARE
    if facts.at >= talk.code_until or talk.wrong >= WRONG:
        return Turn(ChatCodeRefused("lapsed"), keys=keys, talk=_ended(talk))
    if facts.given != talk.code:
        return Turn(ChatCodeRefused("wrong"), talk=replace(talk, wrong=talk.wrong + 1))
    told = ChatBound(phones.tail(talk.phone), facts.accounts)
    return Turn(told, keys=MENU, bind=talk.phone, talk=_ended(talk))


def _today(facts: Facts) -> Talk:
    """The talk, whose codes are counted by the day."""
    talk = facts.chat.talk or Talk(facts.at)
    return replace(talk, began=facts.at, codes=0) if facts.at >= talk.began + DAY else talk


def _ended(talk: Talk) -> Talk:
    return replace(talk, phone=None, code=None, code_until=None, wrong=0)
