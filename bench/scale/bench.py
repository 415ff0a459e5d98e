"""make bench-scale: many nodes and apps on one operator; writes docs/bench-scale.md and bench/results/scale.json."""

import argparse
import datetime
import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import plot
import report

ROOT = Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "bench" / "results" / "scale.json"
PAGE = ROOT / "docs" / "bench-scale.md"
PLOT = ROOT / "docs" / "bench-scale.svg"
FOUND = ROOT / "e2e" / "target" / "scale.json"  # what was measured so far
MAIN = "dev.dunlin.e2e.bench.scale.ScaleBench"
FULL = {"nodes": 1000, "lease_s": 40, "sizes": [1000, 2000, 5000, 10000, 20000]}
QUICK = {"nodes": 100, "lease_s": 8, "sizes": [1000, 2000]}


def _machine():
    name = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text()).group(1))
    return {
        "processor": name.group(1) if name else platform.machine(),
        "processors": os.cpu_count(),
        "memory_gib": round(memory / 1024 / 1024),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }


def _load_average():
    return f"{os.getloadavg()[0]:.1f}"


def measure(plan, quick):
    java = Path(os.environ["JAVA_HOME"]) / "bin" / "java" if os.environ.get("JAVA_HOME") else "java"
    before = _load_average()
    begun = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    FOUND.parent.mkdir(parents=True, exist_ok=True)
    FOUND.unlink(missing_ok=True)
    done = subprocess.run(
        [java, "-Xmx3g", "--enable-native-access=ALL-UNNAMED", "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener",
         "-cp", "e2e/target/dunlin-e2e.jar:e2e/target/lib/*", MAIN,
         FOUND, str(plan["nodes"]), str(plan["lease_s"]), *map(str, plan["sizes"])],
        cwd=ROOT,
    )  # fmt: skip
    if done.returncode:
        log = Path(f"{FOUND}.operator.log")
        if log.exists():
            sys.stderr.write("the operator's last lines:\n" + "\n".join(log.read_text().splitlines()[-40:]) + "\n")
        sys.stderr.write(f"bench: {MAIN} ended with {done.returncode}\n")
        if not FOUND.exists() or "stages" not in json.loads(FOUND.read_text()):
            raise SystemExit(done.returncode)
    facts = {"date": begun, "quick": quick, "machine": _machine(), "load_average": {"before": before, "after": _load_average()}}
    if done.returncode:
        facts["cut_short"] = True
    return {**facts, **json.loads(FOUND.read_text())}


def write(results):
    found = report.keys(results)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    rest = {name: value for name, value in results.items() if name not in found}
    RESULTS.write_text(json.dumps({**found, **rest}, indent=1, ensure_ascii=False) + "\n")
    PLOT.write_text(plot.svg(results))
    PAGE.write_text(report.page(results))
    for name, value in found.items():
        print(f"{name:26} {report.number(value) if isinstance(value, (int, float)) else value}")
    print(f"written: {RESULTS.relative_to(ROOT)}, {PAGE.relative_to(ROOT)}, {PLOT.relative_to(ROOT)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 nodes and 2,000 apps")
    parser.add_argument("--nodes", type=int)
    parser.add_argument("--lease-s", type=int, help="seconds of the agents' Leases")
    parser.add_argument("--sizes", nargs="+", type=int, metavar="APPS", help="how many apps there are to be, stage by stage")
    parser.add_argument("--only-write", action="store_true", help="write the page anew from the last results")
    parser.add_argument("--note", help="what a reader of the page has to know of this run")
    options = parser.parse_args()
    plan = dict(QUICK if options.quick else FULL)
    plan.update({name: value for name in plan if (value := getattr(options, name))})
    results = json.loads(RESULTS.read_text()) if options.only_write else measure(plan, options.quick)
    if options.note:
        results["note"] = options.note
    write(results)
    if results.get("cut_short"):
        raise SystemExit("bench: cut short; what was measured until then is written")


if __name__ == "__main__":
    main()
