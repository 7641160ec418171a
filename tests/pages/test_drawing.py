"""The geometry of charts."""

from decimal import Decimal

import pytest

from pages import drawing


@pytest.mark.parametrize("most", [1, 3, 7, 9, 187, 1068, 99999])
@pytest.mark.parametrize("least", [0, -5, -450])
def test_every_bar_stands_inside_of_its_chart(most: int, least: int) -> None:
    chart = drawing.bars([("a", Decimal(most), ""), ("b", Decimal(least), "")])
    assert chart is not None
    assert chart.ticks[-1].value >= most
    assert chart.ticks[0].value <= least
    for bar in chart.bars:
        assert 0 <= bar.y <= bar.y + bar.height <= chart.height
    assert chart.y(Decimal(0)) == pytest.approx(chart.zero, abs=0.2)
    assert chart.y(Decimal(most)) == pytest.approx(chart.bars[0].y, abs=0.2)


def test_there_is_no_chart_of_nothing() -> None:
    assert drawing.bars([]) is None
