package dev.dunlin.oci;

import com.fasterxml.jackson.databind.JsonNode;

/** Names content by type, digest and size (image-spec, descriptor.md). */
record Descriptor(String mediaType, Digest digest, long sizeBytes) {
  /**
   * @throws IllegalArgumentException saying what is missing
   */
  static Descriptor of(JsonNode json) {
    JsonNode size = json.path("size");
    if (!size.isIntegralNumber() || !size.canConvertToLong() || size.asLong() < 0) {
      throw new IllegalArgumentException(
          "descriptor: expected a size in bytes, found '" + size.asText("nothing") + "'");
    }
    return new Descriptor(
        json.path("mediaType").asText(""),
        Digest.parse(json.path("digest").asText("")),
        size.asLong());
  }
}
