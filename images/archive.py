"""Packs folders as a container image, in the archive of docker save, which docker load, containerd and kind take alike.

The same folders give the same bytes: entries are sorted, owned by root and dated EPOCH.
"""
import gzip
import hashlib
import io
import json
import os
import tarfile

EPOCH = 1767225600  # 2026-01-01, as project.build.outputTimestamp


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def tar(root):
    """An uncompressed layer of everything below a folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as layer:
        for folder, names, files in os.walk(root):
            names.sort()
            links = [name for name in names if os.path.islink(os.path.join(folder, name))]
            for name in sorted([*files, *links] + [n for n in names if n not in links]):
                path = os.path.join(folder, name)
                entry = layer.gettarinfo(path, os.path.relpath(path, root))
                entry.uid = entry.gid = 0
                entry.uname = entry.gname = ""
                entry.mtime = EPOCH
                entry.mode = 0o777 if entry.issym() else _mode(entry)
                if entry.islnk():
                    entry.type, entry.linkname, entry.size = tarfile.REGTYPE, "", os.path.getsize(path)
                if entry.isreg():
                    with open(path, "rb") as content:
                        layer.addfile(entry, content)
                else:
                    layer.addfile(entry)
    return out.getvalue()


def _mode(entry):
    if entry.isdir():
        return 0o1777 if entry.mode & 0o1000 else 0o755
    return 0o755 if entry.mode & 0o111 else 0o644


class Layer:
    """One folder, packed; blob is what a registry keeps."""

    def __init__(self, root, comment):
        raw = tar(root)
        self.comment, self.diff_id, self.size = comment, digest(raw), len(raw)
        self.blob = gzip.compress(raw, 6, mtime=0)


def pack(out, name, arch, config, layers):
    """Writes the archive; returns the image's ID (the digest of its configuration, which holds those of its layers)."""
    created = config["Labels"]["org.opencontainers.image.created"]
    image = _json({
        "created": created, "architecture": arch, "os": "linux", "config": config,
        "rootfs": {"type": "layers", "diff_ids": [layer.diff_id for layer in layers]},
        "history": [{"created": created, "created_by": layer.comment} for layer in layers]})
    found = digest(image)
    blobs = {found[7:] + ".json": image, **{layer.diff_id[7:] + ".tar.gz": layer.blob for layer in layers}}
    blobs["manifest.json"] = _json([{"Config": found[7:] + ".json", "RepoTags": [name],
                                     "Layers": [layer.diff_id[7:] + ".tar.gz" for layer in layers]}])
    with tarfile.open(out, "w") as archive:
        for path, data in blobs.items():
            entry = tarfile.TarInfo(path)
            entry.size, entry.mtime = len(data), EPOCH
            archive.addfile(entry, io.BytesIO(data))
    return found


def _json(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
