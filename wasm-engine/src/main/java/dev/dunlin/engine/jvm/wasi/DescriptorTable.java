package dev.dunlin.engine.jvm.wasi;

import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Stdio;
import java.io.IOException;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open descriptors of one run, lowest free number first. Used by the guest's thread only. */
final class DescriptorTable {
  private static final Logger log = LoggerFactory.getLogger(DescriptorTable.class);

  private final NavigableMap<Integer, Descriptor> open = new TreeMap<>();
  private final int capacity;

  private DescriptorTable(int capacity) {
    this.capacity = capacity;
  }

  /** The standard streams (0, 1, 2) and the preopened directories (from 3). */
  static DescriptorTable of(Grants grants, Stdio stdio, int openFiles) throws IOException {
    var table = new DescriptorTable(openFiles);
    table.open.put(0, new StandardInput(stdio.in()));
    table.open.put(1, new StandardOutput(stdio.out()));
    table.open.put(2, new StandardOutput(stdio.err()));
    try {
      for (var directory : grants.directories()) {
        table.open.put(table.open.size(), OpenDirectory.preopened(directory));
      }
      return table;
    } catch (IOException | WasiException e) {
      table.closeAll();
      throw new IOException("expected a directory that can be opened, found " + e.getMessage(), e);
    }
  }

  Descriptor get(int fd) {
    var descriptor = open.get(fd);
    if (descriptor == null) {
      throw Errno.BADF.failure();
    }
    return descriptor;
  }

  OpenFile file(int fd) {
    return switch (get(fd)) {
      case OpenFile file -> file;
      case OpenDirectory directory -> throw Errno.ISDIR.failure();
      case StandardInput in -> throw Errno.SPIPE.failure();
      case StandardOutput out -> throw Errno.SPIPE.failure();
    };
  }

  OpenDirectory directory(int fd) {
    if (get(fd) instanceof OpenDirectory directory) {
      return directory;
    }
    throw Errno.NOTDIR.failure();
  }

  /** Fails when the guest has as many descriptors open as it may. */
  void requireRoom() {
    if (open.size() >= capacity) {
      throw Errno.MFILE.failure();
    }
  }

  int add(Descriptor descriptor) {
    int fd = 0;
    while (open.containsKey(fd)) {
      fd++;
    }
    open.put(fd, descriptor);
    return fd;
  }

  void close(int fd) throws IOException {
    var descriptor = get(fd);
    open.remove(fd);
    descriptor.close();
  }

  /** Makes {@code to} what {@code from} is; what {@code to} was is closed. */
  void renumber(int from, int to) throws IOException {
    var moved = get(from);
    var replaced = get(to);
    if (from == to) {
      return;
    }
    open.remove(from);
    open.put(to, moved);
    replaced.close();
  }

  void closeAll() {
    for (var descriptor : open.values()) {
      try {
        descriptor.close();
      } catch (IOException e) {
        log.debug("a descriptor that a guest left open did not close well", e);
      }
    }
    open.clear();
  }
}
