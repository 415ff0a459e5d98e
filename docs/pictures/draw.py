"""Draws the pictures beside it, which the pages show: `python3 docs/pictures/draw.py`. They are committed as drawn."""

import html
import pathlib

HERE = pathlib.Path(__file__).parent
INK, QUIET, LINE = "#1f2933", "#5f6c7b", "#9aa5b1"
API, OPERATOR, AGENT, GUEST, OUTSIDE = "#dbeafe", "#ede9fe", "#dcfce7", "#fef3c7", "#f1f5f9"


class Picture:
    def __init__(self, width, height, title):
        self.width, self.height, self.title, self.parts = width, height, title, []

    def box(self, x, y, width, height, title="", lines=(), fill="white", dashed=False):
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        self.parts.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" fill="{fill}" stroke="{LINE}"{dash}/>'
        )
        at = y + 20
        if title:
            self.text(x + 12, at, title, weight="bold")
            at += 18
        for line in lines:
            self.text(x + 12, at, line, size=12, fill=QUIET)
            at += 16

    def text(self, x, y, words, size=13, anchor="start", weight="normal", fill=INK):
        self.parts.append(
            f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" '
            f'fill="{fill}">{html.escape(words)}</text>'
        )

    def arrow(self, *points, words="", at=None, anchor="middle", dashed=False, both=False):
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        begin = ' marker-start="url(#begin)"' if both else ""
        path = " ".join(f"{x},{y}" for x, y in points)
        self.parts.append(
            f'<polyline points="{path}" fill="none" stroke="{INK}" stroke-width="1.5"{dash} marker-end="url(#end)"{begin}/>'
        )
        if words:
            (x, y) = at or ((points[0][0] + points[-1][0]) / 2, (points[0][1] + points[-1][1]) / 2 - 6)
            for row, line in enumerate(words.split("\n")):
                self.text(x, y + 14 * row, line, size=11, anchor=anchor, fill=QUIET)

    def dot(self, x, y, number):
        self.parts.append(f'<circle cx="{x}" cy="{y}" r="11" fill="{INK}"/>')
        self.text(x, y + 4, str(number), size=12, anchor="middle", weight="bold", fill="white")

    def bar(self, x, y, width, height, fill):
        self.parts.append(f'<rect x="{x}" y="{y}" width="{width:.1f}" height="{height}" fill="{fill}" stroke="{LINE}"/>')

    def write(self, name):
        body = "\n".join(self.parts)
        (HERE / name).write_text(
            f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}" font-family="system-ui, sans-serif" role="img">
<title>{html.escape(self.title)}</title>
<defs>
<marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0,0 8,4 0,8z" fill="{INK}"/></marker>
<marker id="begin" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M8,0 0,4 8,8z" fill="{INK}"/></marker>
</defs>
<rect width="{self.width}" height="{self.height}" fill="white"/>
{body}
</svg>
"""
        )


def architecture():
    p = Picture(900, 470, "Operator and agents meet in the API server; requests go from a Service straight to an agent")
    p.box(20, 30, 150, 70, "You", ["kubectl, helm, CI"], OUTSIDE)
    p.box(20, 370, 150, 70, "Clients", ["any Pod, a Gateway:", "http://shop"], OUTSIDE)
    p.box(320, 20, 256, 120, "API server", ["WasmApp, WasmQuota, WasmVolume", "WasmInstance, WasmNode", "Service, EndpointSlice, HPA", "ConfigMap, Secret, Lease"], API)
    p.box(660, 20, 220, 120, "Operator", ["a Deployment, two replicas", "places instances, rolls out,", "scales, runs schedules;", "no request passes through it"], OPERATOR)
    p.box(670, 190, 200, 56, "OCI registry", ["modules by digest"], OUTSIDE)
    for number, x in enumerate((220, 560)):
        p.box(x, 290, 300, 150, fill=AGENT)
        p.text(x + 12, 310, f"Agent on node {'ab'[number]}", weight="bold")
        p.text(x + 12, 328, "an unprivileged DaemonSet Pod: one process", size=12, fill=QUIET)
        for i, app in enumerate(("shop", "shop", "report") if number == 0 else ("shop", "mail", "mail")):
            p.box(x + 12 + i * 94, 345, 86, 80, app, ["its memory", "its rights"], GUEST)
    p.arrow((170, 65), (318, 65), words="WasmApp")
    p.arrow((658, 65), (578, 65), both=True, words="watch,\nwrite", at=(618, 40))
    p.arrow((400, 288), (420, 142), both=True, words="its instances,\nits status", at=(398, 205), anchor="end")
    p.arrow((600, 288), (510, 142), both=True)
    p.arrow((770, 188), (770, 142), words="tag to digest", at=(778, 168), anchor="start")
    p.arrow((770, 248), (770, 288), words="module", at=(778, 272), anchor="start")
    p.arrow((170, 405), (218, 405), words="http", at=(194, 397))
    p.text(20, 458, "kube-proxy leads the Service's address to the app's port on every node that serves it.", size=11, fill=QUIET)
    p.write("architecture.svg")


def apply():
    p = Picture(900, 360, "What happens from kubectl apply to the first answer")
    lanes = (("API server", API), ("Operator", OPERATOR), ("Agent", AGENT))
    for row, (name, fill) in enumerate(lanes):
        y = 50 + row * 95
        p.box(20, y, 860, 80, fill=fill)
        p.text(30, y + 44, name, weight="bold")
    steps = (
        (0, 165, "checks schema", "and CEL rules"),
        (1, 260, "sees the app,", "tag to digest"),
        (1, 360, "chooses nodes,", "writes instances"),
        (2, 455, "sees its own,", "fetches module"),
        (2, 548, "compiles once,", "or from disk"),
        (2, 640, "opens the port:", "ready"),
        (1, 730, "adds the node to", "the EndpointSlice"),
        (2, 825, "answers the", "first request"),
    )
    before = None
    for number, (lane, x, first, second) in enumerate(steps, 1):
        y = 50 + lane * 95 + 26
        if before and y > before[1]:
            p.arrow((before[0] + 13, before[1]), (x, before[1]), (x, y - 13))
        elif before and y < before[1]:
            p.arrow((before[0], before[1] - 13), (before[0], y), (x - 13, y))
        elif before:
            p.arrow((before[0] + 13, y), (x - 13, y))
        p.dot(x, y, number)
        p.text(x, y + 24, first, size=11, anchor="middle")
        p.text(x, y + 38, second, size=11, anchor="middle")
        before = (x, y)
    p.text(20, 30, "kubectl apply", weight="bold")
    p.arrow((120, 26), (165, 26), (165, 62))
    p.text(880, 30, "status and Events go back the same way, through the API server", size=11, anchor="end", fill=QUIET)
    p.text(20, 350, "How long each step takes is measured in bench-traffic.md.", size=11, fill=QUIET)
    p.write("apply.svg")


def canary():
    p = Picture(900, 330, "A canary gets more of each node's requests step by step, or is given up at once")
    old, new = "#bfdbfe", "#fbbf24"
    stages = (("before", 0), ("step 0: 10 %", 10), ("step 1: 50 %", 50), ("all", 100))
    for i, (name, weight) in enumerate(stages):
        x = 30 + i * 220
        p.text(x, 40, name, weight="bold")
        for row in range(2):
            y = 56 + row * 62
            p.box(x, y, 180, 50, fill="white")
            p.text(x + 8, y + 15, f"node {'ab'[row]}, the app's port", size=10, fill=QUIET)
            whole = 164
            if weight < 100:
                p.bar(x + 8, y + 22, whole * (100 - weight) / 100, 20, old)
            if weight:
                p.bar(x + 8 + whole * (100 - weight) / 100, y + 22, whole * weight / 100, 20, new)
        if i < 3:
            p.arrow((x + 184, 115), (x + 216, 115))
    p.box(250, 210, 400, 60, "The answers are worse than analysis allows", ["more 5xx than maxErrorPercent, or p95 above the bound"], "#fee2e2")
    p.arrow((340, 178), (340, 208))
    p.arrow((560, 178), (560, 208))
    p.arrow((248, 240), (120, 240), (120, 182), words="weight 0 at once:\nCanaryFailed", at=(128, 262), anchor="start")
    p.bar(30, 300, 14, 14, old)
    p.text(50, 312, "old revision", size=12)
    p.bar(150, 300, 14, 14, new)
    p.text(170, 312, "new revision", size=12)
    p.text(280, 312, "Of any run of requests on a node the new one gets its share to within one.", size=12, fill=QUIET)
    p.write("canary.svg")


def idle():
    p = Picture(900, 240, "The life of an http instance: awake, idle, asleep, and back")
    p.box(20, 60, 190, 100, "Awake", ["guest instances kept", "by http.reuse", "code in memory"], GUEST)
    p.box(350, 60, 190, 100, "Idle", ["no guest instance,", "no guest memory", "code in memory"], AGENT)
    p.box(680, 60, 200, 100, "Asleep", ["no guest, no code in memory", "compiled code on the disk,", "its port still open"], API)
    p.arrow((212, 90), (348, 90), words="no request for\nidleAfterSeconds (300)", at=(280, 64))
    p.arrow((542, 90), (678, 90), words="none for 600 s", at=(610, 82))
    p.arrow((348, 135), (212, 135), words="request: at once", at=(280, 152))
    p.arrow((780, 162), (780, 205), (115, 205), (115, 162), words="request: waits some milliseconds, until the code is mapped again (bench-traffic.md)", at=(447, 224))
    p.write("idle.svg")


for picture in (architecture, apply, canary, idle):
    picture()
