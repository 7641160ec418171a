"""A visit in a chat, by buttons and by words, in both languages (product.md J12, R17, R33)."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import asyncpg
import pytest

from gateway import reminding
from tests import make, offices
from tests.flows import chatting
from tests.flows.chatting import Town
from tests.flows.conftest import NOON
from tests.make import A, M

HERO, ENGLISH, OTHER = "+79780001705", "+79780001706", "+79780001707"
IVAN, JOHN, OLGA = 7001, 7002, 7003
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)


@pytest.fixture
async def there(company: asyncpg.Connection, database: str, pool: asyncpg.Pool) -> AsyncIterator[Town]:
    """Two offices, and three people in their chats."""
    await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"),), OCTOBER))
    await make.account(company, A("100004322", (M("0098766"),), ((ENGLISH, "owner"),), OCTOBER, "en"))
    await make.account(company, A("100004323", (M("0098767"),), ((OTHER, "owner"),)))
    await offices.set_up(company, {}, offices.YALTA, at=NOON)
    async with chatting.town(database, pool) as town:
        await town.begin(IVAN, HERO)
        await town.begin(JOHN, ENGLISH, "English")
        await town.begin(OLGA, OTHER)
        yield town


async def moved_on(town: Town, day: int, hour: int, minute: int) -> None:
    town.clock.at = datetime(2025, 11, day, hour, minute, tzinfo=NOON.tzinfo) - timedelta(hours=3)
    await reminding.look(town.parts)


async def test_j12_in_russian(there: Town) -> None:
    """From the menu over office, day, time and reason to a ticket; moved, awaited, called off, each by its button."""
    assert there.keyboard(IVAN)[6:8] == ["Записаться на приём", "Мои визиты"]
    assert await there.say(IVAN, "Записаться на приём") == [
        "1) 21.11 13:00 Феодосия 2) 21.11 13:00 Ялта 3) 24.11 8:00 Феодосия"
    ]
    assert there.buttons(IVAN) == [
        "1 21.11 13:00 Феодосия", "2 21.11 13:00 Ялта", "3 24.11 8:00 Феодосия", "Другой офис или день",
    ]  # fmt: skip
    assert await there.press(IVAN, "Другой офис или день") == ["В какой офис? Выберите кнопкой"]
    assert there.buttons(IVAN) == ["Феодосия", "Ялта"]
    assert await there.press(IVAN, "Феодосия") == ["Феодосия, Свободы 4. В какой день?"]
    assert there.buttons(IVAN)[:3] == ["пт 21.11", "пн 24.11", "вт 25.11"]
    assert await there.press(IVAN, "пн 24.11") == ["Феодосия, Свободы 4, 24.11. В какое время?"]
    assert there.buttons(IVAN)[:2] == ["8:00", "8:20"]
    assert (await there.press(IVAN, "10:20"))[0].startswith("Держим 10 мин: 24.11 10:20. С чем?")
    assert there.buttons(IVAN) == ["СВЕРКА", "СЧЕТЧИК", "ДОГОВОР", "ДРУГОЕ"]
    assert await there.press(IVAN, "СВЕРКА") == ["Приём 24.11 в 10:20, Феодосия, Свободы 4. Талон В31. Отмена: ОТМ В31"]
    assert await there.texted(HERO) == ["До визита: Долг окт 431,60. Всего 431,60 р. Ясно? ОТМ В31"]
    assert there.buttons(IVAN) == ["Перенести", "Отменить визит"]
    assert await there.press(IVAN, "Перенести") == ["Перенос В31: 1) 21.11 13:00 2) 24.11 8:00 3) 25.11 8:00"]
    assert await there.press(IVAN, "3 25.11 8:00 Феодосия") == [
        "Перенесли: 25.11 8:00, Феодосия, Свободы 4. Талон В24. Отмена: ОТМ В24"
    ]
    await moved_on(there, 24, 10, 5)
    assert await there.texted(HERO) == ["Завтра 25.11 8:00 приём, Феодосия, Свободы 4. Придёте? ДА или ОТМ В24"]
    assert await there.say(IVAN, "да") == ["Ждём вас 25.11 в 8:00, Феодосия, Свободы 4. Талон В24"]
    assert await there.say(IVAN, "Мои визиты") == ["Ваш визит: 25.11 в 8:00, Феодосия. Талон В24. Отмена: ОТМ В24"]
    assert await there.press(IVAN, "Отменить визит") == ["Визит 25.11 в 8:00 отменён, талон В24. Записаться: ЗАПИСЬ"]
    assert there.buttons(IVAN) == ["Записаться на приём"]
    assert await there.pool.fetchval("select sum(taken) from slots") == 0


async def test_j12_in_english(there: Town) -> None:
    """One who is too late is told and offered the nearest; he goes on by words as well as by buttons."""
    await there.say(JOHN, "/book")
    assert there.buttons(JOHN)[0] == "1 21 Nov 13:00 Feodosia"
    assert await there.press(JOHN, "Another office or day") == ["Which office? Choose below."]
    assert await there.press(JOHN, "Feodosia") == ["Feodosia, Svobody 4. On which day?"]
    assert await there.press(JOHN, "Mon 24 Nov") == ["Feodosia, Svobody 4, 24 Nov. At what time?"]
    await there.text(OTHER, "ЗАПИСЬ ФЕОДОСИЯ 24.11 10:20 счетчик")
    assert await there.press(JOHN, "10:20") == [
        "10:20 is already taken. Free: 1) 10:00 2) 10:40 3) 25 Nov 10:20. Reply with the number."
    ]
    assert there.buttons(JOHN)[1] == "2 24 Nov 10:40 Feodosia"
    held = await there.say(JOHN, "2")
    assert held == ["Kept for 10 min: 24 Nov at 10:40. What is it about? Reply DEBT, METER, CONTRACT, OTHER."]
    assert await there.press(JOHN, "DEBT") == [
        "Visit on 24 Nov at 10:40, Feodosia, Svobody 4. Your ticket is B32. To call it off, reply UNDO B32."
    ]
    told = await there.texted(ENGLISH)
    assert told[0].startswith("Before your visit: ")
    assert "431.60" in told[0]
    assert await there.say(JOHN, "/visits") == [
        "Your visit: 24 Nov at 10:40, Feodosia, Svobody 4. Ticket B32. To call it off, reply UNDO B32."
    ]
    assert there.buttons(JOHN) == ["Move", "Call it off"]
    assert (await there.press(JOHN, "Move"))[0].startswith("Moving B32. Free: 1)")
    await there.press(JOHN, "Another office or day")
    assert (await there.press(JOHN, "Yalta")) == ["Yalta, Biryukova 16. On which day?"]
    await there.press(JOHN, "Tue 25 Nov")
    assert (await there.press(JOHN, "15:00"))[0].startswith("Moved to 25 Nov at 15:00, Yalta, Biryukova 16.")
    assert await there.pool.fetchval("select count(*) from visits") == 2
    assert await there.pool.fetchval("select sum(taken) from slots") == 2
    await moved_on(there, 24, 10, 5)
    assert (await there.texted(ENGLISH))[0].startswith("Tomorrow 25 Nov at 15:00 we expect you, Yalta, Biryukova 16.")
    assert (await there.say(JOHN, "yes"))[0].startswith("We expect you on 25 Nov at 15:00")
    assert (await there.say(JOHN, "cancel my appointment"))[0].startswith("Your visit on 25 Nov at 15:00 is called off")


async def test_an_old_button_takes_nothing(there: Town) -> None:  # R33
    """A button is bound to its chat, its question and its day; what it cannot do any more is said politely."""
    old = "Эта кнопка уже не действует."
    await there.say(IVAN, "ЗАПИСЬ")
    first = there.lines(IVAN)[-1]
    there.clock.forward(seconds=1)
    await there.press(IVAN, "Другой офис или день")
    for row in first.buttons:
        await there.messenger.press(IVAN, first.id, row[0]["callback_data"])
        (told,) = await there.answers(IVAN)
        assert told.startswith(old), told
    await there.messenger.press(OLGA, first.id, first.buttons[0][0]["callback_data"])
    (told,) = await there.answers(OLGA)
    assert told.startswith(old)
    await there.press(IVAN, "Ялта")
    await there.press(IVAN, "пн 24.11")
    await there.press(IVAN, "9:00")
    held = there.lines(IVAN)[-1]
    await there.press(IVAN, "СЧЕТЧИК")
    booked = there.lines(IVAN)[-1]
    await there.messenger.press(IVAN, held.id, held.buttons[0][1]["callback_data"])
    (told,) = await there.answers(IVAN)
    assert told.startswith("Это время уже ваше: 24.11 9:00, талон В27."), "pressed twice"
    assert (await there.say(IVAN, "ОТМ В27"))[0].startswith("Визит 24.11 в 9:00 отменён")
    there.clock.forward(minutes=11)
    assert (await there.say(IVAN, "ЗАПИСЬ ЯЛТА 25.11 9:00 счетчик"))[0].endswith("Талон В27. Отмена: ОТМ В27")
    await there.messenger.press(IVAN, booked.id, booked.buttons[0][1]["callback_data"])
    assert await there.answers(IVAN) == ["Талона В27 у вас нет. Ваши визиты: МОИ ВИЗИТЫ"], "of another day"
    assert await there.pool.fetchval("select count(*) from visits where state = 'booked'") == 1
    sent = [button["callback_data"] for line in there.lines(IVAN) for row in line.buttons for button in row]
    assert max(len(data.encode()) for data in sent if data) <= 64
