"""How many calls of a failing provider are made."""

from dataclasses import dataclass

import pytest

from gateway.breaker import LIMIT, MOMENT, WIDEST, Breaker


@dataclass
class Time:
    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def breaker(time: Time) -> Breaker:
    return Breaker(clock=time, pause=5.0, longest=60.0)


def fail(breaker: Breaker, times: int = LIMIT) -> list[bool]:
    told = []
    for _ in range(times):
        breaker.began(1)
        told.append(breaker.failed())
        breaker.ended()
    return told


def work(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.worked()


def test_a_working_provider_is_called_more_and_more(breaker: Breaker) -> None:
    assert breaker.room() == LIMIT, "who does not work at all is known after so many"
    work(breaker, 100)
    assert breaker.room() == LIMIT + 100
    work(breaker, 1000)
    breaker.began(100)
    assert breaker.room() == WIDEST - 100
    breaker.ended(100)
    assert breaker.room() == WIDEST
    assert breaker.wait() is None


def test_twice_what_may_be_under_way_is_worth_having_in_hand(breaker: Breaker, time: Time) -> None:
    work(breaker, 30)
    breaker.began(40)
    assert breaker.ahead(40) == 2 * (LIMIT + 30) - 40
    assert breaker.ahead(100) == LIMIT + 30 - 40, "as many as may begin now, however many are held"
    breaker.ended(40)
    fail(breaker, 12)
    assert breaker.ahead(40) == LIMIT - 12, "who may be about to fail keeps none that others could carry"
    breaker.worked()
    breaker.throttled(retry_after=7.0)
    assert breaker.ahead(0) == 0
    time.at += 7.0
    assert breaker.ahead(0) > 0


def test_twenty_failures_in_a_row_break_it(breaker: Breaker) -> None:  # R20
    told = fail(breaker)
    assert told == [False] * (LIMIT - 1) + [True], "told once"
    assert breaker.room() == 0
    assert breaker.is_open
    assert breaker.wait() == 5.0


def test_a_success_between_failures_counts_from_nothing(breaker: Breaker) -> None:
    fail(breaker, LIMIT - 1)
    breaker.worked()
    fail(breaker, LIMIT - 1)
    assert not breaker.is_open


def test_the_nearer_to_a_break_the_fewer_at_a_time(breaker: Breaker) -> None:
    work(breaker, 1000)
    fail(breaker, 12)
    assert breaker.room() == LIMIT - 12
    breaker.began(8)
    assert breaker.room() == 0, "if all of them fail it is twenty, and no more"


def test_after_the_pause_one_is_tried(breaker: Breaker, time: Time) -> None:
    fail(breaker)
    time.at += 5.0
    assert breaker.room() == 1
    breaker.began(1)
    assert breaker.room() == 0, "no second one before the first has ended"
    assert breaker.worked(), "the break is over"
    breaker.ended()
    assert breaker.room() == LIMIT, "it begins again with few"


def test_each_failed_trial_doubles_the_pause_up_to_the_longest(breaker: Breaker, time: Time) -> None:
    assert fail(breaker)[-1]
    for pause in (5.0, 10.0, 20.0, 40.0, 60.0, 60.0):
        assert breaker.wait() == pause
        time.at += pause
        assert fail(breaker, 1) == [False], "a person was told at the first break"
    breaker.worked()
    fail(breaker)
    assert breaker.wait() == 5.0, "the next break begins anew"


def test_calls_that_fail_during_a_break_do_not_lengthen_it(breaker: Breaker) -> None:
    fail(breaker, 64)
    assert breaker.wait() == 5.0


def test_a_time_that_the_provider_names_is_kept(breaker: Breaker, time: Time) -> None:  # R20
    breaker.failed(retry_after=30.0)
    assert (breaker.room(), breaker.wait()) == (0, 30.0)
    time.at += 30.0
    assert breaker.room() == LIMIT - 1


def test_too_much_is_no_failure_and_halves_what_goes_at_a_time(breaker: Breaker, time: Time) -> None:
    work(breaker, 1000)
    breaker.began(64)
    for _ in range(64):
        breaker.throttled(retry_after=7.0)
    assert (breaker.room(), breaker.wait(), breaker.is_open) == (0, 7.0, False)
    breaker.ended(64)
    time.at += 7.0
    assert breaker.room() == 32
    work(breaker, 10)
    assert breaker.room() == 42
    for _ in range(10):
        breaker.throttled(retry_after=None)
        time.at += MOMENT
    assert breaker.room() == 1, "never none"
