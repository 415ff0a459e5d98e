package dev.dunlin.oci;

import static dev.dunlin.oci.RegistryException.Kind;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Gets the module out of a container image: all layers to disk, then the one file from them. */
final class RootFileFetch {
  private static final byte[] MAGIC = {0, 'a', 's', 'm'};

  private final Pull pull;
  private final BlobFetch blobs;
  private final Path target;
  private final Path found;
  private long unpackedBytes;

  RootFileFetch(Pull pull, BlobFetch blobs, Path target) {
    this.pull = pull;
    this.blobs = blobs;
    this.target = target;
    this.found = target.resolveSibling(target.getFileName() + ".unpacked.part");
  }

  /**
   * @throws IllegalArgumentException when the image holds no module, saying what it holds
   */
  FetchedModule fetch(Digest manifest, ModuleLocation.RootFile image) {
    var limits = pull.config().limits();
    blobs.requireSize(image.config(), RegistryLimits.MANIFEST_BYTES, "configuration");
    long layerBytes = 0;
    for (Descriptor layer : image.layers()) {
      blobs.requireSize(layer, limits.moduleBytes(), "layer");
      layerBytes += layer.sizeBytes();
    }
    if (layerBytes > limits.unpackedBytes()) {
      throw tooLarge("the layers, packed,", limits.unpackedBytes(), layerBytes + "");
    }
    var fetched = new ArrayList<Path>();
    try {
      Path config = fetchBlob(image.config(), fetched);
      String path = ImageConfig.parse(Files.readAllBytes(config)).modulePath(image.marked());
      var search = new RootFileSearch(path, this::write);
      for (Descriptor layer : image.layers()) {
        apply(search, layer, fetchBlob(layer, fetched));
      }
      if (search.missing() != null) {
        throw new IllegalArgumentException(
            "expected the module at '/%s', %s".formatted(path, search.missing()));
      }
      requireWasm(path);
      Digest content = manifest.ofFile(found);
      long size = Files.size(found);
      ModuleFetch.move(found, target);
      deleteAll(fetched);
      return new FetchedModule(manifest, content, size, ArtifactFormat.COMPAT_IMAGE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalArgumentException e) {
      // A refused image is not fetched again, so nothing is kept for a resume.
      deleteAll(fetched);
      throw e;
    } catch (RegistryException e) {
      if (e.kind() == Kind.TOO_LARGE) {
        deleteAll(fetched);
      }
      throw e;
    }
  }

  private Path fetchBlob(Descriptor blob, List<Path> fetched) {
    Path part = ModuleFetch.partOf(target, blob);
    blobs.fetch(blob, part);
    fetched.add(part);
    return part;
  }

  private void apply(RootFileSearch search, Descriptor layer, Path file) throws IOException {
    boolean gzip = MediaTypes.TAR_GZIP_LAYERS.contains(layer.mediaType());
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        InputStream tar = new Capped(gzip ? new GZIPInputStream(raw, 64 * 1024) : raw)) {
      search.apply(new TarReader(tar));
    } catch (ZipException | EOFException e) {
      throw new IllegalArgumentException(
          "expected layer %s to be a %s, found: %s"
              .formatted(layer.digest(), gzip ? "tar, gzipped" : "tar", e.getMessage()),
          e);
    }
  }

  private void write(TarReader content, long sizeBytes) throws IOException {
    long limit = pull.config().limits().moduleBytes();
    if (sizeBytes > limit) {
      throw tooLarge("the module in it", limit, sizeBytes + "");
    }
    try (var out = Files.newOutputStream(found)) {
      byte[] buffer = new byte[64 * 1024];
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        out.write(buffer, 0, n);
      }
    }
  }

  private void requireWasm(String path) throws IOException {
    try (var in = Files.newInputStream(found)) {
      byte[] head = in.readNBytes(MAGIC.length);
      if (!Arrays.equals(head, MAGIC)) {
        throw new IllegalArgumentException(
            "expected a WebAssembly module at '/%s', found a file that begins %s"
                .formatted(path, Refusal.snippet(head)));
      }
    }
  }

  private void deleteAll(List<Path> files) {
    try {
      Files.deleteIfExists(found);
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RegistryException tooLarge(String what, long limit, String found) {
    return new RegistryException(
        Kind.TOO_LARGE,
        "%s of %s: expected at most %d bytes, found %s"
            .formatted(what, pull.image(), limit, found));
  }

  /** Counts what all layers unpack to, and ends it at the limit. */
  private final class Capped extends java.io.FilterInputStream {
    Capped(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = in.read(buffer, offset, length);
      unpackedBytes += Math.max(n, 0);
      long limit = pull.config().limits().unpackedBytes();
      if (unpackedBytes > limit) {
        throw tooLarge("the layers, unpacked,", limit, "more");
      }
      return n;
    }

    // The inflater's own skip would pass bytes uncounted.
    @Override
    public long skip(long count) throws IOException {
      byte[] buffer = new byte[(int) Math.min(64 * 1024, Math.max(count, 1))];
      return count <= 0 ? 0 : Math.max(0, read(buffer, 0, (int) Math.min(buffer.length, count)));
    }
  }
}
