"""The plot of compute times: a row a workload, a dot an engine, on a logarithmic scale. Pure: results in, SVG out."""

import math
from html import escape

from engines import C, COMPARED_WITH, JVM, NATIVE, NODE, WASMTIME, WAZERO, WAZERO_STOPPABLE

COLOURS = {
    NATIVE: "#d62728", COMPARED_WITH: "#333333", WASMTIME: "#8c8c8c", C: "#2ca02c",
    NODE: "#e6a700", WAZERO: "#17becf", WAZERO_STOPPABLE: "#1f77b4", JVM: "#9467bd",
}  # fmt: skip
LEFT, TOP, ROW, WIDTH, RIGHT = 110, 78, 30, 640, 30
TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]


def _range(table):
    values = [value for row in table.values() for summary in row.values() for value in (summary["low"], summary["high"])]
    low, high = min(values), max(values)
    return max(tick for tick in [0.01, *TICKS] if tick <= low), min(tick for tick in [*TICKS, 1000] if tick >= high)


def svg(table):
    """table: workload -> engine -> summary of ratios."""
    low, high = _range(table)
    place = lambda value: LEFT + WIDTH * math.log(value / low) / math.log(high / low)  # noqa: E731
    engines = [name for name in COLOURS if name in next(iter(table.values()))]
    height = TOP + ROW * len(table) + 40
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + RIGHT}" height="{height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{LEFT + WIDTH + RIGHT}" height="{height}" fill="white"/>',
        '<text x="10" y="20" font-size="14">Time of an iteration, wasmtime with epoch interruption = 1 (less is faster)</text>',
    ]
    for i, name in enumerate(engines):
        x, y = 20 + i % 4 * 185, 42 + i // 4 * 18
        out.append(f'<circle cx="{x}" cy="{y - 4}" r="5" fill="{COLOURS[name]}"/><text x="{x + 10}" y="{y}">{escape(name)}</text>')
    for tick in TICKS:
        if low <= tick <= high:
            x, y = place(tick), height - 30
            out.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{y}" stroke="{"#333" if tick == 1 else "#ddd"}"/>')
            out.append(f'<text x="{x:.1f}" y="{y + 16}" text-anchor="middle">{tick:g}</text>')
    for i, (name, row) in enumerate(table.items()):
        y = TOP + ROW * i + ROW / 2
        out.append(f'<text x="{LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(name)}</text>')
        for engine in reversed(engines):
            value, colour = row[engine], COLOURS[engine]
            ends = f'x1="{place(value["low"]):.1f}" x2="{place(value["high"]):.1f}"'
            out.append(f'<line {ends} y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2" opacity="0.5"/>')
            out.append(f'<circle cx="{place(value["median"]):.1f}" cy="{y}" r="5" fill="{colour}" fill-opacity="0.85"/>')
    return "\n".join(out + ["</svg>"]) + "\n"
