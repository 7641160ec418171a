"""A bill in words and on paper: the sums that are found in it, its payment code, and its bytes."""

import io
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from core.basics import payee as payees
from core.basics.periods import Month
from core.dossier import face as faces
from core.dossier.face import Face, FaceLine
from pages import bills, codes
from tests.core.basics.test_payee import GOOD

CODE = payees.payload(GOOD, amount=107048, account="0012345", purpose="Оплата по лицевому счёту 0012345")
FACE = Face(
    number="0012345", no=121, kind="bill", month=Month(2025, 10), issued_on=date(2025, 11, 3),
    due_on=date(2025, 11, 10), currency="RUB", company="МаякЭнерго", phone="8-800-000-43-21",
    pay="Сбер, Госуслуги, касса", address="г. Маяк, ул. Садовая, д. 4",
    lines=(FaceLine("electricity", "energy", 130000, 43160), FaceLine("cold_water", "common", 1234, 5340)),
    amount=48500, opening=100000, others=(("penalty", 1708), ("recalculation", -3160)), paid=40000, closing=107048,
    payee=GOOD, code=CODE,
)  # fmt: skip
SUMS = ("431,60", "53,40", "485,00", "1 000,00", "17,08", "-31,60", "-400,00", "1 070,48")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_what_is_kept_is_what_was_told() -> None:
    assert faces.decode(faces.encode(FACE)) == FACE
    bare = replace(FACE, payee=None, code=None, others=(), lines=())
    assert faces.decode(faces.encode(bare)) == bare


def test_the_words_of_a_bill() -> None:
    told = bills.told(FACE, "en")
    assert (told.title, told.month) == ("Bill No. 0012345-121", "for October 2025")
    assert [plain(amount) for _, amount in told.balance] == [
        "485.00 ₽",
        "1,000.00 ₽",
        "17.08 ₽",
        "-31.60 ₽",
        "-400.00 ₽",
    ]
    assert (told.total[0], plain(told.total[1])) == ("To pay", "1,070.48 ₽")
    ahead = bills.told(replace(FACE, closing=-150, code=None), "ru")
    assert (ahead.total[0], plain(ahead.total[1])) == ("Платить не нужно. Переплата", "1,50 ₽")
    assert "KZT" in bills.told(replace(FACE, currency="KZT"), "ru").total[1]


def test_the_sums_are_found_in_the_paper() -> None:
    text = plain("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(bills.pdf(FACE, "ru"))).pages))
    for told in (*SUMS, "Счёт № 0012345-121", "9109001231", "40702810700000012345", "10.11.2025"):
        assert told in text


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed (poppler-utils)")
@pytest.mark.parametrize("language", ["ru", "en"])
def test_another_reader_finds_them_too(language: str) -> None:
    paper = bills.pdf(FACE, language)
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=paper, capture_output=True, check=True)
    text = plain(done.stdout.decode())
    for told in SUMS:
        assert (told if language == "ru" else told.replace(" ", "·").replace(",", ".").replace("·", ",")) in text


def test_the_same_bill_is_the_same_bytes_in_every_process() -> None:  # row Q3
    paper = bills.pdf(FACE, "ru")
    assert bills.pdf(FACE, "ru") == paper
    program = (
        "import sys; from pages import bills; from core.dossier import face;"
        "sys.stdout.buffer.write(bills.pdf(face.decode(sys.stdin.buffer.read()), 'ru'))"
    )
    told = faces.encode(FACE)
    again = subprocess.run([sys.executable, "-c", program], input=told, capture_output=True, check=True)
    assert again.stdout == paper
    assert bills.pdf(replace(FACE, amount=48501), "ru") != paper


def test_a_long_bill_goes_over_pages() -> None:
    long = replace(FACE, lines=tuple(FaceLine("electricity", "energy", 1000 + no, 100 + no) for no in range(150)))
    pages = PdfReader(io.BytesIO(bills.pdf(long, "ru"))).pages
    assert len(pages) >= 4
    assert "стр. 1" in pages[0].extract_text()
    assert "1 070,48" in plain(pages[-1].extract_text())


def test_the_code_of_the_page_reads_as_it_was_written() -> None:
    rows = codes.squares(CODE)
    side = len(rows) + 2 * codes.BORDER
    image = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, black in enumerate(row):
            image.putpixel((x + codes.BORDER, y + codes.BORDER), 0 if black else 255)
    [found] = zxingcpp.read_barcodes(image.resize((side * 4, side * 4), Image.Resampling.NEAREST))
    assert found.bytes.decode() == CODE
    assert _sum(found.bytes.decode()) == FACE.closing


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed (poppler-utils)")
def test_the_code_on_paper_is_for_the_sum_of_the_bill() -> None:
    paper = bills.pdf(FACE, "ru")
    done = subprocess.run(["pdftoppm", "-r", "150", "-png", "-"], input=paper, capture_output=True, check=True)
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(done.stdout)))
    assert found.bytes.decode() == CODE
    assert Decimal(_sum(found.bytes.decode())).scaleb(-2) == Decimal("1070.48")


def test_the_picture_says_what_it_is() -> None:
    picture = codes.picture(CODE, title="Код <для> оплаты").decode()
    assert "<title>Код &lt;для&gt; оплаты</title>" in picture
    assert "style=" not in picture


def test_who_names_nobody_to_pay_has_no_code() -> None:
    bare = replace(FACE, payee=None, code=None)
    told = bills.told(bare, "ru")
    assert told.payee == ()
    assert len(bills.pdf(bare, "ru")) < len(bills.pdf(FACE, "ru"))


def _sum(told: str) -> int:
    return int(dict(part.partition("=")[::2] for part in told.split("|")[1:])["Sum"])
