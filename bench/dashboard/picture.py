"""Draws docs/dashboard.svg from bench/results/dashboard.json; with --measure after measuring it anew (PROMETHEUS: its program)."""

import json
import sys

import draw
import measure

RESULTS = measure.ROOT / "bench/results/dashboard.json"
PICTURE = measure.ROOT / "docs/dashboard.svg"
SECONDS = 120

if "--measure" in sys.argv:
    RESULTS.write_text(json.dumps(measure.measure(SECONDS), separators=(",", ":")) + "\n")
PICTURE.write_text(draw.svg(json.loads(RESULTS.read_text())))
