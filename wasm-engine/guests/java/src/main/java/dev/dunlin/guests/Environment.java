package dev.dunlin.guests;

import java.nio.charset.StandardCharsets;
import org.teavm.interop.Address;
import org.teavm.interop.Import;

/**
 * The environment variables, as WASI gives them (preview 1, environ_get). TeaVM's System.getenv
 * knows none.
 */
final class Environment {
  private static final int ENTRY_COUNT = 0;
  private static final int BYTE_COUNT = 1;

  /** The value of a variable, or the second argument when it is not set or empty. */
  static String variable(String name, String otherwise) {
    int[] sizes = new int[2];
    check(sizes(Address.ofData(sizes), Address.ofData(sizes).add(4)));
    int[] entries = new int[sizes[ENTRY_COUNT]];
    byte[] bytes = new byte[sizes[BYTE_COUNT]];
    check(get(Address.ofData(entries), Address.ofData(bytes)));

    String prefix = name + "=";
    int begin = 0;
    for (int end = 0; end < bytes.length; end++) {
      if (bytes[end] == 0) {
        String entry = new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
        if (entry.startsWith(prefix) && entry.length() > prefix.length()) {
          return entry.substring(prefix.length());
        }
        begin = end + 1;
      }
    }
    return otherwise;
  }

  private static void check(int errno) {
    if (errno != 0) {
      throw new IllegalStateException("WASI gives no environment: errno " + errno);
    }
  }

  @Import(module = "wasi_snapshot_preview1", name = "environ_sizes_get")
  private static native int sizes(Address entryCount, Address byteCount);

  @Import(module = "wasi_snapshot_preview1", name = "environ_get")
  private static native int get(Address entries, Address bytes);

  private Environment() {}
}
