package dev.dunlin.engine.jvm.wasi;

import dev.dunlin.engine.jvm.memory.FlatMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A regular file that the guest has opened. */
final class OpenFile implements Descriptor {
  static final int APPEND = 1;
  static final int KNOWN_FLAGS = 0b11111;

  /** Bounds the direct buffer that java.nio copies through and keeps for the thread. */
  private static final int CHUNK_BYTES = 128 << 10;

  private final Pin pin;
  private final FileChannel channel;
  private long rights;
  private int flags;

  OpenFile(Pin pin, FileChannel channel, long rights, int flags) {
    this.pin = pin;
    this.channel = channel;
    this.rights = rights;
    this.flags = flags;
  }

  Pin pin() {
    return pin;
  }

  FileChannel channel() {
    return channel;
  }

  @Override
  public long rights() {
    return rights;
  }

  void reduceRights(long base) {
    rights &= base;
  }

  void require(long right) {
    if ((rights & right) == 0) {
      throw Errno.NOTCAPABLE.failure();
    }
  }

  @Override
  public FileType fileType() {
    return FileType.REGULAR_FILE;
  }

  @Override
  public int flags() {
    return flags;
  }

  void setFlags(int wanted) {
    if ((wanted & ~KNOWN_FLAGS) != 0) {
      throw Errno.INVAL.failure();
    }
    flags = wanted;
  }

  private boolean appends() {
    return (flags & APPEND) != 0;
  }

  int read(FlatMemory memory, Iovecs buffers) throws IOException {
    long start = channel.position();
    int count = read(memory, buffers, start);
    channel.position(start + count);
    return count;
  }

  /** Reads from {@code position} without moving the file's own. */
  int read(FlatMemory memory, Iovecs buffers, long position) throws IOException {
    requireBadf(Rights.FD_READ);
    int total = 0;
    for (int i = 0; i < buffers.count(); i++) {
      int done = 0;
      while (done < buffers.length(i)) {
        int part = Math.min(CHUNK_BYTES, buffers.length(i) - done);
        var target = ByteBuffer.wrap(memory.array(), buffers.pointer(i) + done, part);
        int count = channel.read(target, position + total);
        if (count <= 0) {
          return total;
        }
        done += count;
        total += count;
      }
    }
    return total;
  }

  int write(FlatMemory memory, Iovecs buffers) throws IOException {
    long start = appends() ? channel.size() : channel.position();
    int count = write(memory, buffers, start);
    channel.position(start + count);
    return count;
  }

  /** Writes at {@code position}, or at the end if the file appends; does not move its own. */
  int writeAt(FlatMemory memory, Iovecs buffers, long position) throws IOException {
    return write(memory, buffers, appends() ? channel.size() : position);
  }

  private int write(FlatMemory memory, Iovecs buffers, long position) throws IOException {
    requireBadf(Rights.FD_WRITE);
    int total = 0;
    for (int i = 0; i < buffers.count(); i++) {
      int done = 0;
      while (done < buffers.length(i)) {
        int part = Math.min(CHUNK_BYTES, buffers.length(i) - done);
        var source = ByteBuffer.wrap(memory.array(), buffers.pointer(i) + done, part);
        int count = channel.write(source, position + total);
        done += count;
        total += count;
      }
    }
    return total;
  }

  // POSIX answers EBADF when a file was opened for the other direction.
  private void requireBadf(long right) {
    if ((rights & right) == 0) {
      throw Errno.BADF.failure();
    }
  }

  long remaining() throws IOException {
    return Math.max(0, channel.size() - channel.position());
  }

  @Override
  public void close() throws IOException {
    try (pin) {
      channel.close();
    }
  }
}
