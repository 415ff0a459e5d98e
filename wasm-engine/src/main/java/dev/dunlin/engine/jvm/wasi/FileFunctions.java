package dev.dunlin.engine.jvm.wasi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What can be done with an open file or directory. */
final class FileFunctions {
  private static final int DIRENT_BYTES = 24;
  private static final int TIME_FLAGS = 0b1111;

  private FileFunctions() {}

  static void define(Preview1.Definitions wasi) {
    wasi.define("fd_pread", "iiiIi", FileFunctions::pread);
    wasi.define("fd_pwrite", "iiiIi", FileFunctions::pwrite);
    wasi.define("fd_seek", "iIii", FileFunctions::seek);
    wasi.define(
        "fd_tell",
        "ii",
        call -> {
          var file = call.descriptors().file(call.i32(0));
          file.require(Rights.FD_TELL | Rights.FD_SEEK);
          call.store64(1, file.channel().position());
        });
    wasi.define("fd_sync", "i", call -> sync(call, true));
    wasi.define("fd_datasync", "i", call -> sync(call, false));
    wasi.define("fd_advise", "iIIi", FileFunctions::advise);
    wasi.define("fd_allocate", "iII", FileFunctions::allocate);
    wasi.define("fd_filestat_get", "ii", call -> stat(call).store(call.memory(), call.i32(1)));
    wasi.define("fd_filestat_set_size", "iI", FileFunctions::setSize);
    wasi.define("fd_filestat_set_times", "iIIi", FileFunctions::setTimes);
    wasi.define("fd_readdir", "iiiIi", FileFunctions::readDirectory);
    wasi.define("fd_prestat_get", "ii", FileFunctions::preopen);
    wasi.define("fd_prestat_dir_name", "iii", FileFunctions::preopenName);
  }

  /** Fails when a bit is set that preview 1 gives no meaning. */
  static void requireKnown(int flags, int known) {
    if ((flags & ~known) != 0) {
      throw Errno.INVAL.failure();
    }
  }

  private static void pread(Call call) throws IOException {
    var file = call.descriptors().file(call.i32(0));
    call.store32(4, file.read(call.memory(), Iovecs.of(call, 1), offset(call.i64(3))));
  }

  private static void pwrite(Call call) throws IOException {
    var file = call.descriptors().file(call.i32(0));
    call.store32(4, file.writeAt(call.memory(), Iovecs.of(call, 1), offset(call.i64(3))));
  }

  private static long offset(long offset) {
    if (offset < 0) {
      throw Errno.INVAL.failure();
    }
    return offset;
  }

  private static void seek(Call call) throws IOException {
    var file = call.descriptors().file(call.i32(0));
    var channel = file.channel();
    long origin =
        switch (call.i32(2)) {
          case 0 -> 0;
          case 1 -> channel.position();
          case 2 -> channel.size();
          default -> throw Errno.INVAL.failure();
        };
    file.require(
        call.i32(2) == 1 && call.i64(1) == 0 ? Rights.FD_TELL | Rights.FD_SEEK : Rights.FD_SEEK);
    channel.position(offset(origin + call.i64(1)));
    call.store64(3, channel.position());
  }

  private static void sync(Call call, boolean metadata) throws IOException {
    switch (call.descriptors().get(call.i32(0))) {
      case OpenFile file -> file.channel().force(metadata);
      case OpenDirectory directory -> {}
      case StandardInput in -> throw Errno.INVAL.failure();
      case StandardOutput out -> out.out().flush();
    }
  }

  // Advice may be ignored; only its form is judged.
  private static void advise(Call call) {
    call.descriptors().file(call.i32(0));
    offset(call.i64(1));
    offset(call.i64(2));
    if (call.i32(3) < 0 || call.i32(3) > 5) {
      throw Errno.INVAL.failure();
    }
  }

  private static void allocate(Call call) throws IOException {
    var file = call.descriptors().file(call.i32(0));
    file.require(Rights.FD_ALLOCATE);
    long end = offset(offset(call.i64(1)) + offset(call.i64(2)));
    if (end > file.channel().size()) {
      extend(file, end);
    }
  }

  private static void setSize(Call call) throws IOException {
    var file = call.descriptors().file(call.i32(0));
    file.require(Rights.FD_FILESTAT_SET_SIZE);
    long size = offset(call.i64(1));
    if (size <= file.channel().size()) {
      long position = file.channel().position();
      file.channel().truncate(size);
      file.channel().position(position); // truncate moves it back, ftruncate does not
    } else {
      extend(file, size);
    }
  }

  private static void extend(OpenFile file, long size) throws IOException {
    file.channel().write(ByteBuffer.allocate(1), size - 1);
  }

  private static FileStat stat(Call call) throws IOException {
    return switch (call.descriptors().get(call.i32(0))) {
      case OpenFile file -> stat(file);
      case OpenDirectory directory -> directory.confined().directory().stat();
      case StandardInput in -> FileStat.ofStream();
      case StandardOutput out -> FileStat.ofStream();
    };
  }

  // Where it is not held, java.nio cannot ask an open channel for more than its size.
  private static FileStat stat(OpenFile file) throws IOException {
    try {
      return file.pin().stat();
    } catch (NoSuchFileException e) {
      return new FileStat(0, 0, FileType.REGULAR_FILE, 0, file.channel().size(), 0, 0, 0);
    }
  }

  private static void setTimes(Call call) throws IOException {
    switch (call.descriptors().get(call.i32(0))) {
      case OpenFile file -> {
        file.require(Rights.FD_FILESTAT_SET_TIMES);
        setTimes(file.pin().times(), call.i64(1), call.i64(2), call.i32(3));
      }
      case OpenDirectory directory -> {
        directory.confined().requireWritable();
        setTimes(directory.confined().directory().times(), call.i64(1), call.i64(2), call.i32(3));
      }
      case StandardInput in -> throw Errno.INVAL.failure();
      case StandardOutput out -> throw Errno.INVAL.failure();
    }
  }

  static void setTimes(BasicFileAttributeView view, long accessed, long modified, int flags)
      throws IOException {
    requireKnown(flags, TIME_FLAGS);
    view.setTimes(time(modified, flags >> 2), time(accessed, flags), null);
  }

  private static @Nullable FileTime time(long nanos, int flags) {
    return switch (flags & 0b11) {
      case 0b00 -> null;
      case 0b01 -> FileTime.from(nanos, TimeUnit.NANOSECONDS);
      case 0b10 -> FileTime.from(Instant.now());
      default -> throw Errno.INVAL.failure();
    };
  }

  private static void preopen(Call call) {
    var name = preopenName(call.i32(0), call);
    call.store32(1, 0);
    call.memory().writeI32(call.i32(1) + Integer.BYTES, name.length);
  }

  private static void preopenName(Call call) {
    var name = preopenName(call.i32(0), call);
    if (call.i32(2) < name.length) {
      throw Errno.NAMETOOLONG.failure();
    }
    call.memory().write(call.i32(1), name);
  }

  private static byte[] preopenName(int fd, Call call) {
    if (call.descriptors().get(fd) instanceof OpenDirectory directory) {
      return directory.preopenName();
    }
    throw Errno.BADF.failure();
  }

  private static void readDirectory(Call call) throws IOException {
    var reader = call.descriptors().directory(call.i32(0)).reader();
    int buffer = call.i32(1);
    int length = call.i32(2);
    long cookie = offset(call.i64(3));
    call.memory().checkRange(buffer, length);
    reader.seek(cookie);
    int used = 0;
    while (used < length) {
      call.process().checkpoint();
      var entry = reader.next();
      if (entry == null) {
        break;
      }
      cookie++;
      var bytes = dirent(entry, cookie);
      int part = Math.min(bytes.length, length - used);
      call.memory().write(buffer + used, bytes, 0, part);
      used += part;
    }
    call.store32(4, used);
  }

  private static byte[] dirent(Path entry, long next) {
    var name = entry.getFileName().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    FileStat stat;
    try {
      // Of what is above the guest may know nothing.
      stat = FileStat.of(entry.endsWith("..") ? entry.resolveSibling(".") : entry);
    } catch (IOException e) {
      stat = FileStat.ofStream(); // gone meanwhile: its name was there when we looked
    }
    return ByteBuffer.allocate(DIRENT_BYTES + name.length)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putLong(next)
        .putLong(stat.inode())
        .putInt(name.length)
        .putInt(stat.type().code())
        .put(name)
        .array();
  }
}
