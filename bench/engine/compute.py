"""Time of the guests' own iterations, engine after engine, round after round."""

import re
from dataclasses import dataclass

import guests
from engines import COMPARED_WITH, JVM, module_of
from spread import mean_ratio, median, ratios, summary
from tools import say

LINE = re.compile(r"^(\d+) ([0-9a-f]{8})$", re.MULTILINE)  # what a guest prints; our engines may log beside it


@dataclass(frozen=True)
class Plan:
    rounds: int
    jvm_rounds: int
    milliseconds: int  # of iterations in one process
    jvm_milliseconds: int


QUICK = Plan(rounds=2, jvm_rounds=1, milliseconds=250, jvm_milliseconds=1_000)
FULL = Plan(rounds=5, jvm_rounds=2, milliseconds=1_000, jvm_milliseconds=8_000)


def _iterations(engine, name, milliseconds):
    found = LINE.findall(engine.run("run", module_of(engine, name), 200, milliseconds))
    return [int(nanos) / 1e6 for nanos, _ in found], {checksum for _, checksum in found}


def measure(engines, plan, workloads=guests.WORKLOADS):
    """workload -> engine -> first and steady times in ms, a value a round. Wrong results end the measurement."""
    found = {name: {} for name in workloads}
    expected = {}
    for round_ in range(plan.rounds):
        say(f"bench: compute, round {round_ + 1} of {plan.rounds}")
        for name in workloads:
            for engine in engines.values():
                jvm = engine.name == JVM
                if jvm and round_ >= plan.jvm_rounds:
                    continue
                times, checksums = _iterations(engine, name, plan.jvm_milliseconds if jvm else plan.milliseconds)
                expected.setdefault(name, checksums)
                if checksums != expected[name]:
                    raise RuntimeError(f"{name} on {engine.name}: expected {expected[name]}, found {checksums}")
                last = times[-max(1, len(times) // 3) :]
                entry = found[name].setdefault(engine.name, {"first_ms": [], "steady_ms": []})
                entry["first_ms"].append(times[0])
                entry["steady_ms"].append(median(last))
    return found


def ratio_table(found):
    """workload -> engine -> summary of the ratio to the engine that all are compared with; '' has the geometric means."""
    names = list(next(iter(found.values())))
    series = {
        name: {engine: ratios(found[name][engine]["steady_ms"], found[name][COMPARED_WITH]["steady_ms"]) for engine in names} for name in found
    }
    table = {name: {engine: summary(values) for engine, values in row.items()} for name, row in series.items()}
    groups = {"kernels": guests.KERNELS, "programs": guests.PROGRAMS, "all": guests.WORKLOADS}
    means = {
        group: {engine: mean_ratio([series[name][engine] for name in members if name in series]) for engine in names}
        for group, members in groups.items()
        if any(name in series for name in members)
    }
    return table, means
