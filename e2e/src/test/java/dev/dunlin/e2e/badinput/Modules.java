package dev.dunlin.e2e.badinput;

import dev.dunlin.e2e.cluster.Repository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HexFormat;

/** Modules, good and bad. */
public final class Modules {
  /** The preamble of a component (Component Model binary format: layer 1, version 0x0d). */
  static final byte[] COMPONENT = HexFormat.of().parseHex("0061736d0d000100");

  /** Exports a _start that leaves an i32 where its type promises nothing. */
  static final byte[] INVALID =
      HexFormat.of()
          .parseHex(
              "0061736d01000000"
                  + "010401600000"
                  + "03020100"
                  + "070a01065f737461727400000a0601040041010b");

  /** Its _start is one unreachable. */
  public static final byte[] TRAP =
      HexFormat.of()
          .parseHex(
              "0061736d01000000"
                  + "010401600000"
                  + "03020100"
                  + "070a01065f737461727400000a0501030000"
                  + "0b");

  private Modules() {}

  public static byte[] hello() {
    return example("hello-c");
  }

  public static byte[] example(String name) {
    return read("examples/" + name + "/app.wasm");
  }

  /** A guest that does what it is told (src/test/guests/told.c). */
  public static byte[] told() {
    return read("e2e/src/test/resources/guests/told.wasm");
  }

  /** A guest of the engine's own tests, by name. */
  public static byte[] guest(String name) {
    return read("wasm-engine/src/test/resources/guests/" + name + ".wasm");
  }

  /** The same module with a custom section of that name: other bytes, another digest. */
  public static byte[] marked(byte[] wasm, String name) {
    return withSection(wasm, name, 0);
  }

  /** The same module with a custom section of that many bytes. */
  static byte[] padded(byte[] wasm, int bytes) {
    return withSection(wasm, "padding", bytes);
  }

  /** Custom sections: WebAssembly core specification, 5.5.3. */
  private static byte[] withSection(byte[] wasm, String name, int bytes) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    var out = new ByteArrayOutputStream();
    out.writeBytes(wasm);
    out.write(0);
    int size = 1 + text.length + bytes;
    for (; size >= 0x80; size >>= 7) out.write((size & 0x7f) | 0x80); // LEB128
    out.write(size);
    out.write(text.length);
    out.writeBytes(text);
    out.writeBytes(new byte[bytes]);
    return out.toByteArray();
  }

  private static byte[] read(String path) {
    try {
      return Files.readAllBytes(Repository.root().resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
