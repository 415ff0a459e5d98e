"""Plots the CSV of dev.dunlin.e2e.bench.engine.Soak: python3 soak.py RUN.csv docs/soak.svg; prints first and last quarter."""

import csv
import statistics
import sys

ROWS = [
    ("heap_kib", "Java heap, live (MiB)", 1024, "#1f77b4"),
    ("native_kib", "anonymous memory beyond the heap (MiB)", 1024, "#d62728"),
    ("threads", "threads", 1, "#2ca02c"),
    ("descriptors", "file descriptors", 1, "#9467bd"),
]
LEFT, WIDTH, HEIGHT, GAP, TOP = 70, 640, 110, 40, 40


def main(source, target):
    with open(source, newline="") as file:
        samples = [{name: int(value) for name, value in row.items()} for row in csv.DictReader(file)]
    with open(target, "w") as file:
        file.write(svg(samples))
    quarter = len(samples) // 4
    for name, title, unit, _ in ROWS:
        second, last = samples[quarter : 2 * quarter], samples[-quarter:]
        says = [f"{min(v):.0f} to {max(v):.0f}, median {statistics.median(v):.0f}" for v in ([row[name] / unit for row in p] for p in (second, last))]
        print(f"| {title} | {says[0]} | {says[1]} |")
    print({name: value for name, value in samples[-1].items() if name not in [row[0] for row in ROWS]})


def svg(samples):
    end = samples[-1]["seconds"]
    total = TOP + len(ROWS) * (HEIGHT + GAP)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 20}" height="{total}" font-family="sans-serif" font-size="12">',
        f'<rect width="{LEFT + WIDTH + 20}" height="{total}" fill="white"/>',
        f'<text x="10" y="20" font-size="14">Mixed load on the native engine for {end // 60} minutes, a sample every 15 s</text>',
    ]
    for i, (name, title, unit, colour) in enumerate(ROWS):
        top = TOP + i * (HEIGHT + GAP) + 10
        values = [sample[name] / unit for sample in samples]
        high = max(values) * 1.1
        place = lambda s, v, top=top, high=high: f"{LEFT + WIDTH * s / end:.1f},{top + HEIGHT - HEIGHT * v / high:.1f}"  # noqa: E731
        points = " ".join(place(sample["seconds"], value) for sample, value in zip(samples, values))
        out.append(f'<text x="{LEFT}" y="{top - 4}">{title}</text>')
        out.append(f'<rect x="{LEFT}" y="{top}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#ccc"/>')
        out.append(f'<text x="{LEFT - 6}" y="{top + 10}" text-anchor="end">{high:.0f}</text>')
        out.append(f'<text x="{LEFT - 6}" y="{top + HEIGHT}" text-anchor="end">0</text>')
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.2"/>')
    return "\n".join(out + ["</svg>"]) + "\n"


if __name__ == "__main__":
    main(*sys.argv[1:3])
