package dev.dunlin.e2e.bench.traffic;

import dev.dunlin.e2e.house.House;
import dev.dunlin.oci.testing.InMemoryRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One program as many modules: copies that differ in a custom section, so that each is fetched,
 * compiled and kept by itself.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Variants(InMemoryRegistry registry, String repository, byte[] module) {

  static Variants of(InMemoryRegistry registry, String repository, Path module) throws IOException {
    return new Variants(registry, "bench/" + repository, Files.readAllBytes(module));
  }

  /** Pushes one; its reference by tag. */
  String tagged(int number) {
    push(number);
    return "%s/%s:%d".formatted(House.REGISTRY, repository, number);
  }

  /** Pushes one; its reference by digest. */
  String image(int number) {
    return "%s/%s@%s".formatted(House.REGISTRY, repository, push(number));
  }

  private String push(int number) {
    return registry.pushModule(repository + ":" + number, variant(module, number)).toString();
  }

  static byte[] variant(byte[] module, int number) {
    var out = new ByteArrayOutputStream(module.length + 20);
    out.writeBytes(module);
    byte[] text = "%08d".formatted(number).getBytes(StandardCharsets.US_ASCII);
    out.write(0); // a custom section: its size, the length of its name, its name, and the rest
    out.write(2 + text.length);
    out.write(1);
    out.write('v');
    out.writeBytes(text);
    return out.toByteArray();
  }
}
