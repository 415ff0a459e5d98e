"""The page of docs/ and the keys of bench/results/traffic.json. Pure: results in, text out."""

import math
from statistics import median

OURS, THEIRS = "dunlin", "wasmtime serve"
SERVERS = [
    "dunlin rust", "wasmtime serve rust", "dunlin rust, reused", "wasmtime serve rust, reused",
    "dunlin js", "wasmtime serve js", "helidon", "node",
]  # fmt: skip
NOISES = {"spin": "computes on every core", "flood": "floods its log", "fill": "fills its memory"}
# In the order in which they are waited for; what goes on beside is not on the way to the answer.
STEPS = {
    "app accepted": "kubectl has started, read the API's schema, and the API server has taken the app",
    "operator saw it": "the operator is told of the app",
    "instance created": "the operator has asked the registry for the digest, chosen the node, and written the instance",
    "agent saw it": "the agent is told of the instance",
    "pulled": "the module's bytes are on the node's disk",
    "loaded": "its code is compiled, or found on the disk",
    "port open": "variables and volumes are read, the port is open",
    "instance ready": "the agent has written that it serves",
    "endpoint slice": "the operator has written the address",
    "first 200": "the first answer",
}
BESIDE = {"service created": "the Service is there", "app ready": "the app's status says Ready", "kubectl ended": "kubectl has ended"}
KIB_PER_GIB = 1 << 20
# https://github.com/awslabs/amazon-eks-ami/pull/419: EKS holds back 11 MiB of a node for each Pod it may have, for the
# kubelet and the container runtime; https://github.com/containerd/containerd/issues/7878: a shim has 9.8 to 11.1 MB resident.
POD_KIB = 11 << 10
PODS_PER_NODE = 110  # https://kubernetes.io/docs/setup/best-practices/cluster-large/


def percentile(values, share):
    """The smallest value that at least that share of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _part(results, name):
    return results.get(name, {}).get("found")


def ratios(ours, theirs):
    """Of two series of rounds: what disturbed one side of a round disturbed the other."""
    return [mine / other for mine, other in zip(ours, theirs)]


def serve_ratios(found, guest):
    ours, theirs = found.get(f"{OURS} {guest}"), found.get(f"{THEIRS} {guest}")
    return ratios(ours["per_second"], theirs["per_second"]) if ours and theirs else []


def herd_ms(herd):
    """Until the last is answered."""
    return max(herd["ms"])


def neighbour_ratio(found, noise, key="p99_ms"):
    """Median beside the noise over the median alone: single rounds of a p99 are too coarse to divide."""
    return median(found["series"][noise][key]) / median(found["series"]["alone"][key])


def last_stage(found):
    return found["stages"][-1]


def keys(results):
    found = {}
    if serve := _part(results, "serve"):
        for guest in ("rust", "js"):
            if each := serve_ratios(serve, guest):
                found[f"serve_ratio_{guest}"] = median(each)
    if wake := _part(results, "wake"):
        found["wake_p99_ms"] = percentile(wake["rust_ms"], 0.99)
        if wake["js_ms"]:
            found["wake_js_p99_ms"] = percentile(wake["js_ms"], 0.99)
        found["wake_100_ms"] = median(herd_ms(herd) for herd in wake["herds"])
    if apply := _part(results, "apply"):
        found["apply_p50_ms"] = median(apply["cached"]["first 200"])
    if neighbour := _part(results, "neighbour"):
        found["neighbour_p99_ratio"] = max(neighbour_ratio(neighbour, noise) for noise in NOISES)
    if density := _part(results, "density"):
        last = last_stage(density)
        found["density_idle"], found["density_active"] = last["idle"], last["active"]
        found["density_gib"] = last["peak_kib"] / KIB_PER_GIB
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in found.items()}


AIMS = {
    "serve_ratio_rust": ("requests a second of a small Rust component, `wasmtime serve` = 1", "≥ 1"),
    "serve_ratio_js": ("requests a second of a JavaScript component, `wasmtime serve` = 1", "≥ 1"),
    "wake_p99_ms": ("wake of one app, Rust, p99 (ms)", "< 20"),
    "wake_js_p99_ms": ("wake of one app, JavaScript, p99 (ms)", "< 20"),
    "wake_100_ms": ("100 apps woken at once: the last is answered (ms)", "< 500"),
    "apply_p50_ms": ("`kubectl apply` to the first 200, p50 (ms)", "< 200"),
    "neighbour_p99_ratio": ("p99 of a quiet app beside the worst neighbour, alone = 1", "< 1.1"),
    "density_idle": ("idle apps on one agent", "10,000"),
    "density_active": ("active apps beside them", "2,000"),
    "density_gib": ("the agent's largest resident memory meanwhile (GiB)", "≤ 8"),
}


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def spread(values):
    return f"{number(median(values))} ({number(min(values))}–{number(max(values))})"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def _glance(results):
    found = keys(results)
    return table(["", "aim", "found"], [[*AIMS[name], number(value)] for name, value in found.items()])


def _measured(part):
    plan = part["plan"]
    return (
        f"_{part['date']}{', QUICK' if part['quick'] else ''}; load average {part['load_average']['before']} before and "
        f"{part['load_average']['after']} after{'; cut short' if part.get('cut_short') else ''}._"
    ), plan


def _serve(results):
    part = results["serve"]
    found, (when, plan) = part["found"], _measured(part)
    there = [name for name in SERVERS if name in found]
    rows = [
        [name, spread(found[name]["per_second"]), spread(found[name]["p50_ms"]), spread(found[name]["p99_ms"]), spread(found[name]["cpu_us"]),
         number(median(found[name]["rss_kib"]) / 1024)]
        for name in there
    ]  # fmt: skip
    ratio_rows = [[guest, spread(each)] for guest in ("rust", "rust, reused", "js") if (each := serve_ratios(found, guest))]
    return [
        "## Requests",
        f"![requests a second](bench-traffic-serve.svg)\n\n`GET /hello` on {plan['connections']} connections (oha {results['versions']['oha']} on the same machine), server after server, "
        f"{plan['rounds']} rounds of {plan['seconds']} s each: median (lowest–highest round). The agent and `wasmtime serve` make an instance for each request, as both do by "
        "default; reused: an instance answers 1,000 (`http.reuse`). Beside them a handler without WebAssembly that gives the same answer: in Java on Helidon, which "
        f"the agent builds on, and in JavaScript on node. {when}",
        table(["server", "requests a second", "p50 (ms)", "p99 (ms)", "its CPU for a request (µs)", "resident (MiB)"], rows),
        table(["requests a second, `wasmtime serve` = 1", "found"], ratio_rows),
    ]


def _wake(results):
    part = results["wake"]
    found, (when, _) = part["found"], _measured(part)
    rows = []
    for name, key in {"Rust, asleep": "rust_ms", "JavaScript, asleep": "js_ms", "Rust, awake": "warm_ms"}.items():
        if values := found[key]:
            rows.append([name, *(number(percentile(values, share)) for share in (0.5, 0.9, 0.99, 1)), f"{len(values):,}"])
    herds = [herd_ms(herd) for herd in found["herds"]]
    middle = [percentile(herd["ms"], 0.5) for herd in found["herds"]]
    return [
        "## Wake",
        "The first request to an app that has given up its instances and its code's memory, so that its compiled code is on the disk alone: from opening a connection to "
        f"the whole answer. Each Rust app has a module of its own (a copy that differs in a custom section); beside it a request to the same apps a moment later. {when}",
        table(["", "p50 (ms)", "p90 (ms)", "p99 (ms)", "longest (ms)", "n"], rows),
        f"{found['together']} apps of as many modules at once: the last is answered after {spread(herds)} ms, half of them after {spread(middle)} ms (n = {len(herds)}).",
    ]


def _step_rows(series, steps, from_begin=False):
    """What each step adds to the one before it, medians of the rounds' differences; and since the beginning."""
    rows, before = [], None
    for step, what in steps.items():
        if step not in series:
            continue
        at = series[step]
        took = [now - then for now, then in zip(at, before)] if before and not from_begin else at
        rows.append((step, what, median(took), median(at), percentile(at, 0.9)))
        before = at
    return rows


def _apply(results):
    part = results["apply"]
    found, (when, _) = part["found"], _measured(part)
    fresh = {row[0]: row for row in _step_rows(found["fresh"], STEPS)}
    rows = [
        [step, what, number(took), number(at), number(fresh[step][2]), number(fresh[step][3])]
        for step, what, took, at, _ in _step_rows(found["cached"], STEPS)
    ]
    beside = ", ".join(f"{what} at {number(at)} ms" for _, what, _, at, _ in _step_rows(found["cached"], BESIDE, from_begin=True))
    cached, absent = found["cached"]["first 200"], found["fresh"]["first 200"]
    return [
        "## From `kubectl apply` to the first answer",
        "The real kubectl, kube-apiserver, etcd and operator, one agent; the Rust component. The first request is sent as soon as a watcher sees the app's address in its EndpointSlice. "
        "_There_: the module is on the node and other apps of it run. _Absent_: the node has never seen it, and fetches it from a registry on the same machine and compiles it. "
        f"p50 {number(median(cached))} ms there (p90 {number(percentile(cached, 0.9))}), {number(median(absent))} ms absent (p90 {number(percentile(absent, 0.9))}), "
        f"n = {len(cached)} each. A step's own time is the median of what it adds to the one before. {when}",
        table(["step", "what is done by then", "there: adds (ms)", "since the beginning (ms)", "absent: adds (ms)", "since the beginning (ms)"], rows),
        f"Beside the way, counted from the beginning: {beside}. kubectl by itself, a program that starts, reads the schema and sends one request, is "
        f"{number(100 * median(found['cached']['app accepted']) / median(cached))} % of the way there; what Dunlin adds to it takes "
        f"{number(median(end - begin for end, begin in zip(cached, found['cached']['app accepted'])))} ms (p50).",
    ]


def _client(found):
    if not found.get("client_first"):
        return "The load generator has the same processors, and waits for them as all others do. "
    return "The load generator has the same processors, and real-time priority, and the control plane what is left: they stand for other machines. "


def _neighbour(results):
    part = results["neighbour"]
    found, (when, plan) = part["found"], _measured(part)
    rows = [["alone", *(spread(found["series"]["alone"][key]) for key in ("p50_ms", "p90_ms", "p99_ms")), 1]]
    for noise, what in NOISES.items():
        rows.append([f"beside one that {what}", *(spread(found["series"][noise][key]) for key in ("p50_ms", "p90_ms", "p99_ms")), number(neighbour_ratio(found, noise))])
    outside = ["beside as many processes outside of the agent that compute", *(spread(found["series"]["outside"][key]) for key in ("p50_ms", "p90_ms", "p99_ms"))]
    rows.append([*outside, number(neighbour_ratio(found, "outside"))])
    return [
        "## A bad neighbour",
        f"A quiet app (the Rust component, {found['per_second']} requests a second, a late answer counts from when its request was due) alone and beside an app of the same agent, in turns, "
        f"each {plan['neighbourSeconds']} s, after {plan['neighbourWarmUps']} rounds that are not counted, so that the JVM's compilers rest. The neighbour has {found['at_once']} requests at once, twice the processors, and no CPU limit. {_client(found)}The last row is what the machine makes of processes with the priority that guests have (nice 10): "
        f"it is no part of the figure above. {when}",
        table(["quiet app", "p50 (ms)", "p90 (ms)", "p99 (ms)", "p99, alone = 1"], rows),
    ]


def pod_kib(results):
    """A process an app: the lightest server that runs the same component here, and what a Pod costs besides."""
    serve = _part(results, "serve")
    process = median(serve["wasmtime serve rust"]["rss_kib"]) if serve and "wasmtime serve rust" in serve else 0
    return POD_KIB + process


def _density(results):
    part = results["density"]
    found, (when, _) = part["found"], _measured(part)
    first = found["stages"][0]["rss_kib"]
    rows = []
    for stage in found["stages"]:
        apps = stage["idle"] + stage["active"]
        rows.append([stage["what"], f"{stage['idle']:,}", f"{stage['active']:,}", number(stage["rss_kib"] / 1024), number(stage["peak_kib"] / 1024),
                     number((stage["rss_kib"] - first) / apps) if apps else "", number(apps * pod_kib(results) / KIB_PER_GIB) if apps else "", stage["threads"]])  # fmt: skip
    serve = _part(results, "serve")
    alone = {name: median(serve[name]["rss_kib"]) / 1024 for name in ("wasmtime serve rust", "node", "helidon") if serve and name in serve}
    processes = ", ".join(f"{name} {number(mib)} MiB" for name, mib in alone.items())
    answered = " The run ended before all of them were asked at once; each active one had answered when it was counted."
    if "idle_answers" in found:
        answered = (
            f" At the end all of them answered: the active ones {found['active_answers']:,} times, each of the {found['idle_answers']:,} idle ones once, with status 200; "
            "the last row is what the agent took then, and its peak is that of all its life."
        )
    return [
        "## How many apps an agent has room for",
        f"![memory against apps](bench-traffic.svg)\n\nInstances on a real API server, each with a port of its own, of {found['modules']:,} distinct modules (copies of the Rust component that differ in a "
        "custom section; each is fetched, compiled and kept by itself, and several apps share one). Idle apps have given up instances and code; active ones keep an instance alive and are asked every 5 s. "
        f"Memory is the whole agent's, as the kernel counts it (VmRSS, VmHWM): JVM, compiled code, guests.{answered} {when}",
        table(["stage", "idle apps", "active apps", "resident (MiB)", "peak (MiB)", "beyond the empty agent, an app (KiB)", "a Pod an app would take (GiB)", "threads"], rows),
        "A Pod an app: 11 MiB of the node for the kubelet's and the container runtime's part of each Pod, which is what [Amazon EKS](https://github.com/awslabs/amazon-eks-ami/pull/419) holds back, and that a "
        "[containerd shim alone](https://github.com/containerd/containerd/issues/7878) nearly takes, and the resident memory of the app's process, here of `wasmtime serve` with the same component"
        f"{f' (this run: {processes})' if processes else ''}. Kubernetes is built for [110 Pods a node](https://kubernetes.io/docs/setup/best-practices/cluster-large/): "
        f"{(last_stage(found)['idle'] + last_stage(found)['active']):,} of them need {math.ceil((last_stage(found)['idle'] + last_stage(found)['active']) / PODS_PER_NODE):,} nodes.",
    ]


def _machine(results):
    machine, versions = results["machine"], results["versions"]
    return (
        f"{machine['processors']} × {machine['processor']}, {machine['memory_gib']} GiB, {machine['system']}; "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
        + "."
    )


PARTS = {"serve": _serve, "wake": _wake, "apply": _apply, "neighbour": _neighbour, "density": _density}


def page(results):
    sections = [text for part, section in PARTS.items() if _part(results, part) for text in section(results)]
    return (
        "\n\n".join([
            "# Traffic: requests, wake, apply, neighbours, density",
            "Written by `make bench-traffic` (`QUICK=1`: in under five minutes; `ARGS=\"--parts PART\"`: one part anew, the others stay); all figures are in `bench/results/traffic.json`. One agent on a "
            "real API server, everything on the loopback of one machine: " + _machine(results),
            _glance(results),
            *sections,
        ])
        + "\n"
    )
