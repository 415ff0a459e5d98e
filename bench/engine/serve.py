"""Requests a second: wasmtime serve beside our engine behind the agent's own HTTP server; the same module, the same load."""

import contextlib
import json
import os
import socket
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import tools
from engines import FLAGS, MAIN
from spread import mean_ratio, ratios, summary

OURS, THEIRS, THEIRS_EPOCH = "dunlin native", "wasmtime serve", "wasmtime serve, epochs"
REUSED = 1000


@dataclass(frozen=True)
class Plan:
    rounds: int
    seconds: int
    warm_up_seconds: int
    connections: int = 16


QUICK = Plan(rounds=2, seconds=2, warm_up_seconds=5)
FULL = Plan(rounds=5, seconds=4, warm_up_seconds=20)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await_answer(process, url, patience_seconds=600):
    end = time.monotonic() + patience_seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server of {url} ended with {process.returncode}")
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(url, timeout=30) as answer:
                return answer.read()
        time.sleep(0.05)
    raise RuntimeError(f"{url} gave no answer in {patience_seconds} s")


@contextlib.contextmanager
def _ended(process):
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


@contextlib.contextmanager
def wasmtime_serve(module, reuse, epochs):
    """A fresh instance a request unless reuse, whatever the version of WASI."""
    port = _free_port()
    command = [tools.wasmtime(), "serve", "-S", "cli=y", "--addr", f"127.0.0.1:{port}"]
    command += ["--max-instance-reuse-count", str(REUSED if reuse else 1), "--max-instance-concurrent-reuse-count", "1"]
    command += (["-W", "timeout=30s"] if epochs else []) + [str(module)]
    with _ended(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)) as process:
        url = f"http://127.0.0.1:{port}/hello"
        _await_answer(process, url)
        yield url, process.pid


@contextlib.contextmanager
def dunlin_serve(classes, module, reuse):
    command = [tools.java(), *FLAGS, "-Xmx512m", "-cp", classes, MAIN, "serve", "native", tools.CACHE / "code/native", module, REUSED if reuse else 1]
    process = subprocess.Popen(
        [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=tools.environment()
    )
    with _ended(process):
        port = next((line for line in process.stdout if line.strip().isdigit()), "")
        url = f"http://127.0.0.1:{port.strip()}/hello"
        _await_answer(process, url)
        yield url, process.pid


def _cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(url, seconds, connections):
    """What oha found: requests a second, and times in ms."""
    found = json.loads(tools.call(tools.oha(), "-z", f"{seconds}s", "-c", connections, "--no-tui", "--output-format", "json", url))
    bad = {code: count for code, count in found["statusCodeDistribution"].items() if code != "200"}
    errors = {error: count for error, count in found["errorDistribution"].items() if "deadline" not in error}
    if bad or errors:
        raise RuntimeError(f"{url}: expected only answers with status 200, found {bad} {errors}")
    times = found["latencyPercentiles"]
    answers = sum(found["statusCodeDistribution"].values())
    return {"per_second": found["summary"]["requestsPerSec"], "p50_ms": times["p50"] * 1e3, "p99_ms": times["p99"] * 1e3, "answers": answers}


def measure(classes, plan, module, reuse):
    """server -> per_second, p50_ms, p99_ms, cpu_us of a request (many connections), alone_p50_ms (one): a value a round."""
    with contextlib.ExitStack() as stack:
        servers = {
            THEIRS: stack.enter_context(wasmtime_serve(module, reuse, epochs=False)),
            OURS: stack.enter_context(dunlin_serve(classes, module, reuse)),
            THEIRS_EPOCH: stack.enter_context(wasmtime_serve(module, reuse, epochs=True)),
        }
        for name, (url, _) in servers.items():
            load(url, plan.warm_up_seconds if name == OURS else 1, plan.connections)
        found = {name: {} for name in servers}
        for _ in range(plan.rounds):
            for name, (url, pid) in servers.items():
                begun = _cpu_seconds(pid)
                many = load(url, plan.seconds, plan.connections)
                many["cpu_us"] = (_cpu_seconds(pid) - begun) / many.pop("answers") * 1e6
                many["alone_p50_ms"] = load(url, max(1, plan.seconds // 2), 1)["p50_ms"]
                for key, value in many.items():
                    found[name].setdefault(key, []).append(value)
        return found


def ratio(found, theirs=THEIRS):
    return ratios(found[OURS]["per_second"], found[theirs]["per_second"])


def ratio_of(measured, theirs=THEIRS):
    """Of several modules: geometric mean of requests a second against theirs, over 1 when ours answers more."""
    return mean_ratio([ratio(found, theirs) for found in measured])


def medians(found):
    return {name: {key: summary(values) for key, values in series.items()} for name, series in found.items()}

