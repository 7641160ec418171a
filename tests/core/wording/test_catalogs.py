"""Texts are read from .po files, refused where they are not sound, and filled literally."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.wording import catalogs
from core.wording.catalogs import Template, UnusableCatalog

LISTED = {"plain": frozenset({"name", "sum"}), "counted": frozenset({"number"})}

HEAD = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Language: ru\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"
"""
PLAIN = """
msgid "plain"
msgstr "{name}: {sum} р."
"""
COUNTED = """
msgid "counted"
msgid_plural "counted"
msgstr[0] "{number} день"
msgstr[1] "{number} дня"
msgstr[2] "{number} дней"
"""


def _read(*parts: str) -> catalogs.Catalog:
    return catalogs.read("ru", "".join((HEAD, *parts)).encode(), LISTED)


def test_a_text_takes_its_values() -> None:
    assert _read(PLAIN, COUNTED).put("plain", name="Дача", sum="1,00") == "Дача: 1,00 р."


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1 день"), (2, "2 дня"), (5, "5 дней"), (11, "11 дней"), (21, "21 день"), (112, "112 дней"), (0, "0 дней")],
)
def test_a_number_takes_its_form(number: int, text: str) -> None:
    assert _read(PLAIN, COUNTED).put_counted("counted", number, number=str(number)) == text


# R31
@pytest.mark.parametrize("value", ["{{7*7}}", "{0.__class__}", "%(debt)999999d", "{sum}", "{", "}", "\\", "%s", "\0"])
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    assert _read(PLAIN, COUNTED).put("plain", name=value, sum=value) == f"{value}: {value} р."


# R31
@given(st.text(), st.text())
def test_any_value_appears_literally(name: str, amount: str) -> None:
    template = Template.parse("a {name} b {sum} c", LISTED["plain"])
    assert template.fill({"name": name, "sum": amount}) == "a " + name + " b " + amount + " c"


# R31
@pytest.mark.parametrize(
    "text",
    [
        "{debt}",
        "{name.__class__}",
        "{name!r}",
        "{name:>9}",
        "{0}",
        "{}",
        "{name",
        "name}",
        "{{name}}",
        "{Name}",
        "{ name }",
    ],
)
def test_an_unknown_placeholder_is_refused_at_load(text: str) -> None:
    with pytest.raises(UnusableCatalog, match="plain"):
        _read(f'\nmsgid "plain"\nmsgstr "{text}"\n', COUNTED)


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ((PLAIN,), "counted is missing"),
        ((PLAIN, COUNTED, '\nmsgid "other"\nmsgstr "x"\n'), "other is not a listed message"),
        ((COUNTED, '\nmsgid "plain"\nmsgstr ""\n'), "plain is not translated"),
        ((COUNTED, '\n#, fuzzy\nmsgid "plain"\nmsgstr "x"\n'), "plain is missing"),
        ((PLAIN, COUNTED.replace("msgstr[2]", "#")), "counted"),
        ((PLAIN, COUNTED, "\nnonsense\n"), "ru"),
    ],
)
def test_a_file_that_is_not_complete_is_refused(parts: tuple[str, ...], problem: str) -> None:
    with pytest.raises(UnusableCatalog, match=problem):
        _read(*parts)


def test_a_file_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(UnusableCatalog):
        catalogs.read("ru", (HEAD + PLAIN + COUNTED).encode("cp1251"), LISTED)


def test_every_language_of_a_folder_is_read(tmp_path: Path) -> None:
    for language in ("ru", "en"):
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "meterline.po").write_text(HEAD + PLAIN + COUNTED, encoding="utf-8")
    assert sorted(catalogs.load(tmp_path, LISTED)) == ["en", "ru"]


def test_a_folder_without_languages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableCatalog):
        catalogs.load(tmp_path, LISTED)
