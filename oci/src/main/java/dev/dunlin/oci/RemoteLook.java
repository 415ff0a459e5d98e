package dev.dunlin.oci;

import static dev.dunlin.oci.RegistryException.Kind;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Finds out what a module is from what stands around it, and from its first bytes. */
final class RemoteLook {
  private static final byte[] CORE_MODULE = HexFormat.of().parseHex("0061736d01000000");
  private static final byte[] COMPONENT = HexFormat.of().parseHex("0061736d0d000100");

  private final Pull pull;
  private final LocationFetch locations;

  RemoteLook(Pull pull) {
    this.pull = pull.once();
    this.locations = new LocationFetch(this.pull);
  }

  RemoteModule at(Digest manifest) {
    Manifest.Artifact artifact = locations.artifact(manifest);
    return switch (locations.locate(manifest, artifact)) {
      case ModuleLocation.Layer(Descriptor layer, ArtifactFormat ignored) ->
          inLayer(manifest, artifact.config(), layer);
      // Somewhere in an archive, often a compressed one: that would be most of the download.
      case ModuleLocation.RootFile ignored -> RemoteModule.unknown(manifest);
    };
  }

  private RemoteModule inLayer(Digest manifest, Descriptor config, Descriptor layer) {
    if (config.mediaType().equals(MediaTypes.WASM_CONFIG)) {
      WasmConfig told = config(manifest, config);
      if (told.form() != RemoteModule.Form.UNKNOWN) {
        return new RemoteModule(manifest, told.form(), told.imports(), told.exports());
      }
    }
    return new RemoteModule(manifest, form(head(layer)), List.of(), List.of());
  }

  private WasmConfig config(Digest manifest, Descriptor config) {
    byte[] text = read(config, Map.of(), RegistryLimits.MANIFEST_BYTES);
    if (!config.digest().matches(text)) {
      throw new RegistryException(
          Kind.DIGEST_MISMATCH,
          "%s: expected bytes of that digest, found others".formatted(what(config)));
    }
    try {
      return WasmConfig.parse(text);
    } catch (IllegalArgumentException e) {
      throw locations.refused(manifest, e);
    }
  }

  /** Its first bytes; a registry that knows no ranges is cut off. */
  private byte[] head(Descriptor layer) {
    int length = CORE_MODULE.length;
    return read(layer, Map.of("Range", "bytes=0-" + (length - 1)), length - 1);
  }

  private byte[] read(Descriptor blob, Map<String, String> headers, int limit) {
    return Backoff.retrying(
        pull.timeouts(),
        what(blob),
        () -> {
          try (Response response = pull.send("GET", pull.source().blob(blob.digest()), headers)) {
            if (response.status() != 200 && response.status() != 206) {
              throw pull.refusal(response, what(blob));
            }
            return response.readUpTo(limit);
          }
        });
  }

  private static RemoteModule.Form form(byte[] head) {
    if (Arrays.equals(head, CORE_MODULE)) {
      return RemoteModule.Form.CORE_MODULE;
    }
    return Arrays.equals(head, COMPONENT) ? RemoteModule.Form.COMPONENT : RemoteModule.Form.UNKNOWN;
  }

  private String what(Descriptor blob) {
    return "blob '%s' of %s".formatted(blob.digest(), pull.source());
  }
}
