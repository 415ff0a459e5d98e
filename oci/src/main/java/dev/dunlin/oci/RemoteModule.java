package dev.dunlin.oci;

import java.util.List;

/**
 * What a registry says of a module that nobody has fetched. Nothing of it is checked against the
 * module: good for choosing who fetches it.
 *
 * @param manifest the digest of the manifest (or index) that it goes by
 * @param imports interfaces that a component imports, as {@code wasi:http/types@0.2.12}; empty
 *     where the registry does not say
 * @param exports the same of those that it exports
 */
public record RemoteModule(Digest manifest, Form form, List<String> imports, List<String> exports) {
  public RemoteModule {
    imports = List.copyOf(imports);
    exports = List.copyOf(exports);
  }

  /** What the binary is. */
  public enum Form {
    CORE_MODULE,
    COMPONENT,
    /** The registry does not say, or could not be asked. */
    UNKNOWN
  }

  static RemoteModule unknown(Digest manifest) {
    return new RemoteModule(manifest, Form.UNKNOWN, List.of(), List.of());
  }
}
