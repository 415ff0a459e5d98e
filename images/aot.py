"""The AOT cache of a program: its classes parsed, verified and linked beforehand, by the very JVM and jars of its image.

Which classes: images/classes/NAME.txt.gz, written by `images/train.py` from a real run. With a fixed list the JVM makes the same
cache each time, but for the time of the day in soft references and for checksums; those are made even here.
"""
import gzip
import os
import pathlib
import shutil
import struct
import subprocess

import base
import jvm

CLASSES = pathlib.Path(__file__).resolve().parent / "classes"
# More words than this that differ between two caches of the same list are not times of the day.
MOST_UNEVEN = 10_000


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
        for number in (1, 2):
            command = [*java, "-Xshare:dump", "-XX:+AOTClassLinking", "-XX:SharedClassListFile=/classes", "-Xlog:disable", "-Xlog:all=error",
                       f"-XX:SharedArchiveFile=/cache{number}", "-cp", f"/app/dunlin-{name}.jar"]
            dumped = jvm.run(scratch, arch, command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            file = pathlib.Path(scratch, f"cache{number}")
            if dumped.returncode or not file.exists():
                raise SystemExit(f"images: the JVM made no AOT cache of {name} for {arch}:\n{dumped.stdout.decode()}")
            caches.append(file.read_bytes())
        (out / "app").mkdir(parents=True)
        (out / "app" / f"{name}.aot").write_bytes(even(*caches))
    finally:
        shutil.rmtree(scratch)
    return [f"-XX:AOTCache=/app/{name}.aot"]


def even(one, other):
    """What two caches of the same classes have in common, with zeros where a time or a checksum makes them differ."""
    if len(one) != len(other):
        raise SystemExit(f"images: two AOT caches of the same classes have {len(one)} and {len(other)} bytes")
    even, uneven = bytearray(one), 0
    page = 4096
    for start in range(0, len(one), page):
        if one[start:start + page] == other[start:start + page]:
            continue
        word = 4 if start == 0 else 8  # the header's checksums have 32 bits, times 64
        for at in range(start, min(start + page, len(one)), word):
            if one[at:at + word] != other[at:at + word]:
                even[at:at + word] = bytes(word)
                uneven += 1
    if uneven > MOST_UNEVEN:
        raise SystemExit(f"images: two AOT caches of the same classes differ in {uneven} words")
    return bytes(even)
