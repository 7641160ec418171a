"""What is typed into the search box is looked for in every way that it may be meant, and in no other."""

import pytest

from core.finding import guessing
from core.finding.model import Query, Way


def ways(text: str) -> dict[Way, tuple[str, ...]]:
    return {query.way: query.values for query in guessing.guess(text)}


@pytest.mark.parametrize(
    ("typed", "way", "values"),
    [
        ("100004321", Way.ACCOUNT, ("100004321",)),
        ("..4321", Way.ACCOUNT, ("4321",)),
        ("ра07-12345", Way.ACCOUNT, ("РА07-12345",)),
        ("л/с 100004321", Way.ACCOUNT, ("100004321",)),
        ("12 100004321", Way.POINT, ("12", "100004321")),
        ("точка 12 л/с 100004321", Way.POINT, ("12", "100004321")),
        ("12/100004321", Way.POINT, ("12", "100004321")),
        ("0098765", Way.METER, ("0098765", "")),
        ("СЕ-101 0098765", Way.METER, ("0098765", "CE101")),
        ("CE 101 № 0098765", Way.METER, ("0098765", "CE101")),
        ("счётчик Меркурий 201 0051101", Way.METER, ("0051101", "MEPKYPИЙ201")),
        ("Соколов Дмитрий Петрович", Way.NAME, ("соколов", "дмитрий", "петрович")),
        ("соколов Д.П.", Way.NAME, ("соколов",)),
        ("ПЁТР Соколов-Водкин", Way.NAME, ("петр", "соколов", "водкин")),
        ("ООО «Образец»", Way.NAME, ("образец",)),
        ("паспорт 39 16 № 123456", Way.DOCUMENT, ("passport 3916123456",)),
        ("3916 123456", Way.DOCUMENT, ("3916123456",)),
        ("снилс 112-233-445 95", Way.DOCUMENT, ("pension_insurance 11223344595",)),
        ("г. Примерск, ул. Свободы, д. 4, кв. 12", Way.ADDRESS, ("примерск 4 12", "свободы 4 12")),
        ("Свободы 4-12", Way.ADDRESS, ("свободы 4 12",)),
        ("дом 4 Свободы", Way.ADDRESS, ("свободы 4",)),
        ("дом SAD-4", Way.BUILDING, ("SAD-4",)),
        ("4081 7810 5700 0012 3456", Way.BANK, ("40817810570000123456",)),
        ("р/с 40817810570000123456", Way.BANK, ("40817810570000123456",)),
        ("8 (978) 000-17-05", Way.PHONE, ("+79780001705",)),
        ("тел +7 978 000 17 05", Way.PHONE, ("+79780001705",)),
    ],
)
def test_it_is_looked_for_as_it_is_meant(typed: str, way: Way, values: tuple[str, ...]) -> None:
    assert ways(typed)[way] == values


@pytest.mark.parametrize(
    ("typed", "no"),
    [
        ("321", Way.ACCOUNT),
        ("Свободы 4-12", Way.METER),
        ("3916 123456", Way.METER),
        ("Соколов", Way.PHONE),
        ("123", Way.DOCUMENT),
        ("0098765", Way.NAME),
    ],
)
def test_and_not_as_it_is_not(typed: str, no: Way) -> None:
    assert no not in ways(typed)


def test_a_word_before_it_leaves_one_way() -> None:
    assert guessing.guess("тел 89780001705") == (Query(Way.PHONE, ("+79780001705",)),)


def test_a_way_that_is_chosen_is_the_only_one() -> None:
    assert guessing.guess("89780001705", Way.METER) == (Query(Way.METER, ("89780001705", "")),)
    assert guessing.guess("Соколов", Way.BANK) == ()


@pytest.mark.parametrize("typed", ["", "   ", "?", "\u202e", "a" * 10_000, "{{7*7}}", "'; drop table accounts; --"])
def test_anything_may_be_typed(typed: str) -> None:
    assert all(query.values for query in guessing.guess(typed))
