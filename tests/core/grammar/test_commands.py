"""What commands texts of many kinds are, and which texts are none."""

import pytest

from core.commands import (
    Balance,
    Command,
    Help,
    NotMe,
    NotUnderstood,
    OptIn,
    OptOut,
    Register,
    SetLanguage,
    Subject,
    SubmitReading,
    Undo,
    Wanted,
    Why,
)
from core.grammar.understanding import understand
from tests.core.grammar.worlds import SINGLE

COMMANDS: list[tuple[str, Command]] = [
    ("долг", Balance()), ("ДОЛГ?", Balance()), ("ljku", Balance()), (",fkfyc", Balance()), ("dolg", Balance()),
    ("баллнас", Balance()), ("сколько я вам должна?", Balance()), ("BAL100200300", Balance("100200300")),
    ("задолженность по лс 555666777", Balance("555666777")), ("100200300", Balance("100200300")),
    ("what do I owe", Balance()), ("борг", Balance()), ("қарызым қанша", Balance()), ("бурыч", Balance()),
    ("доўг", Balance()), ("tagihan", Balance()), ("borcum ne kadar", Balance()), ("saldo", Balance()),
    ("почему", Why()), ("WHY?", Why()),
    ("почему изменилась сумма", Why()), ("почему долг изменился?", Why()), ("why did my bill change", Why()),
    ("отм", Undo()), ("undo", Undo()), ("отмените показания", Undo()),
    ("помощь", Help()), ("?", Help()), ("HELP", Help()), ("как передать показания?", Help()), ("ярдәм", Help()),
    ("help 12345", Help()), ("дапамога", Help()), ("palīdzība", Help()),
    ("STOP", OptOut()), ("s t o p", OptOut()), ("cancel", OptOut()), ("CTOП", OptOut()), ("не пишите мне", OptOut()),
    ("хватит слать смс!!!", OptOut()), ("отпишите меня от рассылки", OptOut()), ("no more texts", OptOut()),
    ("достали ваши смс, отпишите уже", OptOut()), ("wrong number, stop messaging me", OptOut()),
    ("please stop messaging me", OptOut()), ("не пишіть мені більше", OptOut()), ("mesaj göndermeyin", OptOut()),
    ("маған хабарлама жібермеңіз", OptOut()), ("jangan kirim sms lagi", OptOut()), ("nie piszcie do mnie", OptOut()),
    ("снова присылайте уведомления", OptIn()), ("start texting me again", OptIn()), ("💰 Баланс", Balance()),
    ("что на лицевом счете", Balance()), ("ИСТ 250117738", Wanted(Subject.HISTORY, "250117738")),
    ("дошли ли мои показания?", Wanted(Subject.HISTORY)), ("показания за прошлый месяц", Wanted(Subject.HISTORY)),
    ("отменить все записи", Wanted(Subject.CANCEL_VISIT)), ("I need an appointment", Wanted(Subject.BOOK)),
    ("тоқтату", OptOut()), ("новости нет", OptOut()), ("START", OptIn()), ("YES", OptIn()), ("новости да", OptIn()),
    ("возобновите рассылку", OptIn()), ("язык", SetLanguage()), ("English", SetLanguage("en")),
    ("/lang kk", SetLanguage("kk")), ("по-татарски", SetLanguage("tt")), ("не я", NotMe()), ("wrong number", NotMe()),
    ("РЕГ 100004321 0098765", Register("100004321", "0098765")),
    ("РЕГ 100004321 0098765 433,56", Register("100004321", "0098765", 43356)),
    ("РЕГ 100004321 0098765 сумма 433,56", Register("100004321", "0098765", 43356)),
    ("РЕГ л/с 100004321 счетчик 0098765 433 руб 6 коп", Register("100004321", "0098765", 43306)),
    ("привяжите счёт 100004321", Register("100004321")), ("MREG 555666777", Register("555666777")),
    ("передать показания", SubmitReading()), ("показания", SubmitReading()),
    ("история", Wanted(Subject.HISTORY)), ("мои платежи", Wanted(Subject.PAYMENTS)),
    ("когда платить?", Wanted(Subject.BILL)), ("when is my bill due", Wanted(Subject.BILL)),
    ("до какого числа оплатить счёт", Wanted(Subject.BILL)),
    ("прогноз", Wanted(Subject.FORECAST)), ("счет", Wanted(Subject.BILL)), ("как оплатить?", Wanted(Subject.PAY)),
    ("ОПЛАЧУ 05.12", Wanted(Subject.PROMISE, argument="2025-12-05")), ("мои лс", Wanted(Subject.ACCOUNTS)),
    ("имя 2 Дача", Wanted(Subject.NAME, argument="2 Дача")), ("ИМЯ", Wanted(Subject.NAME)),
    ("name?", Wanted(Subject.NAME)), ("оплаты", Wanted(Subject.PAYMENTS)), ("PAYMENTS", Wanted(Subject.PAYMENTS)),
    ("реквизиты для оплаты", Wanted(Subject.PAY)), ("способы оплаты", Wanted(Subject.PAY)),
    ("мои записи", Wanted(Subject.VISITS)),
    ("записаться на 5 декабря в 10:00", Wanted(Subject.BOOK, argument="2025-12-05 10:00")),
    ("запись на 1012 1430", Wanted(Subject.BOOK, argument="2025-12-10 14:30")),
    ("записаться на завтра в 14-30", Wanted(Subject.BOOK, argument="2025-11-25 14:30")),
    ("записаться на 28.11 14.30", Wanted(Subject.BOOK, argument="2025-11-28 14:30")),
    ("записаться 10.12", Wanted(Subject.BOOK, argument="2025-12-10")),
    ("записаться на 5-го декабря", Wanted(Subject.BOOK, argument="2025-12-05")),
    ("записаться на 5-е", Wanted(Subject.BOOK, argument="2025-12-05")),
    ("записаться на 31-е", Wanted(Subject.BOOK, argument="2025-12-31")),
    ("запишите к юристу", Wanted(Subject.BOOK)),
    ("ЗАПИСЬ ПАРИЖ", Wanted(Subject.BOOK, argument="?париж")),
    ("отменить запись на 14.30", Wanted(Subject.CANCEL_VISIT, argument="14:30")),
    ("снять запись", Wanted(Subject.CANCEL_VISIT)), ("снимите меня с приема", Wanted(Subject.CANCEL_VISIT)),
    ("запись больше не нужна", Wanted(Subject.CANCEL_VISIT)), ("стереть запись", Wanted(Subject.CANCEL_VISIT)),
    ("моя запись на завтра?", Wanted(Subject.VISITS, argument="2025-11-25")),
    ("прием показаний", SubmitReading()), ("⛔ стоп", OptOut()), ("стооооп", OptOut()),
    ("отм В17", Wanted(Subject.CANCEL_VISIT, argument="В17")), ("отмените прием", Wanted(Subject.CANCEL_VISIT)),
    ("cancel my appointment", Wanted(Subject.CANCEL_VISIT)), ("перенести запись", Wanted(Subject.MOVE_VISIT)),
    ("уведомления", Wanted(Subject.NOTICES)), ("ОК 7q4k", Wanted(Subject.ACKNOWLEDGE, argument="7Q4K")),
    ("не согласен с долгом", Wanted(Subject.DISPUTE)), ("света нет", Wanted(Subject.OUTAGE)),
    ("оператор", Wanted(Subject.HUMAN)), ("новости", Wanted(Subject.NEWS)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "command"), COMMANDS, ids=[text for text, _ in COMMANDS])
def test_command(text: str, command: Command) -> None:
    assert understand(text, SINGLE) == command


@pytest.mark.parametrize(
    "text",
    [
        "bus stop", "стоп-кадр", "the end", "I quit", "как отключить смс", "чтобы отписаться, отправьте СТОП",
        "не присылайте квитанцию", "смс не приходят", "прекратите отключать свет", "отмена", "не приду", "да", "ок",
        "не отключайте смс", "can't stop", "please don't stop sending messages", "снимите показания", "I am moving out",
        "больше не отключайте свет", "почему мне не приходят смс", "cancel my bill",
        "подтвердить запись", "пропущу прием", "опоздаю на прием", "запись разговора", "на приеме нахамили",
        "кто записал меня", "вернуть запись", "ускорить прием",
        "спасибо", "отвязать номер", "/start 100200300", "привет", "I don't speak Russian", "стопп", "старт 5",
    ],
)  # fmt: skip
def test_nothing_is_changed_by(text: str) -> None:
    command = understand(text, SINGLE)
    assert isinstance(command, NotUnderstood | Help | Undo)
