"""Makes what both images stand on: a Java runtime and the C library, and nothing else (no shell, no package manager)."""
import glob
import os
import pathlib
import re
import shutil
import subprocess

import elf
import jvm
import trust

JAVA_HOME = "opt/java/openjdk"
# What operator and agent use of the JDK (jdeps), and Flight Recorder for whoever looks into a running one.
MODULES = ("java.base java.logging java.management java.naming java.net.http java.xml jdk.httpserver jdk.jfr "
           "jdk.management jdk.net jdk.unsupported").split()
SUITE = "trixie"
RUNTIME = ["openjdk-25-jre-headless", "libc6", "libgcc-s1", "libstdc++6", "zlib1g"]
# Loaded by name at run time, so that no file says it needs them: names of hosts.
BY_NAME = ["libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2"]
# Parts of a Java runtime that have nothing to do in a container without a screen.
LEFT_OUT = ["legal", "man", "include", "jmods", "lib/src.zip", "lib/*.debuginfo", "lib/*/*.debuginfo", "lib/ct.sym",
            "lib/libawt*", "lib/libsplashscreen.so", "lib/libfontmanager.so", "lib/libfreetype.so", "lib/libjsound.so"]


def say(message):
    print("images: " + message, flush=True)


def of_image(image, arch, root, work):
    """From a published image with a Java runtime in /opt/java/openjdk or $JAVA_HOME; returns what it is made of, for the SBOM."""
    tool = next((name for name in ("docker", "podman") if shutil.which(name)), None)
    if not tool:
        raise SystemExit(f"images: expected docker or podman to fetch {image}, found neither; BASE=debian makes the base here")
    source = pathlib.Path(work, "published")
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    subprocess.run([tool, "pull", "--quiet", "--platform", "linux/" + arch, image], check=True, stdout=subprocess.DEVNULL)
    container = subprocess.run([tool, "create", "--platform", "linux/" + arch, image], check=True, capture_output=True, text=True).stdout.strip()
    try:
        archive = str(source) + ".tar"
        subprocess.run([tool, "export", "--output", archive, container], check=True)
    finally:
        subprocess.run([tool, "rm", container], check=True, stdout=subprocess.DEVNULL)
    # Devices and the like are of no use here, and only root could make them.
    subprocess.run(["tar", "-xf", archive, "-C", source, "--no-same-owner", "--exclude=./dev", "--exclude=dev"], check=True)
    os.remove(archive)
    home = source / JAVA_HOME
    if not (home / "bin/java").exists():
        raise SystemExit(f"images: expected a Java runtime in /{JAVA_HOME} of {image}, found none")
    shutil.copytree(home, pathlib.Path(root, JAVA_HOME), symlinks=True)
    cacerts = pathlib.Path(root, JAVA_HOME, "lib/security/cacerts")
    if cacerts.is_symlink():
        target = source / os.readlink(cacerts).lstrip("/")
        cacerts.unlink()
        shutil.copy(target, cacerts)
    release = dict(re.findall(r'^(\w+)="?(.*?)"?$', (home / "release").read_text(), re.M))
    return source, [{"type": "container", "name": image.partition("@")[0], "version": image.partition("@")[2] or image.rpartition(":")[2]},
                    {"type": "platform", "name": release.get("IMPLEMENTOR", "OpenJDK"), "version": release["JAVA_VERSION"]}]


def of_debian(arch, root, work):
    """From Debian's packages, with jlink; returns what it is made of, for the SBOM."""
    jdk_arch = next(name for name, machine in jvm.MACHINE.items() if machine == os.uname().machine)
    files, parts = _debian(arch, work, [*RUNTIME, "openjdk-25-jdk-headless"])
    # jlink of this machine's processor links for any other; it must be of the very same release.
    tools = files if arch == jdk_arch else _debian(jdk_arch, work, [*RUNTIME, "openjdk-25-jdk-headless"])[0]
    modules = files / f"usr/lib/jvm/java-25-openjdk-{arch}/jmods"
    inside = tools / "jmods"
    if not inside.exists():
        inside.mkdir()
    say(f"linking a Java runtime of {len(MODULES)} modules for {arch}")
    linked = f"runtime-{arch}"
    shutil.rmtree(tools / linked, ignore_errors=True)
    for module in modules.iterdir():
        target = inside / arch / module.name
        target.parent.mkdir(exist_ok=True)
        if not target.exists():
            os.link(module, target)
    jvm.run(tools, jdk_arch, [f"/usr/lib/jvm/java-25-openjdk-{jdk_arch}/bin/jlink", "--module-path", "/jmods/" + arch,
                              "--add-modules", ",".join(MODULES), "--output", "/" + linked,
                              "--strip-java-debug-attributes", "--no-header-files", "--no-man-pages"])
    home = pathlib.Path(root, JAVA_HOME)
    shutil.copytree(tools / linked, home, symlinks=True)
    stripped = files / f"usr/lib/jvm/java-25-openjdk-{arch}"
    for file in [*home.glob("lib/**/*.so"), *home.glob("bin/*"), *home.glob("lib/j*")]:  # jmods keep debugging symbols
        twin = stripped / file.relative_to(home)
        if twin.is_file() and elf.is_elf(file):
            shutil.copy(twin, file)
    (home / "lib/security").mkdir(exist_ok=True)
    (home / "lib/security/cacerts").unlink(missing_ok=True)
    trust.write(files / "usr/share/ca-certificates/mozilla", home / "lib/security/cacerts")
    return files, parts


def _debian(arch, work, packages):
    """Unpacks packages of Debian into a folder; returns it, and the packages' names and versions."""
    home = pathlib.Path(work, "debian")
    lists, archives = home / "lists", home / f"archives-{arch}"
    for folder in (lists / "partial", archives):
        folder.mkdir(parents=True, exist_ok=True)
    config = home / "apt.conf"
    config.write_text(f"""Dir::Etc::sourcelist "{home}/sources.list";
Dir::Etc::sourceparts "-";
Dir::State::lists "{lists}";
Dir::State::status "{home}/status";
Dir::Cache "{home}/cache";
APT::Architectures {{ "amd64"; "arm64"; }};
APT::Sandbox::User "";
Acquire::Languages "none";
Debug::NoLocking "true";
""")
    (home / "status").touch()
    (home / "cache/archives/partial").mkdir(parents=True, exist_ok=True)
    environment = dict(os.environ, APT_CONFIG=str(config))
    if not (home / "sources.list").exists():
        (home / "sources.list").write_text(_sources())
        say(f"reading Debian's package lists ({SUITE})")
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=True)
    wanted = [*(name + ":" + arch for name in packages), "ca-certificates"]
    links = subprocess.run(["apt-get", "download", "--print-uris", *wanted], env=environment, cwd=archives, check=True,
                           capture_output=True, text=True).stdout
    names = re.findall(r"^'[^']*' (\S+) ", links, re.M)
    if not all((archives / name).exists() for name in names):
        say(f"fetching {len(names)} packages of Debian for {arch} (about 400 MB, once)")
        subprocess.run(["apt-get", "download", "-qq", *wanted], env=environment, cwd=archives, check=True)
    files = pathlib.Path(work, "debian-" + arch)
    if not (files / "complete").exists():
        shutil.rmtree(files, ignore_errors=True)
        (files / "usr/lib").mkdir(parents=True)
        if arch == "amd64":
            (files / "usr/lib64").mkdir()
            (files / "lib64").symlink_to("usr/lib64")
        (files / "lib").symlink_to("usr/lib")
        for name in names:
            subprocess.run(["dpkg-deb", "-x", archives / name, files], check=True)
        (files / "complete").touch()
    parts = []
    for name in names:
        package, version = re.match(r"([^_]+)_([^_]+)_", name.replace("%3a", ":")).groups()
        if package != "openjdk-25-jdk-headless":
            parts.append({"type": "library", "name": package, "version": version,
                          "purl": f"pkg:deb/debian/{package}@{version}?arch={arch}&distro={SUITE}".replace("+", "%2B")})
    return files, parts


def _sources():
    """Debian's mirror: DEBIAN_MIRROR, or the one that this machine has its packages from."""
    mirror, security = os.environ.get("DEBIAN_MIRROR"), None
    if not mirror and shutil.which("apt-get"):
        listed = subprocess.run(["apt-get", "indextargets", "--format", "$(ORIGIN) $(REPO_URI)"], capture_output=True, text=True).stdout
        uris = [line.split()[1].rstrip("/") for line in listed.splitlines() if line.startswith("Debian ")]
        mirror = next((uri for uri in uris if not uri.endswith("-security")), None)
        security = next((uri for uri in uris if uri.endswith("-security")), None)
    if not mirror or not shutil.which("dpkg-deb"):
        raise SystemExit("images: expected a Debian machine (apt-get, dpkg-deb, after apt-get update) or DEBIAN_MIRROR=URL to make the "
                         "base from; with docker or podman BASE=IMAGE takes a published one")
    key = "/usr/share/keyrings/debian-archive-keyring.gpg"
    if not os.path.exists(key):
        raise SystemExit(f"images: expected {key} (package debian-archive-keyring), found none")
    lines = [f"deb [signed-by={key}] {mirror} {suite} main" for suite in (SUITE, SUITE + "-updates")]
    if security:
        lines.append(f"deb [signed-by={key}] {security} {SUITE}-security main")
    return "\n".join(lines) + "\n"


def make(choice, arch, root, work, extra):
    """Fills root; extra: programs and libraries that the images add, whose needs are to be met too. Returns parts for the SBOM."""
    source, parts = of_debian(arch, root, work) if choice == "debian" else of_image(choice, arch, root, work)
    home = pathlib.Path(root, JAVA_HOME)
    for pattern in LEFT_OUT:
        for path in map(pathlib.Path, glob.glob(str(home / pattern))):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for tool in (home / "bin").iterdir():
        if tool.name != "java":
            tool.unlink()
    _libraries(source, root, arch, [*(path for path in home.rglob("*") if path.is_file() and elf.is_elf(path)), *extra])
    for folder in ("etc", "proc", "sys", "dev", "tmp", "var/lib/dunlin"):
        pathlib.Path(root, folder).mkdir(parents=True, exist_ok=True)
    pathlib.Path(root, "tmp").chmod(0o1777)
    etc = pathlib.Path(root, "etc")
    (etc / "passwd").write_text("root:x:0:0:root:/:/nologin\ndunlin:x:65532:65532:dunlin:/:/nologin\n")
    (etc / "group").write_text("root:x:0:\ndunlin:x:65532:\n")
    (etc / "nsswitch.conf").write_text("hosts: files dns\n")
    return parts


def _libraries(source, root, arch, programs):
    """Copies the C library and whatever else the programs are linked with; refuses programs for a newer C library."""
    machine = jvm.MACHINE[arch]
    folders = [pathlib.Path(source, folder) for folder in (f"usr/lib/{machine}-linux-gnu", "usr/lib64", "usr/lib")]
    target = pathlib.Path(root, f"usr/lib/{machine}-linux-gnu")
    target.mkdir(parents=True)
    own = {path.name for path in programs}
    waiting, seen, newest = [*programs], set(), 0
    waiting += [found for name in BY_NAME if (found := _find(folders, name))]
    for library in waiting[len(programs):]:
        shutil.copy(os.path.realpath(library), target / library.name)
    while waiting:
        file = waiting.pop()
        newest = max(newest, elf.newest_glibc(file)) if file.name not in seen and not str(file).startswith(str(source)) else newest
        for need in elf.needed(file):
            name = os.path.basename(need)
            if name in seen or name in own:
                continue
            seen.add(name)
            library = _find(folders, name)
            if library is None:
                raise SystemExit(f"images: {file.name} needs {name}, which the base for {arch} does not have")
            shutil.copy(os.path.realpath(library), target / name)
            waiting.append(library)
    have = elf.newest_glibc(target / "libc.so.6")
    if newest > have:
        raise SystemExit(f"images: the native engine for {arch} was built for glibc 2.{newest}, but the base has 2.{have}: "
                         "build on an older system, or take a newer base (BASE=...)")
    pathlib.Path(root, "lib").symlink_to("usr/lib")
    loader = "ld-linux-x86-64.so.2" if arch == "amd64" else "ld-linux-aarch64.so.1"
    if arch == "amd64":
        pathlib.Path(root, "lib64").symlink_to("usr/lib64")
    place = pathlib.Path(root, "usr/lib64" if arch == "amd64" else "usr/lib", loader)
    place.parent.mkdir(exist_ok=True)
    shutil.move(target / loader, place)


def _find(folders, name):
    return next((folder / name for folder in folders if (folder / name).exists()), None)
