package dev.dunlin.operator.config;

/** Where variables come from. */
public enum ConfigKind {
  CONFIG_MAP("configmap"),
  SECRET("secret");

  private final String word;

  ConfigKind(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }
}
