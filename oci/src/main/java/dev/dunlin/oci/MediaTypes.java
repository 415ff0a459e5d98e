package dev.dunlin.oci;

import java.util.List;
import java.util.Set;

/** The media types that decide what an artifact is; sources in docs/images.md. */
final class MediaTypes {
  static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
  static final List<String> MANIFESTS =
      List.of(OCI_MANIFEST, OCI_INDEX, DOCKER_MANIFEST, DOCKER_LIST);

  static final Set<String> IMAGE_CONFIGS =
      Set.of(
          "application/vnd.oci.image.config.v1+json",
          "application/vnd.docker.container.image.v1+json");

  /** The one configuration that says what the module needs. */
  static final String WASM_CONFIG = "application/vnd.wasm.config.v0+json";

  /** What a module is pushed as. */
  static final String WASM_LAYER = "application/wasm";

  static final Set<String> WASM_LAYERS =
      Set.of(
          WASM_LAYER,
          "application/vnd.wasm.content.layer.v1+wasm",
          "application/vnd.module.wasm.content.layer.v1+wasm",
          "application/vnd.bytecodealliance.wasm.component.layer.v0+wasm");

  static final Set<String> TAR_LAYERS =
      Set.of(
          "application/vnd.oci.image.layer.v1.tar", "application/vnd.docker.image.rootfs.diff.tar");

  static final Set<String> TAR_GZIP_LAYERS =
      Set.of(
          "application/vnd.oci.image.layer.v1.tar+gzip",
          "application/vnd.docker.image.rootfs.diff.tar.gzip");

  static final String SPIN_APPLICATION = "application/vnd.fermyon.spin.application.v1+config";
  static final Set<String> SPIN_FILES =
      Set.of(
          "application/vnd.wasm.content.layer.v1+data",
          "application/vnd.wasm.content.bundle.v1.tar+gzip");

  /** What cosign leaves beside an image; each is a signature, or says that it is one. */
  static final String SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";

  static final String SIGNATURE_ANNOTATION = "dev.cosignproject.cosign/signature";
  static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
  static final String PREDICATE_ANNOTATION = "dev.sigstore.bundle.predicateType";
  static final String SIGN_PREDICATE = "https://sigstore.dev/cosign/sign/v1";

  private MediaTypes() {}
}
