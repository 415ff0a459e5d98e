package dev.dunlin.engine;

import java.util.List;

/**
 * What an engine is and can run.
 *
 * @param name {@code jvm} or {@code native}
 * @param version of the library that runs the modules
 * @param features in the words that placement uses: {@code wasi:p1}, {@code component}, {@code
 *     wasi:http@0.2}, ...
 */
public record EngineInfo(String name, String version, List<String> features) {
  public EngineInfo {
    features = List.copyOf(features);
  }
}
