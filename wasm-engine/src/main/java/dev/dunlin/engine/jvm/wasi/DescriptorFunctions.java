package dev.dunlin.engine.jvm.wasi;

import java.io.IOException;

/** What can be done with any descriptor: read, write, close, ask. */
final class DescriptorFunctions {
  private static final int GATHER_BYTES = 64 << 10;

  private DescriptorFunctions() {}

  static void define(Preview1.Definitions wasi) {
    wasi.define("fd_read", "iiii", DescriptorFunctions::read);
    wasi.define("fd_write", "iiii", DescriptorFunctions::write);
    wasi.define("fd_close", "i", call -> call.descriptors().close(call.i32(0)));
    wasi.define("fd_renumber", "ii", call -> call.descriptors().renumber(call.i32(0), call.i32(1)));
    wasi.define("fd_fdstat_get", "ii", DescriptorFunctions::stat);
    wasi.define("fd_fdstat_set_flags", "ii", DescriptorFunctions::setFlags);
    wasi.define("fd_fdstat_set_rights", "iII", DescriptorFunctions::setRights);
    for (var socket :
        new String[] {
          "sock_accept:iii", "sock_recv:iiiiii", "sock_send:iiiii", "sock_shutdown:ii"
        }) {
      var name = socket.substring(0, socket.indexOf(':'));
      wasi.define(name, socket.substring(name.length() + 1), DescriptorFunctions::noSocket);
    }
  }

  private static void read(Call call) throws IOException, InterruptedException {
    var buffers = Iovecs.of(call, 1);
    int count =
        switch (call.descriptors().get(call.i32(0))) {
          case StandardInput in ->
              buffers.count() == 0
                  ? 0
                  : in.read(call.memory().array(), buffers.pointer(0), buffers.length(0));
          case OpenFile file -> file.read(call.memory(), buffers);
          case StandardOutput out -> throw Errno.BADF.failure();
          case OpenDirectory directory -> throw Errno.ISDIR.failure();
        };
    call.store32(3, count);
  }

  private static void write(Call call) throws IOException {
    var buffers = Iovecs.of(call, 1);
    int count =
        switch (call.descriptors().get(call.i32(0))) {
          case StandardOutput out -> write(call, buffers, out);
          case OpenFile file -> file.write(call.memory(), buffers);
          case StandardInput in -> throw Errno.BADF.failure();
          case OpenDirectory directory -> throw Errno.ISDIR.failure();
        };
    call.store32(3, count);
  }

  // One write for the whole list, so that a line in several buffers stays one line for the reader.
  private static int write(Call call, Iovecs buffers, StandardOutput target) throws IOException {
    if (buffers.count() == 0) {
      return 0;
    }
    // At most so much at a time: what takes the bytes need not answer an interrupt in between.
    int count = Math.min(buffers.length(0), GATHER_BYTES);
    if (buffers.count() == 1) {
      target.out().write(call.memory().array(), buffers.pointer(0), count);
    } else {
      var gathered = buffers.gather(call.memory(), GATHER_BYTES);
      target.out().write(gathered);
      count = gathered.length;
    }
    target.out().flush();
    return count;
  }

  private static void stat(Call call) {
    var descriptor = call.descriptors().get(call.i32(0));
    int buffer = call.i32(1);
    var memory = call.memory();
    memory.fill((byte) 0, buffer, buffer + 24);
    memory.writeByte(buffer, descriptor.fileType().code());
    memory.writeShort(buffer + 2, (short) descriptor.flags());
    memory.writeLong(buffer + 8, descriptor.rights());
    memory.writeLong(buffer + 16, descriptor.inheritingRights());
  }

  private static void setFlags(Call call) {
    int flags = call.i32(1);
    switch (call.descriptors().get(call.i32(0))) {
      case OpenFile file -> file.setFlags(flags);
      case StandardInput in -> requireNone(flags);
      case StandardOutput out -> requireNone(flags);
      case OpenDirectory directory -> requireNone(flags);
    }
  }

  private static void requireNone(int flags) {
    if (flags != 0) {
      throw Errno.NOTSUP.failure();
    }
  }

  private static void setRights(Call call) {
    var descriptor = call.descriptors().get(call.i32(0));
    long base = call.i64(1);
    long inheriting = call.i64(2);
    if ((base & ~descriptor.rights()) != 0 || (inheriting & ~descriptor.inheritingRights()) != 0) {
      throw Errno.NOTCAPABLE.failure();
    }
    switch (descriptor) {
      case OpenFile file -> file.reduceRights(base);
      case OpenDirectory directory -> directory.reduceRights(base, inheriting);
      case StandardInput in -> throw Errno.NOTSUP.failure();
      case StandardOutput out -> throw Errno.NOTSUP.failure();
    }
  }

  private static void noSocket(Call call) {
    call.descriptors().get(call.i32(0));
    throw Errno.NOTSOCK.failure();
  }
}
