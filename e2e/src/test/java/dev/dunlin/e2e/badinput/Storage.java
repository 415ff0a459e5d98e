package dev.dunlin.e2e.badinput;

import static dev.dunlin.e2e.badinput.Modules.marked;
import static dev.dunlin.e2e.badinput.Modules.told;
import static dev.dunlin.e2e.badinput.Scenario.module;

import java.util.Map;

/** What can be wrong with an app's files. */
final class Storage {
  private static final String FILL = "args: ['fill /data/a 3', 'await /never'], worker: {}, ";

  private Storage() {}

  static Map<String, Scenario> scenarios() {
    return Map.of(
        "Its WasmVolume does not exist",
        mounting("no-volume"),
        "No node offers such WasmVolumes",
        mounting("not-offered")
            .given((house, k) -> k.apply(volume("not-offered", "accessMode: ReadWriteMany")))
            .cleanedBy((house, k) -> k.run("delete", "wasmvolume", "not-offered", "--wait=false")),
        "Another app has its WasmVolume",
        mounting("in-use")
            .given((house, k) -> {
              k.apply(volume("in-use", "accessMode: ReadWriteOnce"));
              k.apply(mounting("in-use").manifest("holder", house));
              k.run("wait", "--for=jsonpath={.status.usedBy}=holder", "wasmvolume/in-use");
            })
            .cleanedBy((house, k) -> {
              k.run("delete", "wasmapp", "holder");
              k.run("delete", "wasmvolume", "in-use", "--wait=false");
            }),
        "The node of its WasmVolume is gone",
        mounting("lost")
            .given((house, k) -> {
              k.apply(volume("lost", "accessMode: ReadWriteOnce"));
              k.run(
                  "patch",
                  "wasmvolume",
                  "lost",
                  "--subresource=status",
                  "--type=merge",
                  "-p",
                  "{\"status\": {\"nodeName\": \"gone\"}}");
            })
            .cleanedBy((house, k) -> k.run("delete", "wasmvolume", "lost", "--timeout=60s")),
        "The files of its WasmVolume take more than its size",
        module("full", marked(told(), "full"), FILL + data("wasmVolume: {claimName: full}"))
            .given((house, k) -> k.apply(volume("full", "accessMode: ReadWriteOnce")))
            .cleanedBy((house, k) -> k.run("delete", "wasmvolume", "full", "--wait=false")),
        "Its emptyDir takes more than its limit",
        module("glutton", marked(told(), "glutton"), FILL + data("emptyDir: {sizeLimit: 1Mi}")));
  }

  private static Scenario mounting(String name) {
    return module(
        name,
        marked(told(), name),
        "args: ['await /never'], worker: {}, " + data("wasmVolume: {claimName: " + name + "}"));
  }

  private static String data(String source) {
    return "volumes: [{name: data, "
        + source
        + "}], volumeMounts: [{name: data, mountPath: /data}]";
  }

  private static String volume(String name, String spec) {
    return """
    apiVersion: dunlin.dev/v1alpha1
    kind: WasmVolume
    metadata: {name: %s}
    spec: {size: 1Mi, %s}
    """
        .formatted(name, spec);
  }
}
