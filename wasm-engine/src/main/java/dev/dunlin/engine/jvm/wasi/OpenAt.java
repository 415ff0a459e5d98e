package dev.dunlin.engine.jvm.wasi;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thing of Linux that java.nio lacks: to open a name in a directory that is open already,
 * without following a link. What is open so is named for java.nio by {@code /proc/self/fd/N}.
 */
final class OpenAt {
  private static final Logger log = LoggerFactory.getLogger(OpenAt.class);

  /** Empty where this is no Linux that we know, or native access is denied. */
  static final Optional<OpenAt> OF_PLATFORM = find();

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int HERE = -100; // AT_FDCWD
  private static final int READ_WRITE = 2;
  private static final int CREATE = 0x40;
  private static final int EXCLUSIVE = 0x80;
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int PATH_ONLY = 0x200000;
  private static final int MODE = 0666;
  private static final int INTERRUPTED = 4;
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** O_DIRECTORY and O_NOFOLLOW, which each processor has of its own. */
  private record Flags(int directory, int noFollow) {}

  private final Flags flags;
  private final MethodHandle openat;
  private final MethodHandle close;

  @SuppressWarnings("restricted") // two functions of the C library
  private OpenAt(Flags flags) {
    this.flags = flags;
    var linker = Linker.nativeLinker();
    this.openat =
        linker.downcallHandle(
            function(linker, "openat"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(3),
            Linker.Option.captureCallState("errno"));
    this.close =
        linker.downcallHandle(
            function(linker, "close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  private static MemorySegment function(Linker linker, String name) {
    SymbolLookup library = linker.defaultLookup();
    return library
        .find(name)
        .orElseThrow(() -> new UnsupportedOperationException("the C library has no " + name));
  }

  private static Optional<OpenAt> find() {
    var flags =
        switch (System.getProperty("os.name") + " " + System.getProperty("os.arch")) {
          case "Linux amd64" -> new Flags(0x10000, 0x20000);
          case "Linux aarch64" -> new Flags(0x4000, 0x8000);
          default -> null;
        };
    if (flags == null || !Files.isDirectory(Path.of("/proc/self/fd"))) {
      return Optional.empty();
    }
    try {
      return Optional.of(new OpenAt(flags));
    } catch (UnsupportedOperationException | IllegalCallerException e) {
      log.warn("guests of the jvm engine cannot make symbolic links: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** A directory by its name in the file system; links are followed. */
  int directory(Path path) {
    return open(HERE, path.toString(), PATH_ONLY | flags.directory());
  }

  /** A directory by its name in another; a link is none. */
  int directory(int parent, String name) {
    return open(parent, name, PATH_ONLY | flags.directory() | flags.noFollow());
  }

  /** Whatever has the name, a link itself included. */
  int any(int parent, String name) {
    return open(parent, name, PATH_ONLY | flags.noFollow());
  }

  /** A new file. */
  int create(int parent, String name) {
    return open(parent, name, READ_WRITE | CREATE | EXCLUSIVE | flags.noFollow());
  }

  private int open(int parent, String name, int how) {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(STATE);
      var text = arena.allocateFrom(name, StandardCharsets.UTF_8);
      while (true) {
        int fd = (int) openat.invokeExact(state, parent, text, how | CLOSE_ON_EXEC, MODE);
        if (fd >= 0) {
          return fd;
        }
        int errno = (int) ERRNO.get(state, 0L);
        if (errno != INTERRUPTED) {
          throw Errno.ofLinux(errno).failure();
        }
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the wrong shape", e);
    }
  }

  void close(int fd) {
    try {
      var _ = (int) close.invokeExact(fd);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the wrong shape", e);
    }
  }

  /** What java.nio calls it as long as it is open. */
  static Path name(int fd) {
    return DESCRIPTORS.resolve(Integer.toString(fd));
  }
}
