"""Answers calls with Ciw; run by desks.py in an environment of its own.

It uses nothing of ours. Prints calls a second of the processor's time and by the clock, and the
share of calls abandoned.
"""

import sys
import time


def main(calls: int, handlers: int, gap: float, service: float, patience: float) -> None:
    """Answer about so many calls."""
    import ciw  # type: ignore[import-not-found]

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(1 / gap)],
        service_distributions=[ciw.dists.Exponential(1 / service)],
        number_of_servers=[handlers],
        reneging_time_distributions=[ciw.dists.Exponential(1 / patience)],
    )
    ciw.seed(1)
    begun, begun_clock = time.process_time(), time.perf_counter()
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(calls * gap)
    spent, spent_clock = time.process_time() - begun, time.perf_counter() - begun_clock
    records = simulation.get_all_records(only=["service", "renege"])
    abandoned = sum(each.record_type == "renege" for each in records) / len(records)
    sys.stdout.write(f"calls {len(records) / spent:.0f} {len(records) / spent_clock:.0f}\n")
    sys.stdout.write(f"abandoned {abandoned} {abandoned}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *map(float, sys.argv[3:6]))
