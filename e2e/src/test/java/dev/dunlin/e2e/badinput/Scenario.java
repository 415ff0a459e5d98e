package dev.dunlin.e2e.badinput;

import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.house.House;
import java.util.List;

/**
 * How a user comes to see one row of the table.
 *
 * @param spec the app's spec, as YAML in flow style without its braces
 * @param before what makes it go wrong
 * @param after puts right what the other scenarios need
 */
record Scenario(String spec, Step before, Step after) {
  /** Something done to the house or the cluster. */
  @FunctionalInterface
  interface Step {
    void take(House house, Kubectl kubectl) throws Exception;
  }

  /**
   * Stands for the house's registry, asked by its own name: behind a mirror's fault a client would
   * meet the origin's.
   */
  private static final String REGISTRY = "REGISTRY";

  private static final Step NOTHING = (house, kubectl) -> {};

  static Scenario of(String spec) {
    return new Scenario(spec, NOTHING, NOTHING);
  }

  /** An app of this module, pushed as {@code dunlin/NAME:1}. */
  static Scenario module(String name, byte[] wasm, String spec) {
    return of(image(name) + ", " + spec)
        .given((house, k) -> house.registry().pushModule(tag(name), wasm));
  }

  Scenario given(Step step) {
    return new Scenario(
        spec,
        (house, kubectl) -> {
          before.take(house, kubectl);
          step.take(house, kubectl);
        },
        after);
  }

  Scenario cleanedBy(Step step) {
    return new Scenario(spec, before, step);
  }

  static String image(String name) {
    return "image: \"" + REGISTRY + "/" + tag(name) + "\"";
  }

  static String tag(String name) {
    return "dunlin/" + name + ":1";
  }

  String manifest(String app, House house) {
    return String.join(
        "\n",
        List.of(
            "apiVersion: dunlin.dev/v1alpha1",
            "kind: WasmApp",
            "metadata: {name: " + app + "}",
            "spec: {" + spec.replace(REGISTRY, house.registry().address()) + "}"));
  }
}
