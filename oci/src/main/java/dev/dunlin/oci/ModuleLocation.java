package dev.dunlin.oci;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Where in an artifact the module is. Pure: decided from manifests alone. */
sealed interface ModuleLocation {
  /** All that the module is made of. */
  List<Descriptor> blobs();

  /** The layer is the module. */
  record Layer(Descriptor layer, ArtifactFormat format) implements ModuleLocation {
    @Override
    public List<Descriptor> blobs() {
      return List.of(layer);
    }
  }

  /** A file in a root file system; the configuration says which. */
  record RootFile(Descriptor config, List<Descriptor> layers, boolean marked)
      implements ModuleLocation {
    public RootFile {
      layers = List.copyOf(layers);
    }

    @Override
    public List<Descriptor> blobs() {
      return Stream.concat(Stream.of(config), layers.stream()).toList();
    }
  }

  /**
   * Compat images say so in an annotation, whatever their platform claims (crun, wasm-wasi docs).
   */
  String VARIANT = "module.wasm.image/variant";

  List<String> SYSTEMS = List.of("wasip1", "wasi", "wasip2", "wasip3");

  /**
   * The one module of an artifact.
   *
   * @throws IllegalArgumentException when there is no single module, saying what there is
   */
  static ModuleLocation of(Manifest.Artifact artifact) {
    List<Descriptor> layers = artifact.layers();
    List<Descriptor> modules =
        layers.stream().filter(l -> MediaTypes.WASM_LAYERS.contains(l.mediaType())).toList();
    boolean image = MediaTypes.IMAGE_CONFIGS.contains(artifact.config().mediaType());
    requireOneComponent(layers, modules.size());
    if (modules.size() > 1) {
      throw new IllegalArgumentException(
          "expected one WebAssembly layer, found %d; push each module by itself"
              .formatted(modules.size()));
    }
    if (modules.size() == 1) {
      return new Layer(
          modules.getFirst(), image ? ArtifactFormat.WASM_IMAGE : ArtifactFormat.ARTIFACT);
    }
    if (image && !layers.isEmpty() && layers.stream().allMatch(ModuleLocation::isTar)) {
      return new RootFile(
          artifact.config(),
          layers,
          artifact.annotations().getOrDefault(VARIANT, "").startsWith("compat"));
    }
    throw new IllegalArgumentException(
        "expected one layer of type application/wasm, or a container image with tar layers; found"
            + " layers %s under a configuration of type %s"
                .formatted(
                    layers.stream().map(Descriptor::mediaType).toList(),
                    artifact.config().mediaType()));
  }

  /**
   * The artifact of an index to take: of the WebAssembly ones the one that most engines run.
   *
   * @throws IllegalArgumentException when none is for WebAssembly, naming those that are there
   */
  static Descriptor choose(Manifest.Index index) {
    List<Manifest.Choice> choices = index.choices();
    Optional<Manifest.Choice> fitting =
        SYSTEMS.stream().flatMap(os -> choices.stream().filter(c -> isWasm(c, os))).findFirst();
    if (fitting.isPresent()) {
      return fitting.get().manifest();
    }
    if (choices.size() == 1 && choices.getFirst().os().isEmpty()) {
      return choices.getFirst().manifest();
    }
    throw new IllegalArgumentException(
        "expected an artifact for wasi/wasm in the index, found " + choices);
  }

  private static boolean isWasm(Manifest.Choice choice, String os) {
    String architecture = choice.architecture().toLowerCase(Locale.ROOT);
    return choice.os().toLowerCase(Locale.ROOT).equals(os)
        && (architecture.equals("wasm") || architecture.equals("wasm32"));
  }

  private static void requireOneComponent(List<Descriptor> layers, int modules) {
    Stream<String> types = layers.stream().map(Descriptor::mediaType);
    if (types.noneMatch(MediaTypes.SPIN_APPLICATION::equals)) {
      return;
    }
    if (modules != 1) {
      throw new IllegalArgumentException(
          "expected a Spin application of one component, found %d; push each component by itself"
              .formatted(modules));
    }
    long files = layers.stream().filter(l -> MediaTypes.SPIN_FILES.contains(l.mediaType())).count();
    if (files > 0) {
      throw new IllegalArgumentException(
          "expected a Spin application without files of its own, found %d layers of files"
              .formatted(files));
    }
  }

  private static boolean isTar(Descriptor layer) {
    return MediaTypes.TAR_LAYERS.contains(layer.mediaType())
        || MediaTypes.TAR_GZIP_LAYERS.contains(layer.mediaType());
  }
}
