"""A control plane, a registry and a few apps on the loopback: what the images' programs are tried with, here and in images/train.py."""
import base64
import hashlib
import http.server
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
APPS = ["http-rust", "wordcount", "ticker"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Plane:
    """etcd, kube-apiserver and a registry with the examples' modules; everything goes when it is closed."""

    def __init__(self):
        self.folder, self.children, self.server = tempfile.mkdtemp(prefix="dunlin-plane-"), [], None
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self):
        binaries = subprocess.run([ROOT / "e2e/kubernetes/build"], check=True, capture_output=True, text=True).stdout.strip()
        self.bin = pathlib.Path(binaries)
        home, etcd, peer, self.port = pathlib.Path(self.folder), free_port(), free_port(), free_port()
        home.chmod(0o755)
        keys = home / "sa.key"
        subprocess.run(["openssl", "genrsa", "-out", keys, "2048"], check=True, capture_output=True)
        (home / "tokens").write_text("train,train,train,system:masters\n")
        self._start("etcd", f"--data-dir={home}/etcd", "--unsafe-no-fsync", f"--listen-client-urls=http://127.0.0.1:{etcd}",
                    f"--advertise-client-urls=http://127.0.0.1:{etcd}", f"--listen-peer-urls=http://127.0.0.1:{peer}",
                    f"--initial-advertise-peer-urls=http://127.0.0.1:{peer}", f"--initial-cluster=default=http://127.0.0.1:{peer}")
        self._start("kube-apiserver", f"--etcd-servers=http://127.0.0.1:{etcd}", "--bind-address=127.0.0.1", f"--secure-port={self.port}",
                    "--endpoint-reconciler-type=none", f"--cert-dir={home}", f"--token-auth-file={home}/tokens", "--authorization-mode=AlwaysAllow",
                    "--service-cluster-ip-range=10.96.0.0/16", "--service-account-issuer=https://kubernetes.default.svc",
                    f"--service-account-key-file={keys}", f"--service-account-signing-key-file={keys}")
        self._kubeconfig(home)
        wait("the API server", lambda: self.kubectl("get", "--raw", "/readyz", check=False).returncode == 0)
        self.kubectl("create", "namespace", "dunlin-system")
        self.kubectl("apply", "--server-side", "-f", str(ROOT / "helm/dunlin/files/crds"))
        self.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")
        self._registry()

    def _start(self, name, *flags):
        with open(os.path.join(self.folder, name + ".log"), "wb") as log:
            self.children.append(subprocess.Popen([self.bin / name, *flags], stdout=log, stderr=subprocess.STDOUT))

    def _kubeconfig(self, home):
        authority = home / "apiserver.crt"
        wait("the API server's certificate", authority.exists)
        time.sleep(0.2)  # it is being written
        self.config = home / "kubeconfig"
        self.config.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "train",
            "clusters": [{"name": "train", "cluster": {"server": f"https://127.0.0.1:{self.port}",
                                                       "certificate-authority-data": base64.b64encode(authority.read_bytes()).decode()}}],
            "users": [{"name": "train", "user": {"token": "train"}}],
            "contexts": [{"name": "train", "context": {"cluster": "train", "user": "train"}}]}))

    def kubectl(self, *words, check=True, text=None):
        return subprocess.run([self.bin / "kubectl", f"--kubeconfig={self.config}", *words], check=check, capture_output=True, text=True, input=text)

    def _registry(self):
        blobs, manifests = {}, {}

        def blob(data):
            found = "sha256:" + hashlib.sha256(data).hexdigest()
            blobs[found] = data
            return {"digest": found, "size": len(data)}

        for name in APPS:
            module = (ROOT / "examples" / name / "app.wasm").read_bytes()
            os_name = "wasip2" if module[4:8] != b"\x01\0\0\0" else "wasip1"
            configuration = json.dumps({"architecture": "wasm", "os": os_name, "layerDigests": [blob(module)["digest"]]}).encode()
            manifests[name] = json.dumps({
                "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "config": {"mediaType": "application/vnd.wasm.config.v0+json", **blob(configuration)},
                "layers": [{"mediaType": "application/wasm", **blob(module)}]}).encode()

        class Answers(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                name, kind, reference = self.path.split("/")[2:5] if self.path.count("/") == 4 else ("", "", "")
                data = blobs.get(reference) if kind == "blobs" else manifests.get(name)
                self.send_response(200 if data else 404)
                self.send_header("Content-Length", str(len(data or b"")))
                if data and kind == "manifests":
                    self.send_header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
                    self.send_header("Docker-Content-Digest", "sha256:" + hashlib.sha256(data).hexdigest())
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(data or b"")

            do_HEAD = do_GET

            def log_message(self, *_):
                pass  # a request of the operator's or the agent's is none of the reader's

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.registry = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def apply_apps(self):
        for name in APPS:
            text = (ROOT / "examples" / name / "wasmapp.yaml").read_text()
            self.kubectl("apply", "-f", "-", text=text.replace("registry.example.com/dunlin", self.registry))

    def close(self):
        if self.server:
            self.server.shutdown()
        for child in reversed(self.children):
            child.terminate()
            child.wait()
        shutil.rmtree(self.folder)


def wait(what, ready, seconds=60):
    """Until ready() says so; what it is waited for is named when it does not come."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise SystemExit(f"images: expected {what} within {seconds} s")
        time.sleep(0.05)
