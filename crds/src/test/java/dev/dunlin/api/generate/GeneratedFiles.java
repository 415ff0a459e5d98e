package dev.dunlin.api.generate;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files that are derived from the API records, by their place in the repository. */
final class GeneratedFiles {
  private GeneratedFiles() {}

  static Map<Path, String> of() {
    var crds = Crds.generate();
    var files = new LinkedHashMap<Path, String>();
    for (var crd : crds) {
      files.put(
          Path.of("helm", "dunlin", "files", "crds", crd.getMetadata().getName() + ".yaml"),
          "# Made from crds/src/main/java by `make generate`; do not edit.\n"
              + Serialization.asYaml(crd));
    }
    files.put(Path.of("docs", "api.md"), ApiDocument.of(crds));
    return files;
  }
}
