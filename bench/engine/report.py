"""The page of docs/ and the keys of bench/results/engine.json. Pure: results in, text out."""

import guests
import serve
from engines import COMPARED_WITH, NATIVE
from spread import ratios, summary

TARGETS = {
    "compute_ratio": ("compute: time, wasmtime with epochs = 1", "≤ 1.1"),
    "serve_ratio": ("requests a second on fresh instances, `wasmtime serve` = 1", "≥ 1"),
    "instantiate_us": ("a fresh instance of a small component, and its end (µs)", "< 50"),
    "load_cached_js_ms": ("load of a compiled JavaScript component, 13 MB (ms)", "< 10"),
    "js_request_p50_ms": ("a request to it on a fresh instance, p50 (ms)", "< 1.5"),
    "idle_app_kib": ("an app without an instance (KiB of the agent)", "< 16"),
    "idle_instance_kib": ("a sleeping instance of a small module (KiB)", "< 64"),
}


def keys(results):
    """The figures that the engine is judged by, each a summary; only those that were measured."""
    found = {}
    if NATIVE in results.get("compute_means", {}).get("all", {}):
        found["compute_ratio"] = results["compute_means"]["all"][NATIVE]
    if results.get("serve"):
        small = [name for name in results["serve"] if name.startswith("rust")]
        found["serve_ratio"] = serve.ratio_of([results["serve"][name]["fresh"] for name in small])
    if results.get("answers"):
        found["instantiate_us"] = instantiate(results["answers"]["rust-http-p2"])
        if "js-http-p2" in results["answers"]:
            found["js_request_p50_ms"] = _scaled(results["answers"]["js-http-p2"]["fresh"]["p50_us"], 1e-3)
    if results.get("apps"):
        found["idle_app_kib"] = results["apps"]["kib"]
    if NATIVE in results.get("idle", {}):
        found["idle_instance_kib"] = results["idle"][NATIVE]["0"]
    if NATIVE in results.get("load", {}).get("js-http-p2", {}):
        found["load_cached_js_ms"] = summary(results["load"]["js-http-p2"][NATIVE]["by_digest_ms"])
    return {name: found[name] for name in TARGETS if name in found}


def instantiate(answers):
    """What a request on a fresh instance costs beyond one on an instance that has answered before."""
    fresh, reused = (answers[kind]["p50_us"] for kind in ("fresh", "reused"))
    return {
        "median": fresh["median"] - reused["median"],
        "low": fresh["low"] - reused["high"],
        "high": fresh["high"] - reused["low"],
        "n": fresh["n"],
    }


def _scaled(value, factor):
    return {key: each * factor if key != "n" else each for key, each in value.items()}


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}" if abs(value) < 1 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def spread(value):
    return f"{number(value['median'])} ({number(value['low'])}–{number(value['high'])})"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]) + "\n"


def _glance(results):
    return table(
        ["native engine", "target", "found (lowest–highest round)"],
        [[TARGETS[key][0], TARGETS[key][1], spread(value)] for key, value in keys(results).items()],
    )


def _compute(results):
    engines = list(results["compute_means"]["all"])
    rows = [[name, number(summary(results["compute"][name][COMPARED_WITH]["steady_ms"])["median"])] for name in results["compute"]]
    for row in rows:
        row += [spread(results["compute_table"][row[0]][engine]) for engine in engines if engine != COMPARED_WITH]
    for group in ("kernels", "programs", "all"):
        means = results["compute_means"].get(group)
        if means:
            rows.append([f"**{group}**", ""] + [f"**{spread(means[engine])}**" for engine in engines if engine != COMPARED_WITH])
    heads = ["", f"{COMPARED_WITH} (ms)"] + [engine for engine in engines if engine != COMPARED_WITH]
    return table(heads, rows)


def _first(results):
    engines = list(results["compute_means"]["all"])
    programs = [name for name in results["compute"] if name in guests.PROGRAMS]
    return table(["first iteration (ms)"] + programs, [
        [engine] + [spread(summary(results["compute"][name][engine]["first_ms"])) for name in programs] for engine in engines
    ])  # fmt: skip


def _load(results):
    rows = []
    for module, engines in results["load"].items():
        for engine, found in engines.items():
            cached = found["cached_ms"]
            rows.append([
                module, engine, number(found["cold_ms"]),
                number(found["starts_after_ms"]) if "starts_after_ms" in found else "",
                spread(summary(cached)) if cached else "keeps none",
                spread(summary(found["by_digest_ms"])) if "by_digest_ms" in found else "",
                number(found["first_cached_ms"]) if "first_cached_ms" in found else "",
            ])  # fmt: skip
    heads = ["module", "engine", "compile (ms)", "can start after (ms)", "load compiled (ms)", "by file and digest (ms)", "the first in a process (ms)"]
    return table(heads, rows)


def _serve(results):
    rows = []
    for module, kinds in results["serve"].items():
        for kind, found in kinds.items():
            for server, series in serve.medians(found).items():
                ratio = summary(ratios(found[server]["per_second"], found[serve.THEIRS]["per_second"]))
                cells = [spread(series[key]) for key in ("per_second", "p50_ms", "p99_ms", "alone_p50_ms", "cpu_us")]
                rows.append([module, kind, server, *cells, spread(ratio) if server != serve.THEIRS else "1"])
    return table(["component", "instances", "server", "requests/s", "p50 (ms)", "p99 (ms)", "p50, one connection (ms)", "CPU time a request (µs)", "ratio of requests/s"], rows)


def _answers(results):
    return table(["component", "instances", "p50 (µs)", "p99 (µs)"], [
        [module, kind, spread(found["p50_us"]), spread(found["p99_us"])]
        for module, kinds in results["answers"].items() for kind, found in kinds.items()
    ])  # fmt: skip


def _machine(results):
    machine = results["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    again = "".join(f"; {name} measured again {date}" for name, date in results.get("again", {}).items())
    return (
        f"{results['date']}, {machine['processors']} × {machine['processor']}, {machine['memory_gib']} GiB, {machine['system']}; "
        f"load average {results['load_average']['before']} before and {results['load_average']['after']} after"
        f"{', QUICK' if results['quick'] else ''}{again}. {versions}."
    )


def page(results):
    sections = [
        "# Our engines beside others",
        "Written by `make bench-engine` (`QUICK=1`: fewer and shorter rounds); all figures are in `bench/results/engine.json`. "
        "Everything was measured in one run, engine after engine, round after round; a ratio is taken within a round, its "
        "median and the lowest and highest round are given. " + _machine(results),
        _glance(results) if keys(results) else "",
    ]
    if "compute_table" in results:
        sections += [
            "## Compute",
            "![ratios of compute times](bench-engine.svg)",
            "Time of an iteration in steady state (the last third of a process's), measured by the guest itself; wasmtime with epoch "
            "interruption = 1, since a host of strangers' code has to be able to stop it. Ours always can; so can `wazero, stoppable` "
            "(`WithCloseOnContextDone`); wasmtime, wazero and V8 beside them cannot. Every engine has to compute the same checksums.",
            _compute(results),
            _first(results),
        ]
    if results.get("load"):
        sections += [
            "## Load",
            "A process that has never seen the module compiles it; a later one loads the compiled code. wasmtime: the C interface, "
            "whose caller knows which file to load; ours is given the module's bytes and finds their code by digest, or, as an agent "
            "that has checked the module does, its file and digest.",
            _load(results),
        ]
    if results.get("commands"):
        sections += [
            "## Instances and requests inside the process",
            "A command that does nothing, from its start to its end (µs): "
            + ", ".join(f"{name} {spread(value)}" for name, value in results["commands"].items())
            + ". Ours crosses threads to start and to tell its end; the others run on the caller's.",
        ]
    if results.get("answers"):
        sections += ["Requests to the native engine, without a network (GET /hello, one after another):", _answers(results)]
    if results.get("serve"):
        sections += [
            "## Requests by HTTP",
            f"oha {results['versions']['oha']}, {results['connections']} connections; our engine behind the agent's own HTTP server. "
            f"Reused: up to {serve.REUSED} requests an instance, one at a time. CPU time is the server's, kernel included; it suffers less "
            "than requests a second from what else the machine does.",
            _serve(results),
        ]
    if results.get("idle"):
        sections += [
            "## Memory",
            "KiB of the process that one more costs (proportional set size and used Java heap).",
            table(["", "touched nothing", "touched 256 KiB"], [
                [f"instance, {name}", spread(found["0"]), spread(found["256"])] for name, found in results["idle"].items()
            ]),
        ]  # fmt: skip
    if results.get("apps"):
        sections.append(
            f"An app of a small module without an instance, native engine: {spread(results['apps']['kib'])}; with its port open in the agent "
            f"{spread(results['apps']['kib_with_port'])}; before its code was taken out of memory, as it is after a minute without a request, "
            f"{spread(results['apps']['kib_ready'])} (without port)."
        )
    if results.get("failed"):
        sections.append("Not measured, since it failed: " + ", ".join(results["failed"]) + ".")
    return "\n\n".join(section.strip("\n") for section in sections if section) + "\n"


