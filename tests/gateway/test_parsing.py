"""The described worlds, the predictions and the explanations of `meterline parse`."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from core import grammar
from core.commands import Command, Subject, Unclear, Wanted
from core.grammar.senses import Sense
from core.grammar.world import Asked
from core.wording import understood
from core.wording.understood_en import ENGLISH
from core.wording.understood_tongue import Tongue
from gateway.parsing import explain, predict, world_of

GRAMMAR = Path(grammar.__path__[0])


def said(text: str, **context: Any) -> dict[str, Any]:
    """The prediction without what is empty."""
    prediction = predict({"id": "x", "text": text, "context": context or None})
    assert set(prediction) == {"id", "intent", "readings", "account", "meter", "confirm"}
    return {key: value for key, value in prediction.items() if value and key != "id"}


def test_the_default_world() -> None:
    world = world_of(None)
    assert [account.number for account in world.accounts] == ["100200300"]
    (meter,) = world.accounts[0].meters
    assert (meter.digits, [register.last for register in meter.registers]) == (5, [12_000_000])
    assert world.question is None


def test_described_worlds() -> None:
    zones = world_of({"registers": ["t1", "t2"], "zones": "t1=peak,t2=night"}).accounts[0].meters[0].registers
    assert [(register.name, register.zone) for register in zones] == [("t1", "peak"), ("t2", "night")]
    placed = world_of({"registers": ["t1", "t2"], "zones": "positional order night,day"}).accounts[0].meters[0]
    assert [register.zone for register in placed.registers] == ["night", "day"]
    assert world_of({"linked_accounts": 0}).accounts == ()
    assert len(world_of({"linked_accounts": ["1001", "1002"]}).accounts) == 2
    assert [meter.serial for meter in world_of({"meters": ["1", "2"]}).accounts[0].meters] == ["1", "2"]
    services = world_of({"services": ["electricity", "hot_water"]}).accounts[0].meters
    assert [(meter.service, meter.fraction) for meter in services] == [("electricity", 0), ("hot_water", 3)]
    question = world_of({"dialog": "awaiting_confirmation_of_reading", "pending": 12345}).question
    assert question is not None
    assert (question.asked, question.pending) == (Asked.CONFIRM, "12345")
    assert world_of({"dialog": "appointment_reminder_sent", "appointments": 1}).reminded


@pytest.mark.parametrize(
    ("text", "prediction"),
    [
        ("показания 012345,6", {"intent": "submit_reading", "readings": {"total": "12345.6"}}),
        ("11999", {"intent": "submit_reading"}),
        ("45120", {"intent": "submit_reading", "readings": {"total": "45120"}, "confirm": True}),
        ("паказанмя 12345", {"intent": "submit_reading", "readings": {"total": "12345"}, "confirm": True}),
        ("555666777 54321", {"intent": "submit_reading", "readings": {"total": "54321"}, "account": "555666777"}),
        ("долг 555666777", {"intent": "balance", "account": "555666777"}),
        ("почему", {"intent": "history"}), ("прогноз", {"intent": "history"}), ("счет", {"intent": "pay"}),
        ("оплачу завтра", {"intent": "pay"}), ("запись", {"intent": "appointment_book"}),
        ("перенести запись", {"intent": "appointment_book"}), ("мои записи", {"intent": "appointment_list"}),
        ("отменить запись", {"intent": "appointment_cancel"}), ("ок 7Q4K", {"intent": "notices"}),
        ("оператор", {"intent": "help"}), ("нет света", {"intent": "complaint"}), ("СТОП", {"intent": "opt_out"}),
        ("старт", {"intent": "opt_in"}), ("рег 555666777", {"intent": "link_account", "account": "555666777"}),
        ("english", {"intent": "language"}), ("отм", {"intent": "unknown"}), ("не я", {"intent": "unknown"}),
        ("где купить слона", {"intent": "unknown"}), ("новости", {"intent": "notices"}),
    ],
)  # fmt: skip
def test_predictions(text: str, prediction: dict[str, Any]) -> None:
    assert said(text) == prediction


def test_predictions_in_other_worlds() -> None:
    zones = {"registers": ["t1", "t2"], "zones": "t1=day,t2=night"}
    assert said("5778 2542", **zones)["readings"] == {"day": "5778", "night": "2542"}
    assert said("5778", **zones) == {"intent": "submit_reading"}
    meters = {"meters": ["12345678", "87654321"]}
    assert said("12345678 4321, 87654321 765", **meters)["readings"] == {"12345678": "4321", "87654321": "765"}
    pending = {"dialog": "awaiting_confirmation_of_reading", "pending": "12345"}
    assert said("да", **pending) == {"intent": "submit_reading", "readings": {"total": "12345"}}
    assert said("нет", **pending) == {"intent": "unknown"}
    assert said("12345", linked_accounts=0) == {"intent": "submit_reading"}


def test_explanation() -> None:
    lines = explain("Паказанмя счётчика 12345", world_of(None))
    assert lines == [
        "Text: «Паказанмя счётчика 12345»",
        "Cleaned of look-alikes and signs that cannot be seen: «Паказанмя счетчика 12345»",
        "Read as from the sender: account 100200300: electricity meter of 5 digits, last shown 12000",
        "Its parts:",
        "  «Паказанмя счетчика»: a word for a reading; misspelled, taken for «показания счетчика»",
        "  «12345»: a number",
        "Understood: a reading: 12345",
        "What happens: we ask first, because a word was misspelled",
    ]


def test_explanation_in_russian() -> None:
    lines = explain("ltym 5778 yjxm слон", world_of({"registers": ["t1", "t2"], "zones": "t1=day,t2=night"}), "ru")
    assert lines == [
        "Сообщение: «ltym 5778 yjxm слон»",
        "Прочитано как от отправителя: л/с 100200300: электросчётчик на 5 знаков, последнее день ?, ночь ?",
        "По частям:",
        "  «ltym»: зона «день»; прочитано как «день»",
        "  «5778»: число",
        "  «yjxm»: зона «ночь»; прочитано как «ночь»",
        "  «слон»: слово незнакомо",
        "Понято: ничего не делаем",
        "Помешало: «слон»: слово незнакомо",
        "Что будет: ответим, что не так: число берём и команду выполняем, только когда каждое слово знакомо и подходит",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("12345", "Это просто число, слова не разбираем."), ("11000", "Что будет: меньше прошлого значения:"),
        ("88000", "Что будет: необычно против прошлого значения:"), ("\ud83d 12345", "Сообщение: «\\ud83d 12345»"),
        ("\x00", "В нём знаки, которых в честном сообщении не бывает"),
        ("", "Что будет: ответим, что не так: в сообщении"),
        ("да " * 500, "Слишком длинно: его должен прочитать человек."),
        ("долг 555666777", "Понято: спрашивает баланс, л/с"),
        ("история за октябрь", "Понято: спрашивает прежние показания, с текстом «2025-10»"),
        ("555666777 54321 на 20.11", "Понято: показание: 54321, л/с 555666777, за 2025-11-20"),
        ("english", "Понято: хочет другой язык: en"), ("рег 555666777 9988776", "Понято: привязывает лицевой счёт"),
        ("показания", "Понято: хочет передать показание, числа пока нет"),
    ],
)  # fmt: skip
def test_what_an_explanation_says(text: str, line: str) -> None:
    assert any(said.startswith(line) for said in explain(text, world_of(None), "ru"))


def test_an_explanation_names_the_open_question() -> None:
    world = world_of({"dialog": "awaiting_confirmation_of_reading", "pending": "12345", "linked_accounts": 0})
    lines = explain("да", world, "ru")
    assert "телефон, к которому не привязан ни один лицевой счёт; открыт вопрос: да или нет о показании" in lines[1]
    assert lines[-1] == "Понято: отвечает «да» на открытый вопрос"


def _written(name: str) -> frozenset[str]:
    """Every reason that the grammar gives where it is called by a name: `doubt="…"`."""
    return frozenset(re.findall(rf'{name}="([a-z]+)"', "".join(path.read_text() for path in GRAMMAR.glob("*.py"))))


@pytest.mark.parametrize("tongue", understood.TONGUES.values(), ids=understood.TONGUES)
def test_everything_has_words(tongue: Tongue) -> None:
    assert tongue.parts.keys() == {sense.value for sense in Sense}
    assert tongue.subjects.keys() == set(Subject)
    assert tongue.reasons.keys() == set(Unclear)
    assert tongue.commands.keys() == {"Wish", *(kind.__name__ for kind in get_args(Command) if kind is not Wanted)}
    assert tongue.questions.keys() == {asked.value for asked in Asked}
    assert _written("doubt") <= tongue.doubts.keys()
    for words in (tongue.parts, tongue.subjects, tongue.reasons, tongue.commands, tongue.doubts, tongue.frame):
        assert all(words.values())
    assert ENGLISH.frame.keys() == tongue.frame.keys()
    assert ENGLISH.doubts.keys() == tongue.doubts.keys()
