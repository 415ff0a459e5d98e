"""The AOT cache of a program: its classes parsed, verified and linked beforehand, by the very JVM and jars of its image.

Which classes: images/classes/NAME.txt.gz, written by `images/train.py` from a real run. With a fixed list the JVM makes the same
cache each time, but for times of the day in soft references, for what its own threads happened to resolve meanwhile, and for
checksums. From several caches the even one is made: without times, with nothing resolved by chance.
"""
import functools
import gzip
import os
import pathlib
import shutil
import struct
import subprocess

import base
import jvm

CLASSES = pathlib.Path(__file__).resolve().parent / "classes"
MADE = 3
# More words than this that differ between caches of the same list are neither times nor chance.
MOST_UNEVEN = 10_000
# Of the file's header (JDK 25): its version and size, and where it has checksums, which are read only with -XX:+VerifySharedSpaces.
VERSION, CHECKSUMS = struct.pack("<II", 0x13, 0x3D8), (0x4, 0x18, 0x78, 0xD8, 0x138)


def make(name, arch, root, app, out, java):
    """Writes out/app/NAME.aot for the program whose command line begins with java; returns the flags that use it."""
    if not (CLASSES / f"{name}.txt.gz").exists():
        base.say(f"no AOT cache of {name}: there is no list of its classes (images/train.py)")
        return []
    try:
        jvm.emulator(arch)
    except jvm.CannotRun as e:
        base.say(f"no AOT cache for {arch}, its programs start slower: {e}")
        return []
    scratch = jvm.copy(root)
    try:
        shutil.copytree(app, scratch, symlinks=True, dirs_exist_ok=True)
        pathlib.Path(scratch, "classes").write_bytes(gzip.decompress((CLASSES / f"{name}.txt.gz").read_bytes()))
        base.say(f"making the AOT cache of {name} for {arch}")
        caches = []
        for number in range(MADE):
            command = [*java, "-Xshare:dump", "-XX:+AOTClassLinking", "-XX:SharedClassListFile=/classes", "-Xlog:disable", "-Xlog:all=error",
                       f"-XX:SharedArchiveFile=/cache{number}", "-cp", f"/app/dunlin-{name}.jar"]
            dumped = jvm.run(scratch, arch, command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            file = pathlib.Path(scratch, f"cache{number}")
            if dumped.returncode or not file.exists():
                raise SystemExit(f"images: the JVM made no AOT cache of {name} for {arch}:\n{dumped.stdout.decode()}")
            caches.append(file.read_bytes())
        (out / "app").mkdir(parents=True)
        (out / "app" / f"{name}.aot").write_bytes(even(caches))
    finally:
        shutil.rmtree(scratch)
    return [f"-XX:AOTCache=/app/{name}.aot"]


def even(caches):
    """What caches of the same classes have in common; where they differ, the same for any others of these classes."""
    if len({len(cache) for cache in caches}) != 1:
        raise SystemExit(f"images: AOT caches of the same classes have {sorted({len(cache) for cache in caches})} bytes")
    made, uneven, page = bytearray(caches[0]), 0, 4096
    if made[8:16] == VERSION:
        for at in CHECKSUMS:
            made[at:at + 4] = bytes(4)
    for start in range(page, len(made), page):
        if len({cache[start:start + page] for cache in caches}) == 1:
            continue
        for at in range(start, min(start + page, len(made)), 8):
            words = {cache[at:at + 8] for cache in caches}
            if len(words) > 1:
                made[at:at + 8] = _word(words, len(caches))
                uneven += 1
    if uneven > MOST_UNEVEN:
        raise SystemExit(f"images: AOT caches of the same classes differ in {uneven} words")
    return bytes(made)


def _word(words, most):
    """Nought for a time, which no two caches share; else the one word of those found that has nothing set that another lacks."""
    if len(words) == most:
        return bytes(8)
    least = bytes(functools.reduce(lambda a, b: [x & y for x, y in zip(a, b)], words))
    return least if least in words else min(words)
