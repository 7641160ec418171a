"""The peer of `month`: NREL PySAM's Utilityrate5 billing a household by blocks and zones; prints bills a second.

Run as a process of its own, `python -m bench.bills`: it needs the extra `oracle`, the benches do not.
"""

import json
import random
import sys
import time

import PySAM.Utilityrate5 as utilityrate

HOURS = 8760
MONTHS = 12


def prepared(seed: int) -> utilityrate.Utilityrate5:
    """A household with a year of hourly use under two zones of three blocks each."""
    chance = random.Random(seed)
    model = utilityrate.new()
    rates = [[zone, block, top, 0, 0.03 + 0.01 * zone + 0.02 * block, 0]
             for zone in (1, 2) for block, top in ((1, 150), (2, 600), (3, 1e38))]  # fmt: skip
    schedule = [[1 if 7 <= hour < 23 else 2 for hour in range(24)] for _ in range(MONTHS)]
    model.ElectricityRates.assign(
        {
            "en_electricity_rates": 1,
            "ur_metering_option": 0,
            "ur_en_ts_sell_rate": 0,
            "ur_ec_tou_mat": rates,
            "ur_ec_sched_weekday": schedule,
            "ur_ec_sched_weekend": schedule,
            "ur_monthly_fixed_charge": 0,
            "ur_monthly_min_charge": 0,
            "ur_annual_min_charge": 0,
            "ur_dc_enable": 0,
            "rate_escalation": [0],
            "ur_nm_yearend_sell_rate": 0,
            "ur_nm_credit_month": 0,
        }
    )
    model.Load.load = [chance.uniform(0.05, 0.6) for _ in range(HOURS)]
    model.SystemOutput.gen = [0] * HOURS
    model.SystemOutput.degradation = [0]
    model.Lifetime.assign({"analysis_period": 1, "inflation_rate": 0, "system_use_lifetime_output": 0})
    return model


def main(rounds: int) -> None:
    """One line of JSON: bills of a month in a second of processor time, for each round."""
    model = prepared(1)
    found = []
    for _ in range(rounds + 1):
        since, done = time.process_time(), 0
        while time.process_time() - since < 1:
            model.execute()
            done += MONTHS
        found.append(done / (time.process_time() - since))
    print(json.dumps(found[1:]))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
