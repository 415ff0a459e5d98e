package dev.dunlin.oci;

import java.util.Random;

/** Bytes that begin as a module does. */
final class Modules {
  private Modules() {}

  static byte[] module(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    byte[] head = {0, 'a', 's', 'm', 1, 0, 0, 0};
    System.arraycopy(head, 0, bytes, 0, Math.min(head.length, length));
    return bytes;
  }
}
