"""The guests of the measurements, built from our own sources and from sources that crates bundle; wasm and native."""

import hashlib
import inspect
import os
from pathlib import Path

from tools import CACHE, CRATES, HERE, ROOT, ZIG, call, crate, native_target, say, zig

SOURCES = HERE / "guests"
OUT = CACHE / "guests"
KERNELS = ["sha256", "json", "sieve", "nbody", "matmul", "calls"]
PROGRAMS = ["sqlite", "quickjs", "go"]
WORKLOADS = KERNELS + PROGRAMS
SMALL = ["nothing", "idle"]

WASI_LIBRARIES = ["mman", "getpid", "signal", "process-clocks"]


def _c(name):
    """Sources and flags of a guest in C."""
    own = [SOURCES / f"{name}.c"]
    if name in SMALL:
        return own, []
    own.append(SOURCES / "bench.c")
    if name == "sqlite":
        home = crate("libsqlite3-sys") / "sqlite3"
        return own + [home / "sqlite3.c", home / "wasm32-wasi-vfs.c"], [
            f"-I{home}", "-DSQLITE_THREADSAFE=0", "-DSQLITE_OMIT_LOAD_EXTENSION", "-DSQLITE_TEMP_STORE=3", "-DLONGDOUBLE_TYPE=double",
        ]  # fmt: skip
    if name == "quickjs":
        home = crate("rquickjs-sys") / "quickjs"
        files = ["quickjs.c", "libregexp.c", "libunicode.c", "dtoa.c"]
        return own + [home / file for file in files], [f"-I{home}", "-D_GNU_SOURCE", "-DNDEBUG"]
    return own, []


def _wasi(flags):
    emulated = [word for library in WASI_LIBRARIES for word in (f"-D_WASI_EMULATED_{library.upper().replace('-', '_')}", f"-lwasi-emulated-{library}")]
    return ["-target", "wasm32-wasi", "-Wl,-z,stack-size=1048576"] + emulated + flags


def _build(name, wasm, out):
    if name == "go":
        environment = dict(os.environ, CGO_ENABLED="0", **({"GOOS": "wasip1", "GOARCH": "wasm"} if wasm else {}))
        call("go", "build", "-trimpath", "-ldflags=-s -w", "-o", out, ".", cwd=SOURCES / "go", env=environment)
        return
    files, flags = _c(name)
    if name == "sqlite" and wasm:
        flags = flags + ["-DSQLITE_OS_OTHER=1"]
    elif name == "sqlite":
        files = [file for file in files if file.name != "wasm32-wasi-vfs.c"]
    target = _wasi(flags) if wasm else ["-target", native_target(), "-lm", *flags]
    call(zig(), "cc", "-O2", "-s", "-w", "-fno-sanitize=all", f"-I{SOURCES}", *files, *target, "-o", out)


def build(name, wasm=True):
    """Builds one guest when its source, or how it is built, has changed; returns the file."""
    OUT.mkdir(parents=True, exist_ok=True)
    out = OUT / (f"{name}.wasm" if wasm else name)
    recipe = hashlib.sha256((ZIG + str(CRATES) + "".join(map(inspect.getsource, (_c, _wasi, _build)))).encode())
    sources = sorted((SOURCES / "go").iterdir()) if name == "go" else [SOURCES / "bench.h", SOURCES / "bench.c", SOURCES / f"{name}.c"]
    for source in sources:
        recipe.update(source.read_bytes())
    mark = out.with_name(out.name + ".recipe")
    if not out.exists() or not mark.exists() or mark.read_text() != recipe.hexdigest():
        say(f"bench: building {out.name}")
        _build(name, wasm, out)
        mark.write_text(recipe.hexdigest())
    return out


def component(name):
    """A component of wasm-engine/guests; the large ones are built on this machine. None where its toolchain is missing."""
    folder = ROOT / "wasm-engine" / "guests"
    small = folder / name / "guest.wasm"
    if small.exists():
        return small
    try:
        call(folder / "build-large", name)
    except SystemExit as failure:
        say(f"bench: {name} cannot be built here: {failure}")
    large = Path(call(folder / "build-large", "--where", name).strip())
    return large if large.exists() else None
