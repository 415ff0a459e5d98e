package dev.dunlin.e2e.badinput;

import static dev.dunlin.e2e.badinput.Modules.COMPONENT;
import static dev.dunlin.e2e.badinput.Modules.INVALID;
import static dev.dunlin.e2e.badinput.Modules.TRAP;
import static dev.dunlin.e2e.badinput.Modules.example;
import static dev.dunlin.e2e.badinput.Modules.guest;
import static dev.dunlin.e2e.badinput.Modules.hello;
import static dev.dunlin.e2e.badinput.Modules.marked;
import static dev.dunlin.e2e.badinput.Modules.padded;
import static dev.dunlin.e2e.badinput.Modules.told;
import static dev.dunlin.e2e.badinput.Scenario.image;
import static dev.dunlin.e2e.badinput.Scenario.module;
import static dev.dunlin.e2e.badinput.Scenario.tag;

import dev.dunlin.oci.testing.Artifact;
import dev.dunlin.oci.testing.Artifacts;
import dev.dunlin.oci.testing.TarBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A scenario for each row of docs/troubleshooting.md, by the row's first cell. */
final class Scenarios {
  private static final String WORKER = "worker: {}";

  private Scenarios() {}

  static Map<String, Scenario> all() {
    var all = new TreeMap<String, Scenario>();
    all.putAll(images());
    all.putAll(Signatures.scenarios());
    all.putAll(modules());
    all.putAll(runs());
    all.putAll(schedules());
    all.putAll(configuration());
    all.putAll(quotas());
    all.putAll(rollouts());
    all.putAll(probes());
    all.putAll(placement());
    all.putAll(Storage.scenarios());
    all.putAll(Around.scenarios());
    all.putAll(Canaries.scenarios());
    return all;
  }

  private static Map<String, Scenario> images() {
    byte[] hello = hello();
    return Map.of(
        "The tag or digest does not exist",
        Scenario.of(image("absent") + ", " + WORKER),
        "The registry wants (other) credentials",
        module("private", marked(hello, "private"), WORKER)
            .given((house, k) -> house.registry().requireBasic("ada", "lovelace"))
            .cleanedBy((house, k) -> house.registry().allowAnybody()),
        "The registry is down or does not answer",
        Scenario.of("image: \"127.0.0.1:9/dunlin/hello:1\", " + WORKER),
        "The registry sends other bytes than the digest names",
        module("wrong-bytes", marked(hello, "wrong-bytes"), WORKER)
            .given((house, k) ->
                house.registry().faults().wrongBytes("wrong-bytes/blobs", Integer.MAX_VALUE))
            .cleanedBy((house, k) -> house.registry().faults().clear()),
        "The registry sends fewer bytes than the manifest names",
        module("truncated", marked(hello, "truncated"), WORKER)
            .given((house, k) -> house.registry().faults().truncated("truncated/blobs", 100))
            .cleanedBy((house, k) -> house.registry().faults().clear()),
        "A layer is larger than an agent takes",
        Scenario.of(image("huge") + ", " + WORKER)
            .given((house, k) -> house.registry().push(tag("huge"), huge(hello))),
        "An HTML page or something else instead of a manifest",
        module("html", hello, WORKER)
            .given((house, k) -> house.registry().faults().html("html/manifests"))
            .cleanedBy((house, k) -> house.registry().faults().clear()),
        "An archive with `../`, links or no module in it",
        Scenario.of(image("escape") + ", " + WORKER)
            .given((house, k) -> house.registry().push(tag("escape"), escaping(hello))),
        "`imagePullPolicy: Never` and the agent does not have the image",
        module("never", marked(hello, "never"), "imagePullPolicy: Never, " + WORKER));
  }

  /** An artifact whose layer says that it has 5 GB. */
  private static Artifact huge(byte[] wasm) {
    Artifact honest = Artifacts.cncf(wasm);
    String manifest = new String(honest.manifest(), StandardCharsets.UTF_8);
    String size = "\"size\":" + wasm.length;
    if (!manifest.contains(size)) throw new AssertionError("no " + size + " in " + manifest);
    return new Artifact(
        honest.mediaType(),
        manifest.replace(size, "\"size\":5368709120").getBytes(StandardCharsets.UTF_8),
        honest.blobs(),
        List.of());
  }

  private static Artifact escaping(byte[] wasm) {
    return Artifacts.rootfs(
        Artifacts.imageConfig("wasi", "wasm", "[\"/app.wasm\"]"),
        new Artifacts.Layer(Artifacts.TAR, new TarBuilder().file("../app.wasm", wasm).build()));
  }

  private static Map<String, Scenario> modules() {
    byte[] hello = hello();
    return Map.of(
        "The bytes are no WebAssembly",
        module("text", "Hello, world".getBytes(StandardCharsets.UTF_8), WORKER),
        "The module cannot be decoded",
        module("half", Arrays.copyOf(hello, hello.length / 2), WORKER),
        "The module does not validate",
        module("invalid", INVALID, WORKER),
        "It imports what no agent provides",
        module("imports", guest("imports-unknown"), WORKER),
        "It has no entry point",
        module("library", guest("library"), WORKER),
        "It is a component, and the image says so",
        module("component", COMPONENT, WORKER),
        "It is a component, and only the agent finds out",
        Scenario.of(image("core") + ", " + WORKER)
            .given((house, k) ->
                house.registry().push(tag("core"), Artifacts.cncf("wasip1", COMPONENT))),
        "It is a component of another kind than the spec says",
        module("mismatch", example("http-rust"), WORKER)
            .given((house, k) -> NativeAgent.moveIn(house))
            .cleanedBy((house, k) -> NativeAgent.moveOut()),
        "It uses a WebAssembly proposal that the engine lacks",
        module("threads", guest("threads"), WORKER),
        "It is larger than the engine takes",
        module("padded", padded(hello, 33 << 20), WORKER));
  }

  private static Map<String, Scenario> runs() {
    return Map.of(
        "It traps",
        module("trap", TRAP, WORKER),
        "It ends with an exit code other than 0",
        module("exit", guest("tool"), "args: [exit, '3'], " + WORKER),
        "It needs more memory than its limit",
        module("memory", guest("grow-memory"), "resources: {limits: {memory: 1Mi}}, " + WORKER),
        "It runs longer than its deadline",
        module("loop", guest("loop"), "job: {activeDeadlineSeconds: 1}"),
        "It keeps ending",
        module("ending", guest("tool"), "args: [exit, '0'], " + WORKER),
        "A job's runs keep failing",
        module("failing", guest("tool"), "args: [exit, '4'], job: {backoffLimit: 0}"),
        "It writes more than its share of log lines",
        module("flood", guest("flood"), WORKER),
        "No node fits",
        module("choosy", hello(), "nodeSelector: {disk: quantum}, " + WORKER));
  }

  private static Map<String, Scenario> schedules() {
    return Map.of(
        "A job's run ends with what its `failurePolicy` gives up for",
        module(
            "policy",
            guest("tool"),
            "args: [exit, '42'], job: {failurePolicy: {rules: [{action: FailJob,"
                + " onExitCodes: {operator: In, values: [42]}}]}}"),
        "`cron.timeZone` is no time zone",
        module("zone", hello(), "cron: {schedule: '@hourly', timeZone: Mars/Olympus}"),
        "`cron.schedule` names no time",
        module("never-comes", hello(), "cron: {schedule: '0 0 30 2 *'}"));
  }

  private static Map<String, Scenario> placement() {
    return Map.of(
        "Its PriorityClass does not exist",
        module("no-class", hello(), "priorityClassName: absent, " + WORKER));
  }

  private static Map<String, Scenario> quotas() {
    byte[] hello = hello();
    return Map.of(
        "The namespace's WasmQuota is used up",
        module("used-up", hello, WORKER)
            .given((house, k) -> k.apply(quota("used-up", "hard: {instances: 1}")))
            .cleanedBy((house, k) -> k.run("delete", "wasmquota", "used-up")),
        "It asks for more than a WasmQuota lets one instance have",
        module("greedy", hello, "resources: {limits: {memory: 64Mi}}, " + WORKER)
            .given((house, k) -> k.apply(quota("greedy", "perInstance: {max: {memory: 32Mi}}")))
            .cleanedBy((house, k) -> k.run("delete", "wasmquota", "greedy")));
  }

  private static String quota(String name, String spec) {
    return """
    apiVersion: dunlin.dev/v1alpha1
    kind: WasmQuota
    metadata: {name: %s}
    spec: {%s}
    """
        .formatted(name, spec);
  }

  private static Map<String, Scenario> configuration() {
    byte[] hello = hello();
    return Map.of(
        "A ConfigMap is missing",
        module("no-config", hello, WORKER + ", envFrom: [{configMapRef: {name: absent}}]"),
        "A Secret is missing",
        module(
            "no-secret",
            hello,
            WORKER
                + ", volumes: [{name: keys, secret: {secretName: absent}}]"
                + ", volumeMounts: [{name: keys, mountPath: /keys}]"),
        "A key is missing in a ConfigMap or Secret",
        module(
                "no-key",
                hello,
                WORKER
                    + ", env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: absent}}}]")
            .given((house, k) -> k.run("create", "configmap", "settings", "--from-literal=a=b")),
        "Another program has the app's port on the node",
        module("port-in-use", hello, "http: {}")
            .given((house, k) -> PortThief.take())
            .cleanedBy((house, k) -> PortThief.giveBack()),
        "Every app port is given away",
        module("no-port", hello, "http: {}")
            .given((house, k) -> {
              for (String name : List.of("filler-a", "filler-b")) {
                k.apply(module("no-port", hello, "replicas: 0").manifest(name, house));
                k.run("wait", "--for=jsonpath={.status.port}", "wasmapp/" + name, "--timeout=60s");
              }
            })
            .cleanedBy((house, k) -> k.run("delete", "wasmapp", "filler-a", "filler-b")),
        "The API server refuses an instance of the app",
        module("quota", hello, WORKER)
            .given((house, k) -> {
              k.run("create", "quota", "no-more", "--hard=count/wasminstances.dunlin.dev=0");
              k.run("wait", "--for=jsonpath={.status.used}", "quota/no-more", "--timeout=60s");
            })
            .cleanedBy((house, k) -> k.run("delete", "quota", "no-more")),
        "The API server refuses the app's Service",
        module("refused", hello, "http: {}")
            .given((house, k) -> {
              k.run("create", "quota", "no-services", "--hard=services=0");
              k.run("wait", "--for=jsonpath={.status.hard}", "quota/no-services");
            })
            .cleanedBy((house, k) -> k.run("delete", "quota", "no-services")),
        "A Service of the app's name is somebody else's",
        module("taken", hello, "http: {}")
            .given((house, k) -> k.run("create", "service", "clusterip", "bad-taken", "--tcp=80")));
  }

  private static Map<String, Scenario> rollouts() {
    byte[] hello = hello();
    return Map.of(
        "A roll-out gets no further for `progressDeadlineSeconds`",
        module(
            "stuck", hello, "progressDeadlineSeconds: 1, nodeSelector: {disk: quantum}, " + WORKER),
        "`rollbackTo` names a revision that is not kept",
        module("no-revision", hello, "rollbackTo: {revision: 7}, " + WORKER),
        "The app is paused and nothing of it has run yet",
        module("paused", hello, "paused: true, " + WORKER),
        "The API server refuses to keep a template of the app",
        module("unkept", hello, WORKER)
            .given((house, k) -> {
              k.run("create", "quota", "no-history", "--hard=count/controllerrevisions.apps=0");
              k.run("wait", "--for=jsonpath={.status.used}", "quota/no-history", "--timeout=60s");
            })
            .cleanedBy((house, k) -> k.run("delete", "quota", "no-history")));
  }

  private static Map<String, Scenario> probes() {
    return Map.of(
        "It does not start within its startup probe's time",
        probed("startup"),
        "Its readiness probe fails",
        probed("readiness"),
        "Its liveness probe fails",
        probed("liveness"));
  }

  /** A command that runs, and never makes the file that its probe looks for. */
  private static Scenario probed(String kind) {
    return module(
        "no-" + kind,
        marked(told(), kind),
        "args: ['await /never'], "
            + kind
            + "Probe: {file: {path: /run/file}, periodSeconds: 1, failureThreshold: 2}, "
            + "volumes: [{name: run, emptyDir: {}}], volumeMounts: [{name: run, mountPath: /run}], "
            + WORKER);
  }
}
