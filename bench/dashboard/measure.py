"""What the dashboard's queries give: the demo's house under load, scraped and asked by a real Prometheus."""

import http.server
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
DASHBOARD = ROOT / "helm/dunlin/files/dashboard.json"
ALERTS = ROOT / "helm/dunlin/files/alerts.yaml"
DEMO = ROOT / "e2e/target/demo"
STEP_S = 2
RATE_INTERVAL = "20s"

APPS = """
apiVersion: dunlin.dev/v1alpha1
kind: WasmApp
metadata: {{name: http-rust}}
spec:
  image: registry.example.com/dunlin/http-rust:1.0
  replicas: 2
  http: {{reuse: 100}}
---
apiVersion: dunlin.dev/v1alpha1
kind: WasmApp
metadata: {{name: fetch-rust}}
spec:
  image: registry.example.com/dunlin/fetch-rust:1.0
  env: [{{name: QUOTES_URL, value: "http://127.0.0.1:{port}/today"}}]
  network: {{allowedHosts: ["127.0.0.1:{port}"]}}
---
apiVersion: dunlin.dev/v1alpha1
kind: WasmApp
metadata: {{name: fetch-denied}}
spec:
  image: registry.example.com/dunlin/fetch-rust:1.0
  env: [{{name: QUOTES_URL, value: "http://127.0.0.1:{port}/today"}}]
---
apiVersion: dunlin.dev/v1alpha1
kind: WasmApp
metadata: {{name: too-small}}
spec:
  image: registry.example.com/dunlin/http-rust:1.0
  resources: {{limits: {{memory: 512Ki}}}}
---
apiVersion: dunlin.dev/v1alpha1
kind: WasmApp
metadata: {{name: markdown}}
spec:
  image: registry.example.com/dunlin/markdown:1.0
  resources: {{limits: {{cpu: 100m}}}}
"""


class Upstream(http.server.BaseHTTPRequestHandler):
    """Another host: mostly well, at times not."""

    def do_GET(self):
        body = b"Make it work.\n"
        self.send_response(200 if random.random() < 0.9 else 503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def measure(seconds):
    upstream = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    java = str(pathlib.Path(os.environ["JAVA_HOME"], "bin/java")) if "JAVA_HOME" in os.environ else "java"
    demo = subprocess.Popen(
        [java, "--enable-native-access=ALL-UNNAMED", "-jar", "e2e/target/dunlin-e2e.jar"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        for line in demo.stdout:
            if "Yours now" in line:
                break
        else:
            raise SystemExit("the demo has ended by itself")
        threading.Thread(target=lambda: [None for _ in demo.stdout], daemon=True).start()
        kubectl("apply", "-f", "-", text=APPS.format(port=upstream.server_port))
        with tempfile.TemporaryDirectory() as folder:
            prometheus = start_prometheus(pathlib.Path(folder))
            try:
                began = time.time()
                load(seconds)
                return {
                    "seconds": seconds,
                    "step": STEP_S,
                    "panels": [asked(prometheus, panel, began, began + seconds) for panel in panels()],
                }
            finally:
                prometheus[0].terminate()
                prometheus[0].wait()
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait()
        upstream.shutdown()


def panels():
    return [panel for panel in json.loads(DASHBOARD.read_text())["panels"] if panel["type"] != "row"]


def kubectl(*args, text=None):
    found = shutil.which("kubectl") or sorted(map(str, (pathlib.Path.home() / ".cache/dunlin/kubernetes").glob("*/bin/kubectl")))[-1]
    return subprocess.run(
        [found, f"--kubeconfig={DEMO / 'kubeconfig'}", *args], input=text, check=True, capture_output=True, text=True
    ).stdout


def admin_ports():
    """By program: the operator, and the agents that live."""
    ports = {}
    for log in DEMO.glob("*.log"):
        text = log.read_text(errors="replace")
        for pattern in (r"/metrics on port (\d+)", r"metrics are at http://127\.0\.0\.1:(\d+)"):
            for port in re.findall(pattern, text):
                ports[log.stem] = int(port)
    return ports


def addresses():
    """Where agents listen: the demo's are at 127.0.0.2 and on."""
    nodes = json.loads(kubectl("get", "wasmnodes", "-o", "json"))["items"]
    return {node["metadata"]["name"]: node["status"]["address"] for node in nodes}


def start_prometheus(folder):
    nodes = addresses()
    targets = [f"{nodes.get(name, '127.0.0.1')}:{port}" for name, port in admin_ports().items()]
    (folder / "prometheus.yml").write_text(
        json.dumps(
            {
                "global": {"scrape_interval": f"{STEP_S}s", "evaluation_interval": f"{STEP_S}s"},
                "rule_files": [str(ALERTS)],
                "scrape_configs": [{"job_name": "dunlin", "honor_labels": True, "static_configs": [{"targets": targets}]}],
            }
        )
    )
    with http.server.HTTPServer(("127.0.0.1", 0), Upstream) as probe:
        port = probe.server_port
    process = subprocess.Popen(
        [
            os.environ.get("PROMETHEUS", "prometheus"),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--log.level=error",
        ]
    )
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready").read()
            return process, port
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise SystemExit("Prometheus did not begin")


def load(seconds):
    """More and more requests, and fewer again; a scale-up in the middle."""
    ends = time.time() + seconds
    shape = {
        "hello-rust": ("/", lambda part: 20 + 60 * part),
        "http-rust": ("/?name=Ada", lambda part: 30 + 170 * part),
        "fetch-rust": ("/", lambda part: 10 + 20 * part),
        "fetch-denied": ("/", lambda part: 2),
        "too-small": ("/", lambda part: 2),
        "markdown": ("/", lambda part: 5 + 60 * part),
    }
    threads = [threading.Thread(target=ask, args=(name, path, rate, seconds, ends)) for name, (path, rate) in shape.items()]
    for thread in threads:
        thread.start()
    time.sleep(seconds * 0.4)
    kubectl("scale", "wasmapp/http-rust", "--replicas=4")
    for thread in threads:
        thread.join()


def ask(name, path, rate, seconds, ends):
    targets = []
    looked = 0
    while (now := time.time()) < ends:
        if not targets or now - looked > 5:
            looked = now
            targets = places(name)
        part = 1 - abs(1 - 2 * (ends - now) / seconds)
        for host, port in random.sample(targets, min(1, len(targets))):
            request = urllib.request.Request(f"http://{host}:{port}{path}")
            if name == "markdown":
                request = urllib.request.Request(f"http://{host}:{port}{path}", data=b"# Title\n\n* one\n* two\n" * 200)
            try:
                urllib.request.urlopen(request, timeout=20).read()
            except (urllib.error.URLError, OSError):
                pass  # counted by the agent
        time.sleep(random.expovariate(rate(part)))


def places(name):
    slices = json.loads(kubectl("get", "endpointslices", "-l", f"kubernetes.io/service-name={name}", "-o", "json"))["items"]
    return [
        (address, slice_["ports"][0]["port"])
        for slice_ in slices
        for endpoint in slice_["endpoints"]
        for address in endpoint["addresses"]
    ]


def asked(prometheus, panel, begin, end):
    """A panel's series; a query that Prometheus does not take ends it all."""
    series = []
    for target in panel["targets"]:
        expr = target["expr"].replace("$__rate_interval", RATE_INTERVAL).replace("$namespace", ".*").replace("$app", ".*")
        query = urllib.parse.urlencode({"query": expr, "start": begin, "end": end, "step": STEP_S})
        with urllib.request.urlopen(f"http://127.0.0.1:{prometheus[1]}/api/v1/query_range?{query}") as answer:
            found = json.load(answer)["data"]["result"]
        for one in found:
            legend = re.sub(r"\{\{(\w+)}}", lambda label, one=one: one["metric"].get(label.group(1), ""), target["legendFormat"])
            points = [[round(float(at) - begin, 1), float(value)] for at, value in one["values"] if value not in ("NaN", "+Inf")]
            series.append({"legend": legend.strip(), "points": points})
    custom = panel["fieldConfig"]["defaults"]
    return {
        "title": panel["title"],
        "unit": custom["unit"],
        "stacked": custom["custom"]["stacking"]["mode"] == "normal",
        "series": sorted(series, key=lambda one: one["legend"]),
    }
