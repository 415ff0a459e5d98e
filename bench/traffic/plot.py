"""The plots of docs/bench-traffic.md. Pure: results in, SVG out; empty where it was not measured."""

from html import escape
from statistics import median

import report

LEFT, TOP, WIDTH, ROW = 210, 40, 520, 26
COLOURS = {"dunlin": "#d62728", "wasmtime serve": "#333333"}
OTHER = "#1f77b4"


def _frame(width, height, title):
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="10" y="22" font-size="14">{escape(title)}</text>',
    ]


def serve(results):
    """A bar a server: the median of the rounds, and a line from the lowest to the highest."""
    found = results.get("serve", {}).get("found", {})
    there = [name for name in report.SERVERS if name in found]
    if not there:
        return ""
    most = max(max(found[name]["per_second"]) for name in there)
    place = lambda value: LEFT + WIDTH * value / most  # noqa: E731
    out = _frame(LEFT + WIDTH + 90, TOP + ROW * len(there) + 20, "Requests a second, 16 connections (median, lowest and highest round)")
    for i, name in enumerate(there):
        y, values = TOP + ROW * i, found[name]["per_second"]
        colour = next((colour for start, colour in COLOURS.items() if name.startswith(start)), OTHER)
        out.append(f'<text x="{LEFT - 8}" y="{y + 16}" text-anchor="end">{escape(name)}</text>')
        out.append(f'<rect x="{LEFT}" y="{y + 4}" width="{place(median(values)) - LEFT:.1f}" height="{ROW - 10}" fill="{colour}" fill-opacity="0.8"/>')
        out.append(f'<line x1="{place(min(values)):.1f}" x2="{place(max(values)):.1f}" y1="{y + 12}" y2="{y + 12}" stroke="#999" stroke-width="2"/>')
        out.append(f'<text x="{place(max(values)) + 6:.1f}" y="{y + 16}">{median(values):,.0f}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"


def density(results):
    """Resident memory of the agent against apps, beside a Pod an app."""
    found = results.get("density", {}).get("found", {})
    stages = found.get("stages", [])
    if len(stages) < 2:
        return ""
    points = [(stage["idle"] + stage["active"], stage["rss_kib"] / report.KIB_PER_GIB, stage["what"]) for stage in stages]
    pod = report.pod_kib(results) / report.KIB_PER_GIB
    most_apps, most = max(apps for apps, _, _ in points), 1.5 * max(8, *(gib for _, gib, _ in points))
    left, height = 60, 300
    across = lambda apps: left + WIDTH * apps / most_apps  # noqa: E731
    up = lambda gib: TOP + height - height * gib / most  # noqa: E731
    out = _frame(left + WIDTH + 150, TOP + height + 50, "Resident memory of one agent (GiB) against its apps")
    for part in range(5):
        gib = most * part / 4
        out.append(f'<line x1="{left}" y1="{up(gib):.1f}" x2="{left + WIDTH}" y2="{up(gib):.1f}" stroke="{"#333" if part == 0 else "#ddd"}"/>')
        out.append(f'<text x="{left - 6}" y="{up(gib) + 4:.1f}" text-anchor="end">{gib:g}</text>')
        apps = most_apps * part // 4
        out.append(f'<text x="{across(apps):.1f}" y="{TOP + height + 18}" text-anchor="middle">{apps:,}</text>')
    out.append(f'<line x1="{left}" x2="{left + WIDTH}" y1="{up(8):.1f}" y2="{up(8):.1f}" stroke="#e6a700" stroke-dasharray="6 4"/>')
    out.append(f'<text x="{left + WIDTH + 6}" y="{up(8) + 4:.1f}" fill="#b07f00">aim: 8 GiB</text>')
    end = min(most_apps, most / pod)
    out.append(f'<line x1="{across(0):.1f}" y1="{up(0):.1f}" x2="{across(end):.1f}" y2="{up(end * pod):.1f}" stroke="#333" stroke-width="2"/>')
    out.append(f'<text x="{across(end) + 6:.1f}" y="{up(end * pod) + 12:.1f}">a Pod an app</text>')
    line = " ".join(f"{across(apps):.1f},{up(gib):.1f}" for apps, gib, _ in points)
    out.append(f'<polyline points="{line}" fill="none" stroke="{COLOURS["dunlin"]}" stroke-width="2"/>')
    for apps, gib, what in points:
        fill = COLOURS["dunlin"] if what.startswith(("active", "all")) else "white"
        out.append(f'<circle cx="{across(apps):.1f}" cy="{up(gib):.1f}" r="4" fill="{fill}" stroke="{COLOURS["dunlin"]}"/>')
    out.append(f'<text x="{left}" y="{TOP + height + 40}">idle apps (hollow) first, then active ones beside them (full)</text>')
    return "\n".join([*out, "</svg>"]) + "\n"
