"""The dashboard as a picture: what was measured in, SVG out. Pure."""

import html

COLUMNS, WIDTH, HEIGHT, GAP, LEFT = 3, 300, 130, 34, 58
COLOURS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf"]
MOST_NAMES = 6
UNITS = {
    "s": [(1, "s"), (1e-3, "ms"), (1e-6, "µs")],
    "bytes": [(2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "B")],
    "percentunit": [(0.01, "%")],
    "reqps": [(1, "/s")],
}


def text_of(value, unit):
    for size, name in UNITS.get(unit, [(1, "")]):
        if value >= size or (size, name) == UNITS.get(unit, [(1, "")])[-1]:
            return f"{value / size:.3g} {name}".strip()
    raise AssertionError(unit)


def stacked(series):
    below, out = {}, []
    for one in series:
        points = []
        for at, value in one["points"]:
            points.append([at, below.get(at, 0) + value, below.get(at, 0)])
            below[at] = below.get(at, 0) + value
        out.append(points)
    return out


def panel(index, one, seconds):
    left, top = LEFT + index % COLUMNS * (WIDTH + LEFT + 20), 70 + index // COLUMNS * (HEIGHT + GAP + 58)
    lines = stacked(one["series"]) if one["stacked"] else [[[at, value, 0] for at, value in s["points"]] for s in one["series"]]
    most = max((point[1] for line in lines for point in line), default=0) or 1
    across = lambda at: left + WIDTH * at / seconds  # noqa: E731
    up = lambda value: top + HEIGHT - HEIGHT * value / most  # noqa: E731
    out = [f'<text x="{left}" y="{top - 10}" font-weight="bold" font-size="12">{html.escape(one["title"])}</text>']
    for part in range(3):
        value = most * part / 2
        out.append(f'<line x1="{left}" y1="{up(value):.1f}" x2="{left + WIDTH}" y2="{up(value):.1f}" stroke="{"#333" if part == 0 else "#ddd"}"/>')
        out.append(f'<text x="{left - 6}" y="{up(value) + 4:.1f}" text-anchor="end">{text_of(value, one["unit"])}</text>')
    for part in range(3):
        at = seconds * part / 2
        out.append(f'<text x="{across(at):.1f}" y="{top + HEIGHT + 13}" text-anchor="middle">{at:g} s</text>')
    for number, line in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        if one["stacked"] and line:
            around = [(at, high) for at, high, _ in line] + [(at, low) for at, _, low in reversed(line)]
            out.append(f'<polygon points="{" ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in around)}" fill="{colour}" fill-opacity="0.25"/>')
        out.append(f'<polyline points="{" ".join(f"{across(at):.1f},{up(high):.1f}" for at, high, _ in line)}" fill="none" stroke="{colour}" stroke-width="1.3"/>')
    if not one["series"]:
        out.append(f'<text x="{left + WIDTH / 2}" y="{top + HEIGHT / 2}" text-anchor="middle" fill="#888">nothing of this kind has happened</text>')
    for number, series in enumerate(one["series"][:MOST_NAMES]):
        x, y = left + number % 2 * WIDTH / 2, top + HEIGHT + 28 + number // 2 * 13
        name = series["legend"] if number < MOST_NAMES - 1 or len(one["series"]) == MOST_NAMES else f"… {len(one['series']) - number} more"
        out.append(f'<rect x="{x}" y="{y - 7}" width="10" height="3" fill="{COLOURS[number % len(COLOURS)]}"/>')
        out.append(f'<text x="{x + 14}" y="{y}" font-size="10">{html.escape(name[:26])}</text>')
    return out


def svg(measured):
    rows = -(-len(measured["panels"]) // COLUMNS)
    width, height = COLUMNS * (WIDTH + LEFT + 20) + 20, 70 + rows * (HEIGHT + GAP + 58)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="10">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{LEFT}" y="28" font-size="16" font-weight="bold">Dunlin</text>',
        f'<text x="{LEFT + 70}" y="28" font-size="11" fill="#555">the dashboard&#8217;s queries, answered by Prometheus while apps were asked for {measured["seconds"]} s</text>',
    ]
    for index, one in enumerate(measured["panels"]):
        out += panel(index, one, measured["seconds"])
    return "\n".join([*out, "</svg>"]) + "\n"
