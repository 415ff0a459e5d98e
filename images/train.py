#!/usr/bin/env python3
"""Writes images/classes/NAME.txt.gz: the classes that operator and agent use, from a run of both in their images.

    images/train.py          after make images, and when the programs or their dependencies have changed much

A real API server, a registry and three apps (http, job, worker) are started here for it; it needs Go once (e2e/kubernetes/build).
"""
import gzip
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True
import jvm  # noqa: E402
import plane  # noqa: E402

ARCH = next(name for name, machine in jvm.MACHINE.items() if machine == os.uname().machine)
OUT = HERE.parent / "target/images"


def main():
    cluster, running, scratches = plane.Plane(), [], []
    try:
        ports = {name: plane.free_port() for name in ("operator", "node-agent")}
        own = {"operator": ["--aggregated-api-port=0", "--app-ports=21000-21099"],
               "node-agent": ["--node-name=node1", "--bind-address=127.0.0.1", "--advertise-address=192.0.2.1", "--log-port=0"]}
        for name, port in ports.items():
            root = merged(name)
            scratches.append(root)
            shutil.copy(cluster.config, root)
            command = entrypoint(name)
            command[1:1] = ["-XX:DumpLoadedClassList=/tmp/classes", "-Xlog:disable"]
            running.append(jvm.start(root, ARCH, [*command, f"--admin-port={port}", f"--plain-http-registry={cluster.registry}", *own[name]],
                                     {"KUBECONFIG": "/kubeconfig", "POD_NAME": name},
                                     stdout=open(OUT / f"train-{name}.log", "wb"), stderr=subprocess.STDOUT))
        for name, port in ports.items():
            plane.wait(f"{name} to be ready", lambda port=port: answers(f"http://127.0.0.1:{port}/readyz"))
        use(cluster, ports)
        for process in running:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        (HERE / "classes").mkdir(exist_ok=True)
        for name, root in zip(ports, scratches):
            lines = classes(pathlib.Path(root, "tmp/classes").read_text())
            (HERE / "classes" / f"{name}.txt.gz").write_bytes(gzip.compress("".join(lines).encode(), 9, mtime=0))
            print(f"images/classes/{name}.txt.gz: {len(lines)} lines")
    finally:
        for process in running:
            process.kill()
        cluster.close()
        for root in scratches:
            shutil.rmtree(root)


def merged(name):
    """The image's files, less its AOT cache."""
    root = jvm.copy(OUT / "trees" / ARCH / "base")
    shutil.copytree(OUT / "trees" / ARCH / name, root, symlinks=True, dirs_exist_ok=True)
    return root


def entrypoint(name, with_cache=False):
    config = json.loads((OUT / f"dunlin-{name}-{ARCH}.json").read_text())
    return [word for word in config["Entrypoint"] if with_cache or not word.startswith("-XX:AOTCache=")]


def use(cluster, ports):
    """What both programs do on an ordinary day."""
    cluster.apply_apps()
    for app in plane.APPS:
        plane.wait(app + " to be ready", lambda app=app: condition(cluster, app))
    port = json.loads(cluster.kubectl("get", "wasmapp", "http-rust", "-o", "json").stdout)["status"]["port"]
    for path in ("/", "/?again"):
        plane.wait("an answer of http-rust", lambda path=path: answers(f"http://127.0.0.1:{port}{path}"))
    cluster.kubectl("scale", "wasmapp", "http-rust", "--replicas=2")
    cluster.kubectl("patch", "wasmapp", "http-rust", "--type=merge", "-p", '{"spec":{"args":["again"]}}')
    plane.wait("the new revision", lambda: condition(cluster, "http-rust", "Progressing", "RolledOut"))
    for name in ports.values():
        answers(f"http://127.0.0.1:{name}/metrics")
    cluster.kubectl("delete", "wasmapp", "--all", "--wait=true", "--timeout=60s")


def condition(cluster, app, kind="Ready", reason=None):
    status = json.loads(cluster.kubectl("get", "wasmapp", app, "-o", "json").stdout).get("status", {})
    return any(c["type"] == kind and c["status"] == "True" and reason in (None, c["reason"]) for c in status.get("conditions", []))


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def classes(text):
    """A class list in an order of its own, without the numbers that the JVM gave in passing, and without what is made at run time."""
    lines = {re.sub(r" id: \d+$", "", line) + "\n" for line in text.splitlines() if line and not line.startswith("#")}
    kept = [line for line in lines if " source: " not in line and "$$Lambda" not in line]
    return sorted(kept, key=lambda line: (line.startswith("@"), line))  # what is said of a class comes after it


if __name__ == "__main__":
    main()
