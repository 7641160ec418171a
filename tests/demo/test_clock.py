"""The demo's clock is moved and paced by hand, and by nothing else than the counter that it is given."""

from datetime import UTC, datetime, timedelta

import pytest

from demo.clock import START, Clock


class Counter:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def counter() -> Counter:
    return Counter()


def test_begins_at_noon_of_the_day_and_goes_on(counter: Counter) -> None:
    clock = Clock(monotonic=counter)
    assert clock.now() == START == datetime.fromisoformat("2025-11-21T12:00:00+03:00")
    counter.seconds += 90
    assert clock.now() == START + timedelta(seconds=90)


def test_is_moved_by_hand(counter: Counter) -> None:
    clock = Clock(monotonic=counter)
    counter.seconds += 1
    clock.advance(timedelta(days=1))
    assert clock.now() == START + timedelta(days=1, seconds=1)
    clock.set(datetime(2025, 12, 3, tzinfo=UTC))
    counter.seconds += 2
    assert clock.now() == datetime(2025, 12, 3, 0, 0, 2, tzinfo=UTC)


def test_runs_at_the_speed_that_is_set_from_now_on(counter: Counter) -> None:
    clock = Clock(monotonic=counter)
    counter.seconds += 10
    clock.speed(3600)
    assert clock.now() == START + timedelta(seconds=10)
    counter.seconds += 2
    assert clock.now() == START + timedelta(hours=2, seconds=10)
    clock.speed(0)
    counter.seconds += 1000
    assert clock.now() == START + timedelta(hours=2, seconds=10)
    assert clock.running == 0


@pytest.mark.parametrize("speed", [-1, float("inf"), float("nan")])
def test_refuses_odd_speeds(speed: float) -> None:
    with pytest.raises(ValueError):
        Clock(speed=speed)
    with pytest.raises(ValueError):
        Clock().speed(speed)


def test_refuses_a_time_without_a_zone() -> None:
    with pytest.raises(ValueError):
        Clock().set(START.replace(tzinfo=None))
