package dev.dunlin.agent.signature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.SignatureArtifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signatures that were good once, on the node's disk, so that a lost registry stops nothing. What
 * is kept is the signature itself and no verdict: it is held against the image and the keys of the
 * day each time, so that whoever writes here gains nothing. Safe for use by many threads.
 */
final class EvidenceFolder {
  private static final Logger log = LoggerFactory.getLogger(EvidenceFolder.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of one image: those of the keys of the day, which come last. */
  private static final int MOST = 16;

  private static final int MOST_BYTES = 2 << 20;

  private final Path root;
  private final int mostFiles;

  EvidenceFolder(Path root, int mostFiles) throws IOException {
    this.root = Files.createDirectories(root);
    this.mostFiles = mostFiles;
  }

  /** What is kept of an image; nothing where it cannot be read. */
  List<SignatureArtifact> read(Digest image) {
    Path file = file(image);
    try {
      if (!Files.exists(file) || Files.size(file) > MOST_BYTES) {
        return List.of();
      }
      var all = new ArrayList<SignatureArtifact>();
      for (JsonNode kept : JSON.readTree(Files.readAllBytes(file))) {
        byte[] bytes = kept.path("bytes").binaryValue();
        if (bytes != null) {
          String where = kept.path("where").asText("");
          all.add(
              kept.has("signature")
                  ? new SignatureArtifact.SimpleSigning(
                      where, bytes, kept.path("signature").asText(""))
                  : new SignatureArtifact.Bundle(where, bytes));
        }
      }
      return all;
    } catch (IOException e) {
      log.warn("{} cannot be read; the registry is asked again: {}", file, e.toString());
      return List.of();
    }
  }

  /** Keeps what is good of an image, instead of what was kept of it. */
  void write(Digest image, List<SignatureArtifact> good) {
    var all = JSON.createArrayNode();
    for (SignatureArtifact artifact : good.subList(Math.max(0, good.size() - MOST), good.size())) {
      switch (artifact) {
        case SignatureArtifact.SimpleSigning(String where, byte[] payload, String signature) ->
            kept(where, payload, all.addObject()).put("signature", signature);
        case SignatureArtifact.Bundle(String where, byte[] json) ->
            kept(where, json, all.addObject());
        case SignatureArtifact.Unreadable ignored -> {}
      }
    }
    try {
      byte[] bytes = JSON.writeValueAsBytes(all);
      if (bytes.length > MOST_BYTES) {
        return;
      }
      Path part = Files.createTempFile(root, "new-", ".part");
      try {
        Files.write(part, bytes);
        Files.move(part, file(image), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
      makeRoom();
    } catch (IOException e) {
      log.warn("signatures of {} are not kept on the disk: {}", image, e.toString());
    }
  }

  private static ObjectNode kept(String where, byte[] bytes, ObjectNode into) {
    return into.put("where", where).put("bytes", bytes);
  }

  /** Drops what was kept first. */
  private void makeRoom() throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.list(root)) {
      all = files.toList();
    }
    if (all.size() > mostFiles) {
      var byAge =
          all.stream().sorted(Comparator.comparingLong(file -> file.toFile().lastModified()));
      for (Path oldest : byAge.limit(all.size() - (long) mostFiles).toList()) {
        Files.deleteIfExists(oldest);
      }
    }
  }

  private Path file(Digest image) {
    return root.resolve(image.algorithm() + "-" + image.hex() + ".json");
  }
}
