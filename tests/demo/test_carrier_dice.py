"""What befalls a message depends on the seed and the message, and on nothing else that goes on."""

import random

from demo.carrier_faults import Dice, Faults


def befallen(order: list[str], *, seed: int) -> dict[str, list[bool]]:
    dice = Dice(Faults(seed=seed, text_lost=0.5))
    return {about: [dice.strikes("text_lost", about) for _ in range(3)] for about in order}


def test_the_order_of_things_does_not_matter() -> None:
    things = [f"+7978000{number:04d} 04512" for number in range(100)]
    shuffled = random.Random(1).sample(things, len(things))
    assert befallen(things, seed=7) == befallen(shuffled, seed=7)
    assert befallen(things, seed=7) != befallen(things, seed=8)


def test_half_is_about_half_and_not_the_same_again() -> None:
    thrown = befallen([str(number) for number in range(1000)], seed=7)
    assert 400 < sum(first for first, *_ in thrown.values()) < 600
    assert any(first != second for first, second, _ in thrown.values()), "a second try may end otherwise"
