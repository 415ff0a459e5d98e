"""make bench-traffic: requests, wake, apply, neighbours and density; writes docs/bench-traffic.md and bench/results/traffic.json."""

import argparse
import datetime
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import plot
import report

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT / "bench" / "engine"))
import guests  # noqa: E402
import tools  # noqa: E402

RESULTS = ROOT / "bench" / "results" / "traffic.json"
PAGE = ROOT / "docs" / "bench-traffic.md"
PLOTS = {"bench-traffic-serve.svg": plot.serve, "bench-traffic.svg": plot.density}
FOUND = ROOT / "e2e" / "target" / "traffic.json"  # what was measured so far
MAIN = "dev.dunlin.e2e.bench.traffic.TrafficBench"
PARTS = ["serve", "wake", "apply", "neighbour", "density"]
FULL = {
    "rounds": 4, "seconds": 2, "warmUpSeconds": 10, "wakeCycles": 60, "together": 100, "herds": 7, "applies": 30,
    "neighbourWarmUps": 5, "neighbourRounds": 6, "neighbourSeconds": 8, "idle": [300, 1000, 2500, 5000, 10000], "active": 2000, "activeSeconds": 15, "modules": 300,
}  # fmt: skip
QUICK = {
    "rounds": 2, "seconds": 2, "warmUpSeconds": 4, "wakeCycles": 5, "together": 100, "herds": 3, "applies": 12,
    "neighbourWarmUps": 1, "neighbourRounds": 1, "neighbourSeconds": 4, "idle": [50, 250, 500], "active": 100, "activeSeconds": 5, "modules": 50,
}  # fmt: skip
CONNECTIONS = 16
QUIET_PER_SECOND = 500


def _machine():
    name = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text()).group(1))
    return {
        "processor": name.group(1) if name else platform.machine(),
        "processors": os.cpu_count(),
        "memory_gib": round(memory / 1024 / 1024),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }


def _versions():
    found = {"wasmtime": tools.call(tools.wasmtime(), "--version").split()[1], "oha": tools.OHA}
    if shutil.which("node"):
        found["node"] = tools.call("node", "--version").strip().lstrip("v")
    return found


def _noisy():
    """The bad neighbour, built anew when its source has changed."""
    source, out = ROOT / "bench" / "traffic" / "noisy.c", tools.CACHE / "guests" / "noisy.wasm"
    out.parent.mkdir(parents=True, exist_ok=True)
    if not out.exists() or out.stat().st_mtime < source.stat().st_mtime:
        tools.call(tools.zig(), "cc", "-O2", "-s", "-w", "-fno-sanitize=all", "-target", "wasm32-wasi", source, "-o", out)
    return out


def _plan(options, shape):
    js, node = guests.component("js-http-p2"), shutil.which("node")
    return {
        "file": str(FOUND),
        "parts": options.parts,
        "oha": str(tools.oha()),
        "wasmtime": str(tools.wasmtime()),
        "node": node,
        "nodeServer": str(ROOT / "bench" / "traffic" / "plain.mjs"),
        "rust": str(guests.component("rust-http-p2")),
        "js": js and str(js),
        "noisy": str(_noisy()),
        "connections": CONNECTIONS,
        "quietPerSecond": QUIET_PER_SECOND,
        **shape,
    }


def measure(options, keep):
    """Gives keep() the parts that are measured by now, whenever one more is; returns why others failed."""
    plan = _plan(options, QUICK if options.quick else FULL)
    facts = {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "quick": options.quick,
        "load_average": {"before": f"{os.getloadavg()[0]:.1f}"},
        "plan": {"connections": CONNECTIONS, **(QUICK if options.quick else FULL)},
    }
    FOUND.parent.mkdir(parents=True, exist_ok=True)
    FOUND.unlink(missing_ok=True)
    asked = FOUND.with_suffix(".plan.json")
    asked.write_text(json.dumps(plan))
    process = subprocess.Popen(
        [tools.java(), "-Xmx2g", "--enable-native-access=ALL-UNNAMED", "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener",
         "-cp", "e2e/target/dunlin-e2e.jar:e2e/target/lib/*", MAIN, asked],
        cwd=ROOT, env=tools.environment(),
    )  # fmt: skip
    seen = {}
    try:
        while process.poll() is None:
            time.sleep(1)
            seen = _look(seen, facts, keep)
    finally:
        process.terminate()
        process.wait()
        seen = _look(seen, facts, keep)
    if not seen or process.returncode not in (0, 1):
        return {"the run": f"{MAIN} ended with {process.returncode}", **seen.get("failed", {})}
    return seen.get("failed", {})


def _look(seen, facts, keep):
    found = json.loads(FOUND.read_text()) if FOUND.exists() else {}
    facts = {**facts, "load_average": {**facts["load_average"], "after": f"{os.getloadavg()[0]:.1f}"}}
    new = {part: {**facts, "found": value} for part, value in found.items() if part != "failed" and seen.get(part) != value}
    if new:
        keep(new)
    return found


def write(results):
    found = report.keys(results)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    rest = {name: value for name, value in results.items() if name not in found}
    RESULTS.write_text(json.dumps({**found, **rest}, indent=1, ensure_ascii=False) + "\n")
    for name, draw in PLOTS.items():
        picture = draw(results)
        if picture:
            (PAGE.parent / name).write_text(picture)
    PAGE.write_text(report.page(results))


def show(results):
    for name, value in report.keys(results).items():
        print(f"{name:22} {value}")
    print(f"written: {RESULTS.relative_to(ROOT)}, {PAGE.relative_to(ROOT)}, {', '.join(f'docs/{name}' for name in PLOTS)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds, fewer apps")
    parser.add_argument("--parts", nargs="+", default=PARTS, choices=PARTS, help="only these; the others stay as they were last measured")
    parser.add_argument("--only-write", action="store_true", help="write the page anew from the last results")
    options = parser.parse_args()
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}

    def keep(measured):
        results.update({"machine": _machine(), "versions": _versions(), **measured})
        write(results)

    failed = {}
    if options.only_write:
        write(results)
    else:
        if options.parts == PARTS:
            results.clear()
        failed = measure(options, keep)
    show(results)
    if failed:
        raise SystemExit("bench: failed: " + "; ".join(f"{name}: {why}" for name, why in failed.items()))


if __name__ == "__main__":
    main()
