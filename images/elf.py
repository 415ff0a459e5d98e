"""What a dynamically linked program or library needs of others, read from the file itself (ELF, 64 bit, little endian)."""
import re
import struct

_DYNAMIC, _NEEDED, _STRTAB, _STRSZ, _LOAD, _INTERP = 2, 1, 5, 10, 1, 3


def is_elf(path):
    with open(path, "rb") as file:
        return file.read(6) == b"\x7fELF\x02\x01"


def needed(path):
    """Names of the libraries it is linked with, its interpreter (as a path) among them."""
    with open(path, "rb") as file:
        data = file.read()
    offset, size, count = struct.unpack_from("<Q", data, 32)[0], *struct.unpack_from("<HH", data, 54)
    headers = [struct.unpack_from("<IIQQQQQQ", data, offset + i * size) for i in range(count)]
    segments = [(kind, at, address, length) for kind, _, at, address, _, length, _, _ in headers]

    def file_offset(address):
        return next(at + address - start for kind, at, start, length in segments
                    if kind == _LOAD and start <= address < start + length)

    found = [data[at:at + length].rstrip(b"\0").decode() for kind, at, _, length in segments if kind == _INTERP]
    for kind, at, _, length in segments:
        if kind != _DYNAMIC:
            continue
        entries = [struct.unpack_from("<qQ", data, at + i) for i in range(0, length, 16)]
        strings = file_offset(next(value for tag, value in entries if tag == _STRTAB))
        for tag, value in entries:
            if tag == _NEEDED:
                start = strings + value
                found.append(data[start:data.index(b"\0", start)].decode())
    return found


def newest_glibc(path):
    """The newest GLIBC_2.X symbol version it refers to (or a C library has), as X; 0 for none."""
    with open(path, "rb") as file:
        return max((int(found) for found in re.findall(rb"\0GLIBC_2\.(\d+)(?:\.\d+)?(?=\0)", file.read())), default=0)
