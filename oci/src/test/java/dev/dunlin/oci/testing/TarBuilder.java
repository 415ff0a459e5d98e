package dev.dunlin.oci.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes ustar archives, decent ones and others. */
public final class TarBuilder {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public TarBuilder file(String path, byte[] content) {
    return entry('0', path, "", content);
  }

  public TarBuilder folder(String path) {
    return entry('5', path, "", new byte[0]);
  }

  public TarBuilder symlink(String path, String target) {
    return entry('2', path, target, new byte[0]);
  }

  public TarBuilder hardlink(String path, String target) {
    return entry('1', path, target, new byte[0]);
  }

  /** Any entry; the path is cut at 100 bytes, as the header has it. */
  public TarBuilder entry(char type, String path, String link, byte[] content) {
    byte[] header = new byte[512];
    put(header, 0, 100, path);
    put(header, 100, 8, "0000644");
    put(header, 108, 8, "0000000");
    put(header, 116, 8, "0000000");
    put(header, 124, 12, "%011o".formatted(content.length));
    put(header, 136, 12, "00000000000");
    put(header, 148, 8, "        ");
    header[156] = (byte) type;
    put(header, 157, 100, link);
    put(header, 257, 8, "ustar\0" + "00");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, 8, "%06o\0 ".formatted(sum));
    out.writeBytes(header);
    out.writeBytes(content);
    out.writeBytes(new byte[(512 - content.length % 512) % 512]);
    return this;
  }

  public byte[] build() {
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(out.toByteArray());
    whole.writeBytes(new byte[1024]);
    return whole.toByteArray();
  }

  private static void put(byte[] header, int offset, int length, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, offset, Math.min(length, bytes.length));
  }
}
