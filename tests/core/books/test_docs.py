"""The worked hashes of docs/billing/closing.md come out of the code."""

from datetime import UTC, date, datetime
from pathlib import Path

from core.books import closing, hashing
from core.books.hashing import Chain
from core.books.model import GENESIS, Issued, Line

PAGE = Path(__file__).resolve().parents[3] / "docs" / "billing" / "closing.md"
DAY, AT = date(2025, 12, 5), datetime(2025, 12, 5, 9, tzinfo=UTC)


def test_the_worked_hashes() -> None:  # R30
    text = PAGE.read_text(encoding="utf-8")
    lines = [
        Line(3, 1, "receivable", 43160, DAY, DAY, AT),
        Line(3, 2, "revenue", -43160, DAY, DAY, AT),
    ]
    company = closing.row(0, DAY, watermark=0, balance=0, lines=())
    bill = Issued(
        3,
        date(2025, 11, 1),
        "claim|3|2025-11-01|bill|43160|2025-12-10|2025-12-05||\n"
        "charge|1|2025-11-01|5|electricity|energy|130.000|43160|2025-11-30|{1}",
    )
    row = closing.row(7, DAY, watermark=3, balance=0, lines=lines, issued=[bill])
    chain = Chain(DAY, GENESIS)
    chain.add([company.hash, row.hash])
    assert "\n".join(map(hashing.line_text, lines)) in text
    assert bill.text in text
    assert row.hash.hex() in text
    assert hashing.bill_hash(7, bill).hex() in text
    assert chain.head.hex() in text


def test_the_order_in_which_lines_are_given_does_not_matter() -> None:
    lines = [Line(no, line, "bank", 1, DAY, DAY, AT) for no in (2, 1) for line in (2, 1)]
    first = hashing.row_hash(7, DAY, watermark=2, balance=0, lines=lines)
    assert first == hashing.row_hash(7, DAY, watermark=2, balance=0, lines=lines[::-1])
