package dev.dunlin.e2e.bench.traffic;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was found, written anew after each part: a run that is cut short keeps it. */
final class Results {
  private final Path file;
  private final Map<String, Object> all = new LinkedHashMap<>();
  private final Map<String, String> failed = new LinkedHashMap<>();

  Results(Path file) {
    this.file = file;
  }

  void keep(String part, Object found) {
    all.put(part, found);
    write();
  }

  /** A part that fails is missing, says why, and does not take the others with it. */
  void failed(String part, Exception why) {
    failed.put(part, String.valueOf(why.getMessage()));
    all.put("failed", failed);
    write();
  }

  boolean complete() {
    return failed.isEmpty();
  }

  private void write() {
    try {
      Path half = file.resolveSibling(file.getFileName() + ".half"); // who reads it reads all of it
      new ObjectMapper().writeValue(half.toFile(), all);
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
