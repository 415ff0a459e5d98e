"""make bench-engine: measures our engines beside others, and writes docs/bench-engine.md and bench/results/engine.json."""

import argparse
import datetime
import json
import os
import platform
import re
import subprocess
import time
from pathlib import Path

import compute
import engines
import guests
import plot
import report
import serve
import small
import tools

RESULTS = tools.ROOT / "bench" / "results" / "engine.json"
PAGE = tools.ROOT / "docs" / "bench-engine.md"
PLOT = tools.ROOT / "docs" / "bench-engine.svg"
SERVED = ["rust-http-p2", "rust-http-p3", "js-http-p2"]


def _machine():
    info = Path("/proc/cpuinfo").read_text()
    name = re.search(r"model name\s*:\s*(.*)", info)
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text()).group(1))
    return {
        "processor": name.group(1) if name else platform.machine(),
        "processors": os.cpu_count(),
        "memory_gib": round(memory / 1024 / 1024),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }


def _versions():
    found = {
        "wasmtime": tools.call(tools.wasmtime(), "--version").split()[1],
        "wasmtime (C interface)": tools.WASMTIME_LIBRARY.split("==")[1],
        "wazero": re.search(r"wazero v([0-9.]+)", (tools.HERE / "runners/wazero/go.mod").read_text()).group(1),
        "zig cc": tools.ZIG.split("==")[1],
        "oha": tools.OHA,
        "java": re.search(r"(\S+)\s*$", tools.call(tools.java(), "--version").splitlines()[1].split(" (")[0]).group(1),
        **tools.CRATES,
    }
    for name, command in {"node": ["node", "--version"], "go": ["go", "env", "GOVERSION"]}.items():
        if tools.shutil.which(name):
            found[name] = tools.call(*command).strip().lstrip("vgo")
    return found


def _load_average():
    return f"{os.getloadavg()[0]:.1f}"


def _measured(results, name, stage):
    """A part that fails is missing in the results, says why, and does not take the others with it."""
    tools.say(f"bench: {name}")
    begun = time.monotonic()
    try:
        results[name] = stage()
    except (RuntimeError, SystemExit, OSError, subprocess.TimeoutExpired, ValueError) as failure:
        tools.say(f"bench: {name} failed: {failure}")
        results.setdefault("failed", {})[name] = str(failure)
    tools.say(f"bench: {name} took {time.monotonic() - begun:.0f} s")


def _serve(components, quick):
    found = {}
    for name, path in components.items():
        if quick and name == "rust-http-p3":
            continue
        for kind in ["fresh"] if quick or name.startswith("js") else ["fresh", "reused"]:
            tools.say(f"bench: serving {name} on {kind} instances")
            plan = serve.QUICK if quick else serve.FULL
            found.setdefault(name, {})[kind] = serve.measure(tools.java_class_path(), plan, path, kind == "reused")
    return found


def measure(options):
    quick = options.quick
    chosen = engines.all_engines(options.engines)
    native = chosen.get(engines.NATIVE)
    components = {name: path for name in SERVED if (path := guests.component(name))}
    for name in guests.WORKLOADS:
        guests.build(name), guests.build(name, wasm=False)
    begun = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    results = {
        "date": begun,
        "quick": quick,
        "machine": _machine(),
        "versions": _versions(),
        "load_average": {"before": _load_average()},
    }
    plans = small.QUICK if quick else small.FULL
    modules = {name: guests.build(name) for name in (["quickjs"] if quick else ["quickjs", "go"])}
    loaded = {**modules, **{name: path for name, path in components.items() if not quick or name.startswith("js")}}
    stages = {
        "compute": lambda: compute.measure(chosen, compute.QUICK if quick else compute.FULL, options.workloads),
        "commands": lambda: small.commands(chosen, plans),
        "idle": lambda: small.idle(chosen, plans),
        "load": lambda: small.load(chosen, plans, loaded),
    }
    if native:
        stages["apps"] = lambda: small.apps(native, plans)
        stages["answers"] = lambda: small.answers(native, plans, components)
        stages["serve"] = lambda: _serve(components, quick)
    if options.again:
        if unknown := set(options.again) - set(stages):
            raise SystemExit(f"bench: --again: expected some of {', '.join(stages)}, found {', '.join(sorted(unknown))}")
        results = json.loads(RESULTS.read_text())
        stages = {name: stages[name] for name in options.again}
        for name in stages:
            results.pop(name, None)
            results.get("failed", {}).pop(name, None)
            results.setdefault("again", {})[name] = begun
    for name, stage in stages.items():
        _measured(results, name, stage)
    if "compute" in results:
        results["compute_table"], results["compute_means"] = compute.ratio_table(results["compute"])
    results["connections"] = serve.FULL.connections
    if not options.again:
        results["load_average"]["after"] = _load_average()
    return results


def write(results):
    found = report.keys(results)
    summary = {name: round(value["median"], 4) for name, value in found.items()}
    spreads = {name: {key: round(each, 4) for key, each in value.items()} for name, value in found.items()}
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({**summary, "spread": spreads, **results}, indent=1, ensure_ascii=False) + "\n")
    if "compute_table" in results:
        PLOT.write_text(plot.svg(results["compute_table"]))
    PAGE.write_text(report.page(results))
    for name, value in found.items():
        print(f"{name:20} {report.spread(value):28} target {report.TARGETS[name][1]}")
    print(f"written: {RESULTS.relative_to(tools.ROOT)}, {PAGE.relative_to(tools.ROOT)}, {PLOT.relative_to(tools.ROOT)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--engines", nargs="*", default=["native", "jvm"], choices=["native", "jvm"], help="which of ours")
    parser.add_argument("--workloads", nargs="*", default=guests.WORKLOADS, choices=guests.WORKLOADS)
    parser.add_argument("--again", nargs="+", metavar="STAGE", help="measure only these, and keep the rest of the last results")
    parser.add_argument("--only-write", action="store_true", help="write the page anew from the last results")
    options = parser.parse_args()
    results = json.loads(RESULTS.read_text()) if options.only_write else measure(options)
    write(results)
    if results.get("failed"):
        raise SystemExit("bench: failed: " + "; ".join(f"{name}: {why}" for name, why in results["failed"].items()))


if __name__ == "__main__":
    main()
