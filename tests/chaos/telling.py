"""What is told of a run: its counts, and what was wrong with it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tests.chaos import judging
from tests.chaos.load import Load
from tests.chaos.observing import Observed
from tests.chaos.stage import Stage
from tests.chaos.striking import Striking


def table(seed: int, there: Stage, load: Load, observed: Observed, strikes: Striking, wrong: Sequence[str]) -> str:
    """The counts of a run, and what was wrong with it."""
    after = min((at for at in load.taken.values() if at > strikes.back), default=strikes.back)
    posted = judging.summary(observed.texted)
    rows = {
        "seed": seed,
        "accounts": len(observed.accounts),
        "texts": len(observed.texted),
        "posted": f"{sum(posted.values())} ({_counted(posted)})",
        "filed": len(observed.filed),
        "readings": len(observed.readings),
        "answers": f"{len(observed.got)} ({sum(one.chat for one in observed.got)} in chats)",
        "answers in chats that came again": _again(observed),
        "broadcasts": f"{len(observed.told)} to {sum(len(one.phones) for one in observed.told)} people",
        "ends of messages": _counted(Counter(row.state for row in observed.sent)),
        "struck": _counted(strikes.counts),
        "ended by themselves": sum(not one.ours for one in observed.ended),
        "longest time without a text taken": f"{load.longest_pause:.1f} s",
        "first text once the database was back": f"{(after - strikes.back).total_seconds():.1f} s",
        "longest end of a process told to end": f"{there.herd.slowest:.1f} s",
        "answers came after": _waits(there, observed, load.taken),
        "told by no webhook": len(load.withheld),
        "and answered after": _waits(there, observed, _written(there, load.withheld)),
        "the carrier's faults": _counted(there.carrier.struck),
        "the messenger's": _counted(there.messenger.dice.struck),
        "what was logged": _counted(judging.events(observed)),
        "violations": len(wrong),
    }
    lines = [f"  {name:38} {value}" for name, value in rows.items()]
    return "\n".join(["", *lines, *(f"    {line}" for line in wrong[:40])])


def _again(observed: Observed) -> int:
    """Messages in chats that stand in no row of their own (R21)."""
    ours = {row.sid for row in observed.sent}
    return sum(one.chat and one.sid not in ours for one in observed.got)


def _written(there: Stage, sids: Iterable[str]) -> dict[str, datetime]:
    """When each text was written, by the carrier's book."""
    return {sid: text.created for sid in sids if (text := there.carrier.book.get(sid))}


def _waits(there: Stage, observed: Observed, since: Mapping[str, datetime]) -> str:
    """From these times of texts to the carrier's acceptance of their answers: the middle one, and the longest."""
    came = {got.sid: there.carrier.book.get(got.sid) for got in observed.got}
    seconds = sorted(
        (message.created - since[sid]).total_seconds()
        for sid, got in judging.answers(observed).items()
        if sid in since and (message := came[got.sid])
    )
    return f"{seconds[len(seconds) // 2]:.2f} s, {seconds[-1]:.1f} s at most" if seconds else "-"


def _counted(counter: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counter.items())) or "none"
