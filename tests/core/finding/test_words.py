"""People and places are found however their names were written."""

import pytest

from core.finding import words


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("г. Симферополь, ул. Свободы, д. 4, кв. 12", "Свободы 4 12"),
        ("Свободы 4-12", "ул. СВОБОДЫ, дом 4, квартира 12"),
        ("Свободы 4-12", "свободы 4"),
        ("295000, г. Примерск, Садовая ул., 4а, кв. 17", "садовая 4 А-17"),
        ("Садовая 4 корп. 2 кв. 17", "садовая 4/2"),
        ("Садовая 4 корп. 2 кв. 17", "садовая 4-17"),
        ("СНТ Прибой 17", "Прибой, 17"),
        ("хутор Дальний", "Дальний"),
        ("Primersk, 8 Garden St, apt 2", "garden 8-2"),
        ("пр. Королёва, 1", "Королева 1"),
    ],
)
def test_an_address_is_found(kept: str, asked: str) -> None:
    wanted = words.address_asked(asked)
    assert wanted
    assert set(wanted) <= set(words.address_keys(kept))


@pytest.mark.parametrize("asked", ["Свободы 5", "Свободы 4-13", "Мира 4", "Свободы 12"])
def test_another_is_not(asked: str) -> None:
    assert not set(words.address_asked(asked)) <= set(words.address_keys("ул. Свободы, д. 4, кв. 12"))


def test_a_street_alone_finds_nobody() -> None:
    """Where there is a house: such a list would be looked through by nobody, and its key tell most of a street."""
    assert "свободы" not in words.address_keys("ул. Свободы, д. 4")


def test_the_same_name_has_the_same_words() -> None:
    assert words.name("СОКОЛОВА  Алёна (мать)") == ("соколова", "алена", "мать")
    assert words.name("Sokolova Alena") == words.name("sokolova alena")
    assert words.name("д'Артаньян Шарль") == ("артаньян", "шарль")
