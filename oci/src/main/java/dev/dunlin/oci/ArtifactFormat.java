package dev.dunlin.oci;

/** How a registry holds a module; docs/images.md lists what makes each. */
public enum ArtifactFormat {
  /** One layer of a WebAssembly type under a configuration of a WebAssembly or empty type. */
  ARTIFACT,
  /** One layer of a WebAssembly type under a container image's configuration. */
  WASM_IMAGE,
  /** A file in the root file system of a container image, named by its entry point. */
  COMPAT_IMAGE
}
