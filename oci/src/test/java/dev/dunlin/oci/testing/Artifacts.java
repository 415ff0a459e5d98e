package dev.dunlin.oci.testing;

import dev.dunlin.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** One artifact of every format that carries a module (libraries.md, 3.2; docs/images.md). */
public final class Artifacts {
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String IMAGE_CONFIG = "application/vnd.oci.image.config.v1+json";
  public static final String WASM_CONFIG = "application/vnd.wasm.config.v0+json";
  public static final String WASM = "application/wasm";
  public static final String OLD_WASM = "application/vnd.wasm.content.layer.v1+wasm";
  public static final String TAR = "application/vnd.oci.image.layer.v1.tar";
  public static final String TAR_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";

  /** One layer: its type and bytes, and further members of its descriptor, as {@code ,"a":1}. */
  @SuppressWarnings("ArrayRecordComponent") // Read-only bytes, compared by nobody.
  public record Layer(String mediaType, byte[] bytes, String more) {
    public Layer(String mediaType, byte[] bytes) {
      this(mediaType, bytes, "");
    }
  }

  private Artifacts() {}

  /** CNCF TAG Runtime's artifact, v0: for wasip1, or for wasip2 where it is a component. */
  public static Artifact cncf(byte[] wasm) {
    boolean component = wasm.length > 6 && wasm[6] == 1;
    return cncf(component ? "wasip2" : "wasip1", wasm);
  }

  /** The same, whatever the module really is. */
  public static Artifact cncf(String os, byte[] wasm) {
    return artifact(
        WASM_CONFIG,
        "{\"architecture\":\"wasm\",\"os\":\"%s\",\"layerDigests\":[\"%s\"]}"
            .formatted(os, Digest.of(wasm)),
        new Layer(WASM, wasm));
  }

  /** The same, for a component of those interfaces. */
  public static Artifact cncf(List<String> imports, List<String> exports, byte[] wasm) {
    return artifact(
        WASM_CONFIG,
        "{\"architecture\":\"wasm\",\"os\":\"wasip2\",\"layerDigests\":[\"%s\"],\"component\":{\"imports\":[%s],\"exports\":[%s]}}"
            .formatted(Digest.of(wasm), quoted(imports), quoted(exports)),
        new Layer(WASM, wasm));
  }

  private static String quoted(List<String> texts) {
    return texts.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(","));
  }

  /** What wasm-to-oci pushed in 2021. */
  public static Artifact wasmToOci(byte[] wasm) {
    return artifact("application/vnd.wasm.config.v1+json", "{}", new Layer(OLD_WASM, wasm));
  }

  /** What wkg pushes. */
  public static Artifact wkg(byte[] wasm) {
    return artifact(
        "application/vnd.wasm.config.v0+json",
        "{\"created\":\"2026-01-01T00:00:00Z\",\"architecture\":\"wasm\",\"os\":\"wasip2\",\"layerDigests\":[],\"component\":{\"exports\":[\"wasi:http/incoming-handler@0.2.0\"],\"imports\":[]}}",
        new Layer(
            WASM, wasm, ",\"annotations\":{\"org.opencontainers.image.title\":\"app.wasm\"}"));
  }

  /** What runwasi's oci-tar-builder makes. */
  public static Artifact runwasi(byte[] wasm) {
    return artifact(
        IMAGE_CONFIG,
        imageConfig("wasip1", "wasm", "[\"/app.wasm\"]"),
        new Layer("application/vnd.bytecodealliance.wasm.component.layer.v0+wasm", wasm));
  }

  /** What wasmCloud pushed once. */
  public static Artifact oldWasmCloud(byte[] wasm) {
    return artifact(
        "application/vnd.module.wasm.config.v1+json",
        "{}",
        new Layer("application/vnd.module.wasm.content.layer.v1+wasm", wasm));
  }

  /** What {@code oras push --artifact-type} and oras-java make. */
  public static Artifact emptyConfig(byte[] wasm) {
    return artifact("application/vnd.oci.empty.v1+json", "{}", new Layer(WASM, wasm));
  }

  /** A container image with the module in its root file system. */
  public static Artifact compat(byte[] wasm) {
    return rootfs(
        imageConfig("wasi", "wasm", "[\"/app/main.wasm\"]"),
        new Layer(
            TAR_GZIP, gzip(new TarBuilder().folder("app/").file("app/main.wasm", wasm).build())));
  }

  /** A container image of these layers. */
  public static Artifact rootfs(String config, Layer... layers) {
    return artifact(IMAGE_CONFIG, config, layers);
  }

  /** A container image's configuration; {@code entrypoint} is a JSON array. */
  public static String imageConfig(String os, String architecture, String entrypoint) {
    return "{\"architecture\":\"%s\",\"os\":\"%s\",\"config\":{\"Entrypoint\":%s},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}"
        .formatted(architecture, os, entrypoint);
  }

  /** A Spin application of these components. */
  public static Artifact spin(byte[]... components) {
    var layers = new ArrayList<Layer>();
    for (byte[] component : components) {
      layers.add(new Layer(OLD_WASM, component));
    }
    layers.add(
        new Layer(
            "application/vnd.fermyon.spin.application.v1+config",
            "{\"spin_lock_version\":1}".getBytes(StandardCharsets.UTF_8)));
    return artifact(
        IMAGE_CONFIG, imageConfig("Wasip1", "wasm", "null"), layers.toArray(Layer[]::new));
  }

  /** Any artifact. */
  public static Artifact artifact(String configType, String config, Layer... layers) {
    byte[] configBytes = config.getBytes(StandardCharsets.UTF_8);
    var blobs = new ArrayList<byte[]>();
    blobs.add(configBytes);
    var descriptors = new ArrayList<String>();
    for (Layer layer : layers) {
      blobs.add(layer.bytes());
      descriptors.add(descriptor(layer.mediaType(), layer.bytes(), layer.more()));
    }
    String manifest =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(
                OCI_MANIFEST,
                descriptor(configType, configBytes, ""),
                String.join(",", descriptors));
    return new Artifact(OCI_MANIFEST, manifest.getBytes(StandardCharsets.UTF_8), blobs, List.of());
  }

  /** An index; each platform is {@code os/architecture}. */
  public static Artifact index(List<String> platforms, List<Artifact> artifacts) {
    var descriptors = new ArrayList<String>();
    for (int i = 0; i < artifacts.size(); i++) {
      String[] platform = platforms.get(i).split("/", 2);
      descriptors.add(
          descriptor(
              artifacts.get(i).mediaType(),
              artifacts.get(i).manifest(),
              ",\"platform\":{\"os\":\"%s\",\"architecture\":\"%s\"}"
                  .formatted(platform[0], platform[1])));
    }
    String manifest =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
            .formatted(OCI_INDEX, descriptors.stream().collect(Collectors.joining(",")));
    return new Artifact(OCI_INDEX, manifest.getBytes(StandardCharsets.UTF_8), List.of(), artifacts);
  }

  public static byte[] gzip(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String descriptor(String mediaType, byte[] bytes, String more) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(mediaType, Digest.of(bytes), bytes.length, more);
  }
}
