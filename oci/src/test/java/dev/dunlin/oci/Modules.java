package dev.dunlin.oci;

import java.util.Random;

/** Bytes that begin as a module does. */
final class Modules {
  private Modules() {}

  static byte[] module(int length) {
    return startingWith(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0}, length);
  }

  /** Component Model binary format: version 0x0d, layer 1. */
  static byte[] component(int length) {
    return startingWith(new byte[] {0, 'a', 's', 'm', 0x0d, 0, 1, 0}, length);
  }

  private static byte[] startingWith(byte[] head, int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    System.arraycopy(head, 0, bytes, 0, Math.min(head.length, length));
    return bytes;
  }
}
