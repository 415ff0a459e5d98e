import { errno, fd, fd_close, fd_read, fd_write, fdflags, iovec, lookupflags, oflags, path_open, rights } from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";

/** Files of the first preopened directory. */
export class Descriptor {
  static read(name: string): string | null {
    const file = Descriptor.open(name, 0, rights.FD_READ);
    if (file < 0) return null;
    const buffer = new ArrayBuffer(256);
    const read = transfer(file, changetype<usize>(buffer), buffer.byteLength, false);
    fd_close(file);
    return String.UTF8.decode(buffer.slice(0, read));
  }

  static write(name: string, text: string): void {
    const file = Descriptor.open(name, oflags.CREAT | oflags.TRUNC, rights.FD_WRITE);
    const buffer = String.UTF8.encode(text);
    transfer(file, changetype<usize>(buffer), buffer.byteLength, true);
    fd_close(file);
  }

  private static open(name: string, how: oflags, right: rights): i32 {
    const path = String.UTF8.encode(name);
    const result = memory.data(4);
    const folder: fd = 3;
    const failure = path_open(
      folder, lookupflags.SYMLINK_FOLLOW, changetype<usize>(path), path.byteLength, how, right, 0, 0, result);
    return failure == errno.SUCCESS ? load<i32>(result) : -1;
  }
}

function transfer(file: i32, address: usize, length: i32, write: bool): i32 {
  const vector = memory.data(8);
  const moved = memory.data(4);
  store<usize>(vector, address);
  store<i32>(vector, length, 4);
  const failure = write ? fd_write(file, vector, 1, moved) : fd_read(file, vector, 1, moved);
  assert(failure == errno.SUCCESS);
  return load<i32>(moved);
}
