"""The engines that are measured, and the commands that start them."""

import json
import shutil
import subprocess
from dataclasses import dataclass, replace

import guests
import tools

NATIVE, JVM = "dunlin native", "dunlin jvm"
WASMTIME, WASMTIME_EPOCH = "wasmtime", "wasmtime, epochs"
WAZERO, WAZERO_STOPPABLE = "wazero", "wazero, stoppable"
NODE, C = "V8 (node)", "native code"
COMPARED_WITH = WASMTIME_EPOCH

MAIN = "dev.dunlin.e2e.bench.engine.EngineBench"
FLAGS = [
    "--enable-native-access=ALL-UNNAMED", "-XX:-DontCompileHugeMethods", "-XX:+UseSerialGC",
    "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener",
]  # fmt: skip
# A heap whose pages are all there from the start, so that the process grows only by what lies outside it.
FIXED_HEAP = ["-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch"]


@dataclass(frozen=True)
class Engine:
    name: str
    command: tuple  # of strings; {what} {module} are filled in, arguments follow
    variables: tuple = ()
    wasm: bool = True

    def run(self, what, module, *arguments, extra=()):
        """Standard output of one process."""
        command = [word.format(what=what, module=module) for word in self.command] + [str(argument) for argument in arguments]
        if extra:
            command[1:1] = extra
        environment = {**tools.environment(), **dict(self.variables)}
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, timeout=1800)
        if done.returncode:
            raise RuntimeError(f"{self.name}: {what} {module} ended with {done.returncode}: {(done.stderr or done.stdout)[-1500:]}")
        return done.stdout

    def measure(self, what, module, *arguments, extra=()):
        """The JSON that a runner of ours prints."""
        return json.loads(self.run(what, module, *arguments, extra=extra).splitlines()[-1])

    def with_cache(self, folder):
        """Ours, with its compiled code in another folder."""
        own = str(tools.CACHE / "code")
        return replace(self, command=tuple(str(folder) if word.startswith(own) else word for word in self.command))


def ours(name, kind, classes, cache):
    folder = cache / kind
    command = (str(tools.java()), *FLAGS, "-cp", classes, MAIN, "{what}", kind, str(folder), "{module}")
    return Engine(name, command)


def all_engines(ours_wanted=("native", "jvm")):
    """By name, in the order of the tables; what is not installed on this machine is left out, and said."""
    cli, classes, cache = str(tools.wasmtime()), tools.java_classes(), tools.CACHE / "code"
    engines = [
        Engine(WASMTIME_EPOCH, (cli, "run", "-W", "timeout=1000s", "{module}")),
        ours(NATIVE, "native", classes, cache),
        Engine(WASMTIME, (cli, "run", "{module}")),
        Engine(C, ("{module}",), wasm=False),
    ]
    if shutil.which("node"):
        engines.append(Engine(NODE, ("node", "--no-warnings", str(tools.HERE / "runners/node/runner.mjs"), "{what}", "{module}")))
    else:
        tools.say("bench: no node here: V8 is left out")
    wazero = str(tools.wazero_runner())
    engines.append(Engine(WAZERO, (wazero, "{what}", "{module}")))
    engines.append(Engine(WAZERO_STOPPABLE, (wazero, "{what}", "{module}"), (("INTERRUPTIBLE", "1"),)))
    engines.append(ours(JVM, "jvm", classes, cache))
    unwanted = {NATIVE: "native", JVM: "jvm"}
    return {engine.name: engine for engine in engines if unwanted.get(engine.name) in (None, *ours_wanted)}


def wasmtime_by_c():
    return Engine("wasmtime (C interface)", (str(tools.wasmtime_runner()), "{what}", "{module}"))


def module_of(engine, name):
    return guests.build(name, wasm=engine.wasm)
