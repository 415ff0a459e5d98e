"""Runs programs of an image inside its own files, as a container would, without a container runtime."""
import os
import shutil
import subprocess
import tempfile

MACHINE = {"amd64": "x86_64", "arm64": "aarch64"}


class CannotRun(Exception):
    """Programs of that processor cannot be run here; the message says why."""


def emulator(arch):
    """What runs programs of arch on this machine: None if the machine does itself, else a static qemu."""
    if os.uname().machine == MACHINE[arch]:
        return None
    name = f"qemu-{MACHINE[arch]}-static"
    found = shutil.which(name)
    if not found:
        raise CannotRun(f"expected {name} on the path (Debian: qemu-user-static), found none")
    return found


def run(root, arch, command, **options):
    """Runs a command with root as its root folder; new files stay there. Needs root, or user namespaces."""
    return subprocess.run(**_inside(root, arch, command), **{"check": True, **options})


def start(root, arch, command, environment, **options):
    """The same without waiting for its end; a signal to the process reaches the command."""
    inside = _inside(root, arch, command)
    inside["env"].update(environment)
    return subprocess.Popen(**inside, **options)


def _inside(root, arch, command):
    emulate = emulator(arch)
    for name in ("proc", "dev", "tmp"):
        os.makedirs(os.path.join(root, name), exist_ok=True)
    if emulate:
        shutil.copy(emulate, os.path.join(root, "emulator"))
        command = ["/emulator", *command]
    # /proc is this machine's: a new one would need a process namespace, and that a parent that passes signals on.
    script = 'mount --rbind /proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"'
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return {"args": ["unshare", *user, "--mount", "sh", "-c", script, str(root), *command],
            "env": {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}}


def copy(root):
    """A copy of an image's files to run them in, that shares no file with it; the caller removes it."""
    scratch = tempfile.mkdtemp(prefix="dunlin-image-")
    shutil.copytree(root, scratch, symlinks=True, dirs_exist_ok=True)  # keeps times, which the AOT cache compares
    return scratch
