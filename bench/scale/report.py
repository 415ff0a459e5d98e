"""The page of docs/ and the keys of bench/results/scale.json. Pure: results in, text out."""

import math

# Who writes what: the user's creations and what is not about apps are left out.
OPERATOR = ["wasminstances", "services", "endpointslices", "wasmapps/status", "wasmapps", "roles", "rolebindings"]
AFTER_READY = ["controllerrevisions"]  # written once the app's first status has been
AGENT = ["wasminstances/status"]
EVENTS = ["events"]
MIB = 1 << 20


def percentile(values, share):
    """The smallest value that at least that share of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _writes(writes, resources, leave_out=()):
    return sum(count for kind, count in writes.items() if kind.split()[0] in resources and kind not in leave_out)


def writes_per_app(stage, resources):
    return _writes(stage["writes"], resources, leave_out=("wasmapps POST",)) / stage["new_apps"]


def all_writes_per_app(results, resources):
    apps = sum(stage["new_apps"] for stage in results["stages"])
    return sum(writes_per_app(stage, resources) * stage["new_apps"] for stage in results["stages"]) / apps


def _flatness(results, cost):
    """The last stage's cost of an app over the first's."""
    first, last = results["stages"][0], results["stages"][-1]
    return cost(last) / cost(first)


def operator_cpu_ms(stage):
    return stage["operator_cpu_s"] * 1e3 / stage["new_apps"]


def api_server_cpu_ms(stage):
    return stage["api_server_cpu_s"] * 1e3 / stage["new_apps"]


def place_ms(stage):
    return stage["place_s"] * 1e3 / stage["new_apps"]


def keys(results):
    stages, last = results["stages"], results["stages"][-1]
    found = {
        "apps": last["apps"],
        "nodes": results["nodes"],
        "place_all_s": sum(stage["place_s"] for stage in stages),
        "writes_per_app": all_writes_per_app(results, OPERATOR),
        "writes_after_ready_per_app": all_writes_per_app(results, AFTER_READY),
        "agent_writes_per_app": all_writes_per_app(results, AGENT),
        "events_per_app": all_writes_per_app(results, EVENTS),
        "react_p50_ms": percentile(last["react_ms"], 0.5),
        "react_p99_ms": percentile(last["react_ms"], 0.99),
        "operator_heap_mib": last["heap_bytes"] / MIB,
        "operator_heap_per_app_kib": (last["heap_bytes"] - results["heap_empty_bytes"]) / 1024 / last["apps"],
        "operator_idle_cpu_percent": last["idle_cpu_percent"],
        "operator_cpu_per_app_ms": operator_cpu_ms(last),
        "operator_cpu_flatness": _flatness(results, operator_cpu_ms),
    }
    if "roll_outs" in results:
        rolled = results["roll_outs"]
        found["roll_outs_count"] = rolled["count"]
        found["roll_outs_heap_growth_mib"] = (rolled["heap_after_bytes"] - rolled["heap_before_bytes"]) / MIB
    if "restart" in results:
        found["restart_s"] = results["restart"]["ready_s"]
    if "loss" in results:
        found["lost_nodes"] = results["loss"]["nodes"]
        found["lost_instances"] = results["loss"]["instances"]
        found["lost_nodes_noticed_s"] = results["loss"]["expired_s"]
        found["recover_s"] = results["loss"]["recover_s"]
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in found.items()}


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def _glance(results):
    found = keys(results)
    rows = [
        ["all apps placed and Ready (s, with creating them)", "", number(found["place_all_s"])],
        ["API writes of the operator for an app, up to Ready", "≤ 4", number(found["writes_per_app"])],
        ["and after (its ControllerRevision); Events until Ready", "", f"{number(found['writes_after_ready_per_app'])}; {number(found['events_per_app'])}"],
        ["from one change to its effect, p50 and p99 (ms)", "p99 < 1000", f"{number(found['react_p50_ms'])}, {number(found['react_p99_ms'])}"],
        ["operator: live heap (MiB), of that for an app (KiB)", "", f"{number(found['operator_heap_mib'])}, {number(found['operator_heap_per_app_kib'])}"],
        ["operator: CPU while idle (% of a core)", "", number(found["operator_idle_cpu_percent"])],
        ["operator: CPU for an app, last stage over first", "flat: 1", number(found["operator_cpu_flatness"])],
    ]
    if "recover_s" in found:
        rows.append([f"{found['lost_nodes']} nodes with {found['lost_instances']:,} instances lost at once: their Leases ({results['lease_s']} s) expired and "
                     "were seen to, all Ready elsewhere (s)", "", f"{number(found['lost_nodes_noticed_s'])}, {number(found['recover_s'])}"])  # fmt: skip
    if "roll_outs_count" in found:
        rows.append([f"{found['roll_outs_count']:,} roll-outs: growth of the operator's live heap (MiB)", "0", number(found["roll_outs_heap_growth_mib"])])
    if "restart_s" in found:
        rows.append(["operator restarted: ready again (s)", "", number(found["restart_s"])])
    return table(["", "aim", "found"], rows)


def _loss(results):
    loss = results["loss"]
    took, api, own = loss["recover_s"] - loss["expired_s"], loss["api_server_cpu_s"], loss["operator_cpu_s"]
    writes = sum(count for kind, count in loss["writes"].items() if not kind.startswith("leases"))
    return (
        f"What bounds the way back from a loss is the API server: in the {number(took)} s after the Leases had expired it and etcd used most of the machine ({number(api)} s of "
        f"CPU since the loss, renewals included), the operator {number(own)} s. {writes:,} writes brought {loss['instances']:,} instances back: each takes its "
        "address out of a slice and puts another in, is released and deleted, made anew, said ready by its agent, and its app is said not ready and ready."
    )


def _stages(results):
    return table(
        ["apps", "new", "placed (s)", "placed (ms an app)", "operator CPU (ms an app)", "API server and etcd CPU (ms an app)", "operator heap (MiB)", "idle CPU (%)", "change p50 (ms)", "change p99 (ms)"],
        [
            [f"{s['apps']:,}", f"{s['new_apps']:,}", number(s["place_s"]), number(place_ms(s)), number(operator_cpu_ms(s)), number(api_server_cpu_ms(s)),
             number(s["heap_bytes"] / MIB), number(s["idle_cpu_percent"]), number(percentile(s["react_ms"], 0.5)), number(percentile(s["react_ms"], 0.99))]
            for s in results["stages"]
        ],
    )  # fmt: skip


def _watches(results):
    cut = sum(stage["cut_watches"] for stage in results["stages"])
    late = max(part["lease_faults"] for part in [*results["stages"], results.get("loss", {"lease_faults": 0})])
    text = (
        "What grows with the nodes is the API server's work for an instance: each change of it goes by every node's watch, since a custom resource's selectable field "
        "has no index there, as `spec.nodeName` of a Pod has. A watch that does not keep up is cut and begins anew; while the apps came, that happened "
        f"{cut:,} times."
    )
    return text + (f" {late:,} renewals of Leases failed." if late else "")


def _kinds(results):
    stages = results["stages"]
    kinds = sorted({kind for s in stages for kind in s["writes"] if kind.split()[0] in OPERATOR + AFTER_READY + AGENT + EVENTS})
    apps = sum(s["new_apps"] for s in stages)
    rows = []
    for kind in kinds:
        up_to_ready, settled = (sum(s[name].get(kind, 0) for s in stages) / apps for name in ("writes", "writes_settled"))
        if settled < 0.0005:
            continue
        resource = kind.split()[0]
        who = "the user" if kind == "wasmapps POST" else "agent" if resource in AGENT else "operator"
        rows.append([f"`{kind}`", who, f"{up_to_ready:.3f}", f"{settled:.3f}"])
    return table(["what", "who", "an app, until all are Ready", "and when nobody writes any more"], rows)


def _machine(results):
    machine = results["machine"]
    return (
        f"{results['date']}, {machine['processors']} × {machine['processor']}, {machine['memory_gib']} GiB, {machine['system']}; "
        f"load average {results['load_average']['before']} before and {results['load_average']['after']} after"
        f"{', QUICK' if results['quick'] else ''}{', cut short' if results.get('cut_short') else ''}."
    )


def page(results):
    found = keys(results)
    return (
        "\n\n".join([
            "# Many nodes, many apps",
            f"Written by `make bench-scale` (`QUICK=1`: 100 nodes, 2,000 apps); all figures are in `bench/results/scale.json`. "
            f"{found['nodes']:,} simulated nodes (each with its WasmNode, a Lease of {results['lease_s']} s and its own watch on its instances; an instance is "
            f"ready as soon as its node sees it) and {found['apps']:,} http apps on one real API server and etcd, with one operator as a process of its own: "
            f"everything shares this machine. " + _machine(results),
            *([results["note"]] if "note" in results else []),
            _glance(results),
            *([_loss(results)] if "loss" in results else []),
            "## From few apps to many",
            "![cost of an app at each size](bench-scale.svg)",
            "Each stage adds apps to those that are there; the first is also the operator's JVM warming up. A change is a new template for an app picked at random: its effect is that a new instance serves alone "
            "and the app's status says so.",
            _stages(results),
            _watches(results),
            "## Writes",
            "Counted by the API server (`apiserver_request_total`). An http app needs a Service, an EndpointSlice, an instance and a status: each is written "
            "once; its ControllerRevision follows when it is Ready. On top come the agent's word that the instance is ready and the Events; those are dropped rather than that a pass waits for them, so that "
            "fewer are written the faster apps come.",
            _kinds(results),
        ])
        + "\n"
    )
