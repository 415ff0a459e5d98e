"""Loading, instantiating, and what an app or an instance costs in memory."""

import shutil
from dataclasses import dataclass

import guests
import tools
from engines import FIXED_HEAP, JVM, NATIVE, NODE, WAZERO, wasmtime_by_c
from spread import median, percentile, summary


@dataclass(frozen=True)
class Plan:
    rounds: int
    loads: int
    commands: int
    requests: int
    apps: int
    instances: int


QUICK = Plan(rounds=1, loads=5, commands=2_000, requests=3_000, apps=300, instances=300)
FULL = Plan(rounds=5, loads=20, commands=10_000, requests=10_000, apps=1_000, instances=1_000)


def _engines(engines):
    return {"wasmtime": wasmtime_by_c(), **{name: engines[name] for name in (NATIVE, JVM, WAZERO, NODE) if name in engines}}


def _last_half(values):
    return values[len(values) // 2 :]


def load(engines, plan, modules):
    """module -> engine -> cold_ms (compiles), cached_ms (finds its code; of a process that has loaded it before)."""
    found = {}
    for name, path in modules.items():
        for engine_name, engine in _engines(engines).items():
            if name not in ("quickjs", "go") and engine_name not in ("wasmtime", NATIVE):
                continue  # components
            tools.say(f"bench: loading {name} on {engine_name}")
            folder = tools.CACHE / "load"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            found.setdefault(name, {})[engine_name] = _load(engine, engine_name, path, folder, plan.loads)
    return found


def _load(engine, name, path, folder, times):
    if name not in (NATIVE, JVM):
        nanos = engine.measure("load", path, folder, times)
        return {"cold_ms": nanos["cold_ns"] / 1e6, "cached_ms": [value / 1e6 for value in nanos["cached_ns"]]}
    own = engine.with_cache(folder)
    cold = own.measure("load", path, 0)
    warm = own.measure("load", path, times)
    return {
        "cold_ms": cold["optimized_ns"] / 1e6,
        "starts_after_ms": cold["first_ns"] / 1e6,
        "first_cached_ms": warm["first_ns"] / 1e6,
        "cached_ms": [value / 1e6 for value in warm["cached_ns"]],
        "by_digest_ms": [value / 1e6 for value in warm["by_digest_ns"]],
    }


def commands(engines, plan):
    """engine -> microseconds of a command that does nothing, from its instance to its end: a median a round."""
    found = {}
    for _ in range(plan.rounds):
        for name, engine in _engines(engines).items():
            nanos = engine.measure("command", guests.build("nothing"), plan.commands)["ns"]
            found.setdefault(name, []).append(median(_last_half(nanos)) / 1e3)
    return {name: summary(values) for name, values in found.items()}


def answers(engine, plan, modules):
    """module -> fresh and reused -> microseconds of a request inside the process: p50 and p99 a round."""
    found = {}
    for _ in range(plan.rounds):
        for name, path in modules.items():
            times = plan.requests if path.stat().st_size < 1 << 20 else plan.requests // 10
            for kind, reuse in (("fresh", 1), ("reused", 1_000_000)):
                if name.startswith("js") and kind == "reused":
                    continue  # what componentize-js makes answers once
                nanos = _last_half(engine.measure("answer", path, times, reuse)["ns"])
                series = found.setdefault(name, {}).setdefault(kind, {"p50_us": [], "p99_us": []})
                series["p50_us"].append(percentile(nanos, 50) / 1e3)
                series["p99_us"].append(percentile(nanos, 99) / 1e3)
    return {name: {kind: {key: summary(values) for key, values in row.items()} for kind, row in rows.items()} for name, rows in found.items()}


def idle(engines, plan):
    """engine -> KiB of an instance that sleeps, having touched as many KiB of memory."""
    found = {}
    for name, engine in _engines(engines).items():
        if name == NODE:
            continue  # a sleeping guest holds up node's only thread
        count = plan.instances if name != JVM else plan.instances // 20  # they have to fit the fixed heap
        extra = FIXED_HEAP if name in (NATIVE, JVM) else ()
        for touched in (0, 256):
            values = [engine.measure("idle", guests.build("idle"), count, touched, extra=extra)["kib"] for _ in range(plan.rounds)]
            found.setdefault(name, {})[str(touched)] = summary(values)
    return found


def apps(engine, plan):
    """KiB of an app that has no instance: made ready just now, idle, and idle with its port open."""
    found = [engine.measure("apps", guests.build("nothing"), plan.apps, extra=FIXED_HEAP) for _ in range(plan.rounds)]
    return {key: summary([each[key] for each in found]) for key in ("kib_ready", "kib", "kib_with_port")}
