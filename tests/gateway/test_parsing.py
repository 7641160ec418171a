"""The described worlds, the predictions and the explanations of `meterline parse`."""

from typing import Any

import pytest

from core.grammar.world import Asked
from gateway.parsing import explain, predict, world_of


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
        ("показанмя 12345", {"intent": "submit_reading", "readings": {"total": "12345"}, "confirm": True}),
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
    lines = explain("Показанмя счётчика 12345", world_of(None))
    assert lines[0] == "The text is 'Показанмя счётчика 12345'."
    assert any("put right from a slip" in line for line in lines)
    assert any("'12345' is a number" in line for line in lines)
    assert lines[-1].startswith("The command is SubmitReading(")
    assert explain("\ud83d", world_of(None))[-1].startswith("The command is NotUnderstood(")
