"""Java's store of certificate authorities (lib/security/cacerts), made of Debian's ca-certificates: always the same bytes."""
import base64
import hashlib
import pathlib
import re
import struct


def write(folder, out):
    """folder: of PEM files, one certificate each; out: a JKS that the JVM reads without a password (or "changeit")."""
    entries = b""
    files = sorted(pathlib.Path(folder).glob("*.crt"))
    for file in files:
        text = re.search(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", file.read_text(), re.S).group(1)
        der = base64.b64decode(text)
        alias = re.sub(r"[^a-z0-9_.-]", "_", file.stem.lower()).encode()
        entries += struct.pack(">I", 2) + _utf(alias) + struct.pack(">Q", 0) + _utf(b"X.509") + struct.pack(">I", len(der)) + der
    if not files:
        raise SystemExit(f"images: expected certificates in {folder}, found none")
    store = struct.pack(">III", 0xFEEDFEED, 2, len(files)) + entries
    check = hashlib.sha1("changeit".encode("utf-16-be") + b"Mighty Aphrodite" + store).digest()
    pathlib.Path(out).write_bytes(store + check)


def _utf(data):
    return struct.pack(">H", len(data)) + data
