package dev.dunlin.agent.signature;

import dev.dunlin.api.v1alpha1.WasmImagePolicy;
import dev.dunlin.oci.ImageReference;
import java.util.List;

/** Where policies come from. Safe for use by many threads. */
public interface PolicySource {
  /**
   * The policies that concern an image in a namespace.
   *
   * @throws ImageRefusedException when that cannot be known
   */
  List<WasmImagePolicy> concerning(String namespace, ImageReference image)
      throws InterruptedException;
}
