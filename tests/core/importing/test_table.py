"""Files as rows: encodings, separators, headers, quotes, and rows that cannot be read."""

import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importing.model import FileRefused, Problem
from core.importing.table import Columns, Row, Table

COLUMNS = Columns(required=("a", "b"), optional=("c",))


def read(content: bytes | str, columns: Columns = COLUMNS) -> list[Row | Problem]:
    data = content.encode() if isinstance(content, str) else content
    return list(Table(io.BytesIO(data), columns).rows())


def good(found: Sequence[Row | Problem]) -> list[tuple[int, list[str]]]:
    return [(row.line, list(row.cells)) for row in found if isinstance(row, Row)]


def bad(found: Sequence[Row | Problem]) -> list[tuple[int, str, str]]:
    return [(row.line, row.column, row.reason) for row in found if isinstance(row, Problem)]


@pytest.mark.parametrize(
    "content",
    [
        "a,b,c\n1,2,3\n",
        "\ufeffa,b,c\r\n1,2,3\r\n",
        "a;b;c\n1;2;3",
        'C;"B";A\n3;2;1\n',
        "a,b,c\r1,2,3\r",
        "\n\n A , b,c\n\n 1 ,2\u00a0,  3\n,,\n",
        'a,b,c\n"1", "2","3"\n',
    ],
)
def test_ways_to_write_the_same(content: str) -> None:
    assert [cells for _, cells in good(read(content))] == [["1", "2", "3"]]


def test_a_column_that_is_not_there_is_empty() -> None:
    assert good(read("b,a\n2,1\n")) == [(2, ["1", "2", ""])]


def test_a_quoted_cell_holds_separators_quotes_and_line_ends() -> None:
    found = read('a,b\n"x, ""y""",2\n"line\none",3\n4,5\n')
    assert good(found) == [(2, ['x, "y"', "2", ""]), (3, ["line\none", "3", ""]), (5, ["4", "5", ""])]


def test_a_formula_is_text() -> None:
    assert good(read("a,b\n=1+1,@SUM(A1)\n-5,+7\n")) == [(2, ["=1+1", "@SUM(A1)", ""]), (3, ["-5", "+7", ""])]


def test_a_quote_that_is_never_closed_costs_its_row_only() -> None:
    found = read('a,b\n1,2\n"3,4\n5,6\n7,8\n')
    assert [line for line, _ in good(found)] == [2, 4, 5]
    assert [line for line, _, _ in bad(found)] == [3]


def test_text_after_a_closing_quote_is_told() -> None:
    found = read('a,b\n"x"y,2\n3,4\n')
    assert [line for line, _ in good(found)] == [3]
    assert bad(found) == [(2, "", "a quote that is opened and not closed, or stands inside a quoted cell")]


def test_a_quote_inside_a_plain_cell_is_text() -> None:
    assert good(read('a,b\nООО "Образец",1\n')) == [(2, ['ООО "Образец"', "1", ""])]


@pytest.mark.parametrize(("line", "count"), [("1", 1), ("1,2,3", 3), ("1,2,", 3)])
def test_another_number_of_cells(line: str, count: int) -> None:
    assert bad(read(f"a,b\n{line}\n3,4\n")) == [(2, "", f"{count} cells where the header has 2")]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (b"x\x00y", "control or damaged characters"),
        (b"x\x1by", "control or damaged characters"),
        ("x\ufffdy".encode(), "control or damaged characters"),
        (b"\xed\xa0\x80", "bytes that are not UTF-8"),
        (b"caf\xe9", "bytes that are not UTF-8"),
        (b"x" * 301, "301 characters"),
    ],
)
def test_damaged_cells(cell: bytes, reason: str) -> None:
    found = read("a,b\nПетров,1\n".encode() + cell + b",2\n3,4\n")
    assert bad(found) == [(3, "a", reason)]
    assert [line for line, _ in good(found)] == [2, 4]


def test_a_huge_line_costs_its_row_only() -> None:
    found = read("a,b\n1,2\n" + "x" * 3_000_000 + ",2\n3,4\n")
    assert bad(found) == [(3, "", "a line of more than 20000 characters")]
    assert good(found) == [(2, ["1", "2", ""]), (4, ["3", "4", ""])]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"a,b,d\n1,2,3\n", "unknown column.* 'd'; known are a, b, c"),
        (b"a,c\n", "missing column.*: b; needed are a, b"),
        (b"a,b,A\n", "named twice: a"),
        (b"a\tb\n", "separated by tabs"),
        (b'"a,b\n', "quotes in the first line"),
        ("a,b\nПетров,Иванов\n".encode("cp1251"), "Windows-1251"),
        ("a,b\nПетров,Иванов\n".encode("utf-16"), "UTF-16"),
        (b"a,b\n\x80\x82\x84\x85,1\n", "not in UTF-8: save it"),
        ("a,b\nПетров,1\n".encode("cp866"), "not in UTF-8: save it"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
    ],
)
def test_files_that_are_refused(content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        read(content)


def test_a_header_alone_has_no_rows() -> None:
    assert read("a,b,c\n") == []


def test_progress_counts_lines() -> None:
    table = Table(io.BytesIO(b"a,b\n1,2\n3,4"), COLUMNS)
    assert table.lines == 3
    assert len(list(table.rows())) == 2
    assert table.done == 3


def test_the_stream_stays_open() -> None:
    stream = io.BytesIO(b"a,b\n")
    Table(stream, COLUMNS).close()
    assert not stream.closed


def test_a_character_across_two_blocks() -> None:
    filler = "x" * 100 + ",ё\n"
    content = "a,b\n" + filler * 11_000
    assert len(good(read(content))) == 11_000


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = read(b"a,b\n" + data)
    except FileRefused:
        found = []
    assert all(row.line >= 2 for row in found)


CELL = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=20).map(str.strip)


@given(st.lists(st.tuples(CELL, CELL), max_size=10), st.sampled_from(",;"))
def test_what_is_written_is_read(rows: list[tuple[str, str]], separator: str) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    # U+FFFD is what an earlier loss of text leaves behind; such a row is refused.
    kept = [row for row in rows if any(row) and "\ufffd" not in "".join(row)]
    lines = [separator.join(map(quoted, row)) for row in kept]
    found = good(read("\n".join([f"a{separator}b", *lines])))
    assert [cells[:2] for _, cells in found] == [list(row) for row in kept]
