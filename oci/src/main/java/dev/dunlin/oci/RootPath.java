package dev.dunlin.oci;

import java.util.ArrayList;

/** Paths inside a root file system, in one form: {@code a/b}, no leading slash, no dots. */
final class RootPath {
  private RootPath() {}

  /**
   * @throws IllegalArgumentException for a path with {@code ..}
   */
  static String of(String path) {
    var words = new ArrayList<String>();
    for (String word : path.split("/", -1)) {
      if (word.equals("..")) {
        throw new IllegalArgumentException(
            "expected a path inside the image, found '" + path + "' with '..'");
      }
      if (!word.isEmpty() && !word.equals(".")) {
        words.add(word);
      }
    }
    return String.join("/", words);
  }

  /** Whether {@code path} is {@code ancestor} or beneath it; the root is empty. */
  static boolean isWithin(String path, String ancestor) {
    return ancestor.isEmpty() || path.equals(ancestor) || path.startsWith(ancestor + "/");
  }
}
