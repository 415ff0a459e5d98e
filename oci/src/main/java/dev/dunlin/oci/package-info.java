/**
 * Reads WebAssembly modules from OCI registries (distribution-spec 1.1, image-spec 1.1):
 * references, credentials, resolving a tag, and fetching a module by digest, checked. Knows nothing
 * of Kubernetes.
 */
@NullMarked
package dev.dunlin.oci;

import org.jspecify.annotations.NullMarked;
