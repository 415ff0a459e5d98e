package dev.dunlin.oci;

import com.fasterxml.jackson.databind.ObjectMapper;

/** The one JSON reader of this package. */
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}
}
