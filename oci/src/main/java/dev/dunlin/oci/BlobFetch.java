package dev.dunlin.oci;

import static dev.dunlin.oci.RegistryException.Kind;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Streams blobs to disk: goes on where a cut connection ended, and checks size and digest. */
final class BlobFetch {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-[0-9]{1,18}/(?:([0-9]{1,18})|\\*)");

  private final Pull pull;
  private final Progress progress;

  BlobFetch(Pull pull, Progress progress) {
    this.pull = pull;
    this.progress = progress;
  }

  /** Refuses what is too large by its own account, before a byte of it is asked for. */
  void requireSize(Descriptor blob, long limit, String name) {
    if (blob.sizeBytes() > limit) {
      throw new RegistryException(
          Kind.TOO_LARGE,
          "%s %s of %s: expected at most %d bytes, found a descriptor of %d"
              .formatted(name, blob.digest(), pull.source(), limit, blob.sizeBytes()));
    }
  }

  /** Leaves exactly the described bytes in {@code part}; on a fault, what came so far. */
  void fetch(Descriptor blob, Path part) {
    boolean resumed;
    try (PartFile file = PartFile.open(part, blob.digest(), blob.sizeBytes())) {
      resumed = file.length() > 0;
      Digest found = fill(blob, file);
      if (found.equals(blob.digest())) {
        return;
      }
      if (!resumed) {
        throw deleting(part, mismatch(blob, "found bytes of " + found));
      }
      file.reset();
      Digest again = fill(blob, file);
      if (!again.equals(blob.digest())) {
        throw deleting(part, mismatch(blob, "found bytes of " + again));
      }
    }
  }

  /** Reads exactly the described bytes and keeps none. */
  void read(Descriptor blob) {
    try (PartFile nowhere = PartFile.nowhere(blob.digest())) {
      Digest found = fill(blob, nowhere);
      if (!found.equals(blob.digest())) {
        throw mismatch(blob, "found bytes of " + found);
      }
    }
  }

  private Digest fill(Descriptor blob, PartFile file) {
    var backoff = new Backoff(pull.timeouts().firstBackoff(), pull.timeouts().retryFor());
    progress.received(blob.digest(), file.length(), blob.sizeBytes());
    while (file.length() < blob.sizeBytes()) {
      long before = file.length();
      try {
        receive(blob, file);
      } catch (IOException e) {
        if (file.length() > before) {
          backoff.progressed();
        }
        backoff.pause(what(blob), e);
      }
    }
    return file.digest();
  }

  private void receive(Descriptor blob, PartFile file) throws IOException {
    Map<String, String> headers =
        file.length() == 0 ? Map.of() : Map.of("Range", "bytes=" + file.length() + "-");
    try (Response response = pull.send("GET", pull.source().blob(blob.digest()), headers)) {
      switch (response.status()) {
        case 200 -> {
          if (file.length() > 0) {
            file.reset();
          }
          if (response.contentLength().isPresent()) {
            requireTotal(blob, response.contentLength().getAsLong());
          }
        }
        case 206 -> requireRange(blob, file.length(), response);
        case 416 -> throw mismatch(blob, "found no byte " + file.length());
        default -> throw pull.refusal(response, what(blob));
      }
      copy(blob, response, file);
    }
  }

  private void copy(Descriptor blob, Response response, PartFile file) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    while (true) {
      int n = response.body().read(buffer);
      Backoff.requireNotInterrupted();
      pull.deadline().require(what(blob));
      if (n < 0) {
        break;
      }
      if (file.length() + n > blob.sizeBytes()) {
        throw mismatch(blob, "found more");
      }
      file.append(buffer, n);
      progress.received(blob.digest(), file.length(), blob.sizeBytes());
    }
    if (file.length() < blob.sizeBytes()) {
      throw new IOException(
          "cut off after %d of %d bytes".formatted(file.length(), blob.sizeBytes()));
    }
  }

  private void requireRange(Descriptor blob, long from, Response response) {
    String header = response.header("Content-Range").orElse("nothing");
    Matcher range = CONTENT_RANGE.matcher(header);
    if (!range.matches() || Long.parseLong(range.group(1)) != from) {
      throw new RegistryException(
          Kind.INVALID,
          "%s: expected Content-Range from byte %d, found '%s'"
              .formatted(what(blob), from, header));
    }
    if (range.group(2) != null) {
      requireTotal(blob, Long.parseLong(range.group(2)));
    }
  }

  private void requireTotal(Descriptor blob, long total) {
    if (total != blob.sizeBytes()) {
      throw mismatch(blob, "found " + total);
    }
  }

  private RegistryException mismatch(Descriptor blob, String found) {
    return new RegistryException(
        Kind.DIGEST_MISMATCH,
        "%s: expected %d bytes of that digest, %s".formatted(what(blob), blob.sizeBytes(), found));
  }

  private static RegistryException deleting(Path part, RegistryException fault) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return fault;
  }

  private String what(Descriptor blob) {
    return "blob '%s' of %s".formatted(blob.digest(), pull.source());
  }
}
