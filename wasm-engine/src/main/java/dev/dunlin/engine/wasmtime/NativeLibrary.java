package dev.dunlin.engine.wasmtime;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The library and the program that compiles, as files of this machine: from the folder that the
 * system property {@value #FOLDER_PROPERTY} names, or from the jar, unpacked into a private folder.
 *
 * @param compiler dunlin-compile
 */
record NativeLibrary(Path library, Path compiler) {
  static final String FOLDER_PROPERTY = "dunlin.native.folder";
  static final String LIBRARY = "libdunlin_native.so";
  static final String COMPILER = "dunlin-compile";
  private static final String SUMS = "sha256";

  /** There is no native engine for this machine; the message says why. */
  static final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnavailableException(String message) {
      super(message);
    }
  }

  /**
   * Finds both files.
   *
   * @param unpackTo where they are put if they are in a jar; nobody else can write there afterwards
   */
  static NativeLibrary find(Path unpackTo) throws UnavailableException, IOException {
    var folder = System.getProperty(FOLDER_PROPERTY);
    if (folder != null) {
      return in(Path.of(folder).toAbsolutePath());
    }
    var platform = platform();
    var sums = NativeLibrary.class.getResource(resource(platform, SUMS));
    if (sums == null) {
      throw new UnavailableException("this build has no native library for " + platform);
    }
    return sums.getProtocol().equals("file")
        ? in(Path.of(URI.create(sums.toString())).resolveSibling(""))
        : unpacked(platform, sums, unpackTo);
  }

  private static NativeLibrary in(Path folder) throws UnavailableException {
    var found = new NativeLibrary(folder.resolve(LIBRARY), folder.resolve(COMPILER));
    for (var file : new Path[] {found.library, found.compiler}) {
      if (!Files.isRegularFile(file)) {
        throw new UnavailableException("expected " + file + ", found no such file");
      }
    }
    return found;
  }

  /** In the words of uname, e.g. linux-x86_64. */
  private static String platform() throws UnavailableException {
    var os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    var arch = System.getProperty("os.arch", "");
    if (!os.equals("linux")) {
      throw new UnavailableException("expected Linux, found " + os);
    }
    if (!hasGlibc()) {
      throw new UnavailableException("expected glibc, found another C library");
    }
    return "linux-" + (arch.equals("amd64") ? "x86_64" : arch);
  }

  private static boolean hasGlibc() {
    return java.lang.foreign.Linker.nativeLinker()
        .defaultLookup()
        .find("gnu_get_libc_version")
        .isPresent();
  }

  private static String resource(String platform, String name) {
    return "/META-INF/native/" + platform + "/" + name;
  }

  private static NativeLibrary unpacked(String platform, URL sums, Path unpackTo)
      throws IOException {
    byte[] text = read(sums);
    var expected = parse(new String(text, StandardCharsets.US_ASCII));
    var folder = unpackTo.resolve(HexFormat.of().formatHex(sha256().digest(text)).substring(0, 16));
    CodeStore.makePrivate(folder);
    for (var entry : expected.entrySet()) {
      unpack(platform, entry.getKey(), entry.getValue(), folder);
    }
    return new NativeLibrary(folder.resolve(LIBRARY), folder.resolve(COMPILER));
  }

  /** The output of sha256sum. */
  private static Map<String, String> parse(String sums) {
    var byName = new TreeMap<String, String>();
    sums.lines().forEach(line -> byName.put(line.substring(66), line.substring(0, 64)));
    return byName;
  }

  private static void unpack(String platform, String name, String sum, Path folder)
      throws IOException {
    var target = folder.resolve(name);
    if (Files.exists(target) && sum.equals(sumOf(Files.newInputStream(target), null))) {
      return;
    }
    var part = Files.createTempFile(folder, name, ".part");
    try (var in = NativeLibrary.class.getResourceAsStream(resource(platform, name))) {
      if (in == null) {
        throw new IOException("the jar lacks " + resource(platform, name));
      }
      var found = sumOf(in, part);
      if (!found.equals(sum)) {
        throw new IOException(
            "the jar's " + name + ": expected sha256 " + sum + ", found " + found);
      }
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwx------"));
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static String sumOf(InputStream bytes, @Nullable Path copy) throws IOException {
    var digest = sha256();
    try (var in = new DigestInputStream(bytes, digest)) {
      if (copy == null) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      } else {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte[] read(URL resource) throws IOException {
    try (var in = resource.openStream()) {
      return in.readAllBytes();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
