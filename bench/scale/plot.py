"""The plot of an app's cost at each size, on a logarithmic axis of sizes. Pure: results in, SVG out."""

import math

import report

LEFT, TOP, WIDTH, HEIGHT, GAP = 60, 50, 260, 180, 50
PANELS = [
    ("operator: CPU for an app (ms)", report.operator_cpu_ms),
    ("placed: time for an app (ms)", report.place_ms),
    ("one change, p99 (ms)", lambda stage: report.percentile(stage["react_ms"], 0.99)),
    ("operator: live heap (MiB)", lambda stage: stage["heap_bytes"] / report.MIB),
]


def _ceiling(value):
    """The next of 1, 2 and 5 times a power of ten."""
    power = 10 ** math.floor(math.log10(value)) if value > 0 else 1
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)


def _panel(index, title, cost, stages):
    left, top = LEFT + index % 2 * (WIDTH + GAP + LEFT), TOP + index // 2 * (HEIGHT + GAP + TOP)
    sizes = [stage["apps"] for stage in stages]
    low, high = math.log(sizes[0]), math.log(sizes[-1]) if len(sizes) > 1 else math.log(sizes[0]) + 1
    most = _ceiling(max(cost(stage) for stage in stages))
    across = lambda size: left + WIDTH * (math.log(size) - low) / (high - low)  # noqa: E731
    up = lambda value: top + HEIGHT - HEIGHT * value / most  # noqa: E731
    out = [f'<text x="{left}" y="{top - 14}" font-size="13">{title}</text>']
    for part in range(5):
        value = most * part / 4
        out.append(f'<line x1="{left}" y1="{up(value):.1f}" x2="{left + WIDTH}" y2="{up(value):.1f}" stroke="{"#333" if part == 0 else "#ddd"}"/>')
        out.append(f'<text x="{left - 6}" y="{up(value) + 4:.1f}" text-anchor="end">{value:g}</text>')
    points = [(across(stage["apps"]), up(cost(stage))) for stage in stages]
    out.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" fill="none" stroke="#1f77b4" stroke-width="2"/>')
    for (x, y), size in zip(points, sizes):
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1f77b4"/>')
        out.append(f'<text x="{x:.1f}" y="{top + HEIGHT + 16}" text-anchor="middle">{size:,}</text>')
    return out


def svg(results):
    width, height = 2 * (LEFT + WIDTH + GAP), 2 * (TOP + HEIGHT + GAP)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for index, (title, cost) in enumerate(PANELS):
        out += _panel(index, title, cost, results["stages"])
    return "\n".join([*out, "</svg>"]) + "\n"
