"""The simulated carrier behaves like the real one, and errs when it is told to."""

# mypy: disable-error-code="import-untyped"

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from twilio.request_validator import RequestValidator

from demo.carrier import Carrier
from demo.carrier_calls import Line
from demo.carrier_faults import Dice, Faults
from demo.carrier_segments import segments

ACCOUNT = "AC00112233445566778899aabbccddeeff"
TOKEN = "the account's own token"
NUMBER = "+15550001000"
PHONE = "+79001112233"
START = datetime(2025, 11, 21, 9, tzinfo=UTC)
LIST = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


@dataclass
class Clock:
    at: datetime = START

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Gateway:
    """What a gateway saw, each call checked with Twilio's own validator; answers are taken from `statuses` in turn."""

    base: str = ""
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    hang: bool = False

    async def receive(self, request: web.Request) -> web.Response:
        params = dict(await request.post())
        url = f"{self.base}{request.path_qs}"
        assert RequestValidator(TOKEN).validate(url, params, request.headers["X-Twilio-Signature"])
        self.calls.append((request.path_qs, {name: str(value) for name, value in params.items()}))
        self.headers.append(dict(request.headers))
        if self.hang and request.path == "/sms":
            await asyncio.Event().wait()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    @property
    def steps(self) -> list[str]:
        return [params["MessageStatus"] for _, params in self.calls]


@dataclass
class Town:
    carrier: Carrier
    base: str
    gateway: Gateway
    clock: Clock
    session: aiohttp.ClientSession

    async def create(self, auth: str = TOKEN, **fields: str) -> tuple[int, Any]:
        form = {"To": PHONE, "From": NUMBER, "Body": "К оплате 433.56", **fields}
        headers = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, auth)}
        async with self.session.post(self.base + LIST, data=form, headers=headers) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str, **query: str) -> tuple[int, Any]:
        headers = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, TOKEN)}
        async with self.session.get(self.base + path, params=query, headers=headers) as answer:
            return answer.status, await answer.json()

    async def simulate(self, name: str, **told: object) -> tuple[int, Any]:
        async with self.session.post(f"{self.base}/simulate/{name}", json=told) as answer:
            return answer.status, await answer.json() if answer.content_type == "application/json" else None

    @property
    def reports(self) -> str:
        return f"{self.gateway.base}/status?oid=7"


@asynccontextmanager
async def founded(**options: Any) -> AsyncIterator[Town]:
    gateway, clock = Gateway(), Clock()
    app = web.Application()
    app.router.add_post("/{path:.*}", gateway.receive)
    server = TestServer(app)
    await server.start_server()
    gateway.base = str(server.make_url("/")).rstrip("/")
    line = options.pop("line", Line(webhook=f"{gateway.base}/sms", fallback=f"{gateway.base}/fallback"))
    carrier = Carrier(
        account_sid=ACCOUNT, auth_token=TOKEN, numbers=(NUMBER,), now=clock, line=line, **{"pace": 0.0, **options}
    )
    base = await carrier.start()
    async with aiohttp.ClientSession() as session:
        yield Town(carrier, base, gateway, clock, session)
    await carrier.stop()
    await server.close()


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with founded() as made:
        yield made


async def test_a_message_is_created_and_fetched(town: Town) -> None:
    status, created = await town.create(StatusCallback=town.reports)
    assert status == 201
    assert created["sid"].startswith("SM")
    assert len(created["sid"]) == 34
    expected = {
        "status": "queued",
        "direction": "outbound-api",
        "to": PHONE,
        "from": NUMBER,
        "num_segments": "1",
        "date_sent": None,
        "price": None,
    }
    assert {name: created[name] for name in expected} == expected
    assert created["date_created"] == "Fri, 21 Nov 2025 09:00:00 +0000"
    await town.carrier.settled()
    status, fetched = await town.get(created["uri"])
    assert (status, fetched["status"], fetched["price"]) == (200, "delivered", "-0.00790")
    assert fetched["date_sent"] == "Fri, 21 Nov 2025 09:00:00 +0000"


async def test_reports_come_signed_and_in_order(town: Town) -> None:
    _, created = await town.create(StatusCallback=town.reports)
    await town.carrier.settled()
    assert town.gateway.steps == ["queued", "sent", "delivered"]
    for path, params in town.gateway.calls:
        assert path == "/status?oid=7"
        assert (params["MessageSid"], params["AccountSid"]) == (created["sid"], ACCOUNT)
        assert (params["To"], params["From"], params["SmsStatus"]) == (PHONE, NUMBER, params["MessageStatus"])
        assert "ErrorCode" not in params


async def test_a_report_is_insisted_on(town: Town) -> None:
    town.gateway.statuses = [200, 503, 500, 200, 200]
    await town.create(StatusCallback=town.reports)
    await town.carrier.settled()
    assert town.gateway.steps == ["queued", "sent", "sent", "sent", "delivered"]
    tokens = [headers["I-Twilio-Idempotency-Token"] for headers in town.gateway.headers]
    assert len(set(tokens)) == 3
    assert tokens[1] == tokens[2] == tokens[3]


async def test_a_report_that_is_refused_is_given_up(town: Town) -> None:
    town.gateway.statuses = [403, 404, 400]
    await town.create(StatusCallback=town.reports)
    await town.carrier.settled()
    assert town.gateway.steps == ["queued", "sent", "delivered"]


@pytest.mark.parametrize(
    ("fault", "steps", "code"),
    [("undelivered", ["queued", "sent", "undelivered"], "30003"), ("failed", ["queued", "failed"], "30007")],
)
async def test_a_message_that_does_not_arrive(town: Town, fault: str, steps: list[str], code: str) -> None:
    town.carrier.faults = Faults.of({fault: 1.0})
    _, created = await town.create(StatusCallback=town.reports)
    await town.carrier.settled()
    assert town.gateway.steps == steps
    assert [params.get("ErrorCode") for _, params in town.gateway.calls] == [None] * (len(steps) - 1) + [code]
    _, fetched = await town.get(created["uri"])
    assert (fetched["status"], fetched["error_code"]) == (steps[-1], int(code))


@pytest.mark.parametrize(
    ("fault", "counted"),
    [
        ("receipt_lost", {}),
        ("receipt_doubled", {"queued": 2, "sent": 2, "delivered": 2}),
        ("receipt_replayed", {"queued": 2, "sent": 2, "delivered": 2}),
        ("receipt_delayed", {"queued": 1, "sent": 1, "delivered": 1}),
        ("receipts_reordered", {"queued": 1, "sent": 1, "delivered": 1}),
    ],
)
async def test_faults_of_reports(town: Town, fault: str, counted: dict[str, int]) -> None:
    town.carrier.faults = Faults.of({fault: 1.0, "delay_seconds": 0.01})
    await town.create(StatusCallback=town.reports)
    await town.carrier.settled()
    assert Counter(town.gateway.steps) == counted
    assert town.carrier.struck[fault] == (1 if fault == "receipts_reordered" else 3)


async def test_reports_can_come_out_of_order(town: Town) -> None:
    town.carrier.faults = Faults.of({"receipts_reordered": 1.0})
    for _ in range(12):
        await town.create(StatusCallback=town.reports)
        await town.carrier.settled()
    orders = {tuple(town.gateway.steps[at : at + 3]) for at in range(0, 36, 3)}
    assert len(orders) > 3


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"To": ""}, 400, 21604),
        ({"From": ""}, 400, 21603),
        ({"Body": ""}, 400, 21602),
        ({"To": "+0"}, 400, 21211),
        ({"To": "+７9001112233"}, 400, 21211),
        ({"From": "+15550009999"}, 400, 21606),
        ({"To": NUMBER}, 400, 21266),
        ({"Body": "я" * 1601}, 400, 21617),
        ({"StatusCallback": "ftp://x"}, 400, 21609),
        ({"StatusCallback": "/sms"}, 400, 21609),
        ({"To": "+15005550009"}, 400, 21614),
        ({"auth": "wrong"}, 401, 20003),
    ],
)
async def test_refusals(town: Town, fields: dict[str, str], status: int, code: int) -> None:
    answered, told = await town.create(**fields)
    assert (answered, told["status"], told["code"]) == (status, status, code)
    assert told["more_info"].endswith(str(code))
    assert len(town.carrier.book) == 0


@pytest.mark.parametrize(
    "header", [None, "", "Basic", "Basic !", "Basic eA==", f"Bearer {TOKEN}", aiohttp.encode_basic_auth(ACCOUNT, "")]
)
async def test_strangers_see_nothing(town: Town, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    for path in (LIST, LIST.replace(".json", "/SM1.json")):
        async with town.session.get(town.base + path, headers=headers) as answer:
            assert (answer.status, (await answer.json())["code"]) == (401, 20003)


async def test_what_is_not_there(town: Town) -> None:
    for path in (LIST.replace(".json", "/SM1.json"), LIST.replace(ACCOUNT, "AC" + "0" * 32)):
        status, told = await town.get(path)
        assert (status, told["code"]) == (404, 20404)


async def test_the_list_is_paged_newest_first_and_stands_still(town: Town) -> None:
    bodies = [f"{number}" for number in range(25)]
    for body in bodies:
        await town.create(Body=body)
    _, page = await town.get(LIST, PageSize="10", To=PHONE)
    listed = []
    for expected in (10, 10, 5):
        assert len(page["messages"]) == expected
        listed += [message["body"] for message in page["messages"]]
        await town.create(Body="later")
        if page["next_page_uri"]:
            _, page = await town.get(page["next_page_uri"])
    assert page["next_page_uri"] is None
    assert listed == bodies[::-1]


async def test_the_list_is_filtered(town: Town) -> None:
    await town.create(Body="first")
    await town.carrier.settled()
    town.clock.at += timedelta(days=1)
    await town.create(Body="second", To="+79001112234")
    await town.carrier.text(sender=PHONE, to=NUMBER, body="third")
    await town.carrier.settled()

    async def listed(**query: str) -> list[str]:
        _, page = await town.get(LIST, **query)
        return [message["body"] for message in page["messages"]]

    assert await listed() == ["third", "second", "first"]
    assert await listed(To=PHONE) == ["first"]
    assert await listed(From=PHONE) == ["third"]
    assert await listed(To=NUMBER, From=PHONE) == ["third"]
    assert await listed(To="+79990000000") == []
    assert await listed(**{"DateSent": "2025-11-21"}) == ["first"]
    assert await listed(**{"DateSent>": "2025-11-22"}) == ["third", "second"]
    assert await listed(**{"DateSent>": "2025-11-22T09:00:01Z"}) == []
    assert await listed(**{"DateSent<": "2025-11-21T09:00:00Z"}) == ["first"]
    for name, value in (("PageSize", "many"), ("DateSent>", "yesterday"), ("Page", "x")):
        assert (await town.get(LIST, **{name: value}))[0] == 400


async def test_a_phone_writes(town: Town) -> None:
    status, texted = await town.simulate("inbound", **{"from": PHONE, "to": NUMBER, "body": "04512 я"})
    assert (status, texted["webhook"]) == (200, 200)
    ((path, params),) = town.gateway.calls
    assert path == "/sms"
    assert (params["Body"], params["From"], params["To"]) == ("04512 я", PHONE, NUMBER)
    assert params["MessageSid"] == params["SmsSid"] == params["SmsMessageSid"] == texted["sid"]
    assert (params["AccountSid"], params["NumMedia"], params["NumSegments"]) == (ACCOUNT, "0", "1")
    assert (params["SmsStatus"], params["ApiVersion"], params["FromCity"]) == ("received", "2010-04-01", "")
    assert "OptOutType" not in params
    assert town.gateway.headers[0]["Content-Type"] == "application/x-www-form-urlencoded; charset=UTF-8"


async def test_a_picture_has_another_kind_of_name(town: Town) -> None:
    _, texted = await town.simulate("inbound", **{"from": PHONE, "to": NUMBER, "body": "", "media": 1})
    assert texted["sid"].startswith("MM")
    assert town.gateway.calls[0][1]["NumMedia"] == "1"


@pytest.mark.parametrize("failing", [500, 503, 404, 403])
async def test_the_fallback_is_called_once_and_then_the_text_is_lost(town: Town, failing: int) -> None:
    town.gateway.statuses = [failing, failing]
    texted = await town.carrier.text(sender=PHONE, to=NUMBER, body="04512")
    assert texted.webhook == failing
    (_, first), (path, second) = town.gateway.calls
    assert path == "/fallback"
    assert second == {**first, "ErrorCode": "11200", "ErrorUrl": f"{town.gateway.base}/sms"}
    assert town.carrier.book.conversation(PHONE)[0].webhook == failing


async def test_the_fallback_saves_a_text_that_hangs() -> None:
    async with founded(patience=0.5) as town:
        town.gateway.hang = True
        texted = await town.carrier.text(sender=PHONE, to=NUMBER, body="04512")
    assert [path for path, _ in town.gateway.calls] == ["/sms", "/fallback"]
    assert texted.webhook == 200


async def test_nobody_answers() -> None:
    async with founded(line=Line(webhook=f"http://127.0.0.1:{unused_port()}/sms")) as town:
        assert (await town.carrier.text(sender=PHONE, to=NUMBER, body="04512")).webhook is None
        _, page = await town.get(LIST, To=NUMBER)
        assert [message["status"] for message in page["messages"]] == ["received"]


async def test_nothing_is_called_but_this_machine() -> None:
    async with founded(line=Line(webhook="https://meter.example/sms")) as town:
        assert (await town.carrier.text(sender=PHONE, to=NUMBER, body="04512")).webhook is None
    assert Line(public="https://meter.example", reach="http://127.0.0.1:8080/").target(
        "https://meter.example/sms/twilio?a=%41"
    ) == ("http://127.0.0.1:8080/sms/twilio?a=%41")
    for url in ("", "https://meter.example/", "http://10.0.0.1/", "http://127.0.0.1.example/"):
        assert Line().target(url) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "meter.example"])
async def test_it_listens_on_loopback_only(host: str) -> None:
    carrier = Carrier(account_sid=ACCOUNT, auth_token=TOKEN, numbers=(NUMBER,), now=Clock())
    with pytest.raises(ValueError, match="loopback"):
        await carrier.start(host=host)


@pytest.mark.parametrize(
    ("fault", "calls", "told"),
    [("text_lost", 0, False), ("text_doubled", 2, True), ("text_replayed", 2, True), ("text_delayed", 1, False)],
)
async def test_faults_of_texts(town: Town, fault: str, calls: int, told: bool) -> None:
    town.carrier.faults = Faults.of({fault: 1.0, "delay_seconds": 0.01})
    texted = await town.carrier.text(sender=PHONE, to=NUMBER, body="04512")
    await town.carrier.settled()
    assert (texted.webhook == 200) is told
    assert len(town.gateway.calls) == calls
    assert len({params["MessageSid"] for _, params in town.gateway.calls}) == min(calls, 1)
    assert len(town.carrier.book) == 1


@pytest.mark.parametrize(
    "word", ["STOP", "stop", " StopAll\n", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]
)
async def test_opt_out_blocks_until_opt_in(town: Town, word: str) -> None:
    await town.carrier.text(sender=PHONE, to=NUMBER, body=word)
    status, told = await town.create()
    assert (status, told["code"]) == (400, 21610)
    assert (await town.create(To="+79001112234"))[0] == 201
    await town.carrier.text(sender=PHONE, to=NUMBER, body="YES")
    assert (await town.create())[0] == 201
    await town.carrier.settled()
    said = [message.direction for message in town.carrier.book.conversation(PHONE)]
    assert said == ["inbound", "outbound-reply", "inbound", "outbound-reply", "outbound-api"]
    assert [params["Body"] for _, params in town.gateway.calls] == [word, "YES"]


@pytest.mark.parametrize("words", ["STOP 12345", "please stop", "СТОП", "YES", "START"])
async def test_other_words_block_nothing_and_get_no_answer(town: Town, words: str) -> None:
    await town.carrier.text(sender=PHONE, to=NUMBER, body=words)
    assert (await town.create())[0] == 201
    assert [message.direction for message in town.carrier.book.conversation(PHONE)] == ["inbound", "outbound-api"]


async def test_advanced_opt_out_tells_the_company_and_answers_nothing() -> None:
    async with founded(advanced_opt_out=True) as town:
        for word in ("CANCEL", "Stop", "help", "START"):
            await town.carrier.text(sender=PHONE, to=NUMBER, body=word)
            assert ((await town.create())[0] == 400) is (word in ("Stop", "help"))
        kinds = [params.get("OptOutType") for _, params in town.gateway.calls]
        assert kinds == [None, "STOP", "HELP", "START"]
        said = Counter(message.direction for message in town.carrier.book.conversation(PHONE))
        assert said == {"inbound": 4, "outbound-api": 2}


async def test_a_conversation_with_its_price(town: Town) -> None:
    await town.carrier.text(sender=PHONE, to=NUMBER, body="04512")
    await town.create(Body="я" * 71)
    await town.create(To="+79001112234")
    await town.carrier.settled()
    _, told = await town.get("/simulate/conversation", phone=PHONE)
    shown = [(item["direction"], item["segments"], item["price"], item["status"]) for item in told["messages"]]
    assert shown == [("inbound", 1, "-0.00790", "received"), ("outbound-api", 2, "-0.01580", "delivered")]
    _, everything = await town.get("/simulate/messages", **{"from": "1"})
    assert (everything["count"], [item["number"] for item in everything["messages"]]) == (3, [1, 2])


async def test_faults_are_ordered_over_http(town: Town) -> None:
    assert (await town.simulate("faults", before_429=1.0, retry_after=3))[0] == 200
    assert (await town.create())[0] == 429
    _, told = await town.get("/simulate/faults")
    assert (told["faults"]["before_429"], told["faults"]["retry_after"]) == (1.0, 3)
    assert told["struck"] == {"before_429": 1}
    assert (await town.simulate("faults"))[0] == 200
    assert (await town.create())[0] == 201


async def test_the_line_is_changed_over_http(town: Town) -> None:
    status, told = await town.simulate("line", webhook=f"{town.gateway.base}/elsewhere")
    assert (status, told["fallback"]) == (200, f"{town.gateway.base}/fallback")
    await town.carrier.text(sender=PHONE, to=NUMBER, body="04512")
    assert town.gateway.calls[0][0] == "/elsewhere"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("faults", {"after_everything": 1}),
        ("faults", {"after_500": 1.5}),
        ("faults", {"after_500": -1}),
        ("faults", {"after_500": "1"}),
        ("faults", {"after_500": True}),
        ("inbound", {}),
        ("inbound", {"from": PHONE, "to": NUMBER, "body": 7}),
        ("inbound", {"from": PHONE, "to": NUMBER, "body": "1", "media": "x"}),
    ],
)
async def test_odd_orders_are_refused(town: Town, name: str, told: dict[str, object]) -> None:
    assert (await town.simulate(name, **told))[0] == 400


async def test_a_page_of_another_site_cannot_order(town: Town) -> None:
    order = json.dumps({"from": PHONE, "to": NUMBER, "body": "04512"})
    for body, kind in ((order, "text/plain"), (order, "application/x-www-form-urlencoded")):
        async with town.session.post(
            f"{town.base}/simulate/inbound", data=body, headers={"Content-Type": kind}
        ) as answer:
            assert answer.status == 415
    for body in ("{", "[]"):
        async with town.session.post(
            f"{town.base}/simulate/inbound", data=body, headers={"Content-Type": "application/json"}
        ) as answer:
            assert answer.status == 400


def test_the_dice_fall_by_their_seed() -> None:
    def thrown(seed: int) -> list[str | None]:
        dice = Dice(Faults(seed=seed, after_drop=0.2, after_500=0.2))
        return [dice.first("after_") for _ in range(200)]

    assert thrown(1) == thrown(1) != thrown(2)
    counted = Counter(thrown(1))
    assert 20 < counted["after_drop"] < 60
    assert 20 < counted["after_500"] < 60


def test_segments_are_counted_as_carriers_do(cases: Path) -> None:
    wrong = []
    for line in (cases / "segments.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case["mode"] == "default" and segments(case["text"]) != case["segments"]:
            wrong.append((case["id"], segments(case["text"]), case["segments"]))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("я" * 134, 2),
        ("я" * 135, 3),
        ("я" * 66 + "😀" + "я" * 66, 3),
    ],
)
def test_segments(text: str, parts: int) -> None:
    assert segments(text) == parts


async def test_it_runs_as_a_process_of_its_own() -> None:
    program = (
        "import sys; from datetime import UTC, datetime; from demo import carrier;"
        "carrier.run(sys.argv[1:], now=lambda: datetime(2025, 11, 21, 9, tzinfo=UTC))"
    )
    arguments = [
        "--account-sid",
        ACCOUNT,
        "--auth-token",
        TOKEN,
        "--number",
        NUMBER,
        "--before-429",
        "1.0",
        "--seed",
        "3",
    ]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    base = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session, session.get(f"{base}/simulate/faults") as answer:
        told = (await answer.json())["faults"]
    process.terminate()
    await process.wait()
    assert (told["before_429"], told["seed"], told["after_500"]) == (1.0, 3, 0.0)
