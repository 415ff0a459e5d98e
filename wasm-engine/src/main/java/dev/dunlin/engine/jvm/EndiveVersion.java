package dev.dunlin.engine.jvm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of Endive on the class path, as Maven wrote it into the jar. */
final class EndiveVersion {
  static final String TEXT = read();

  private EndiveVersion() {}

  private static String read() {
    var resource = "/META-INF/maven/run.endive/runtime/pom.properties";
    try (var in = run.endive.runtime.Instance.class.getResourceAsStream(resource)) {
      if (in == null) {
        return "unknown";
      }
      var properties = new Properties();
      properties.load(in);
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
