package dev.dunlin.api.generate;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmImagePolicy;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.api.v1alpha1.WasmQuota;
import dev.dunlin.api.v1alpha1.WasmVolume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceSubresourceScale;
import io.fabric8.kubernetes.api.model.apiextensions.v1.SelectableField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a kind has beyond its schema: how {@code kubectl} lists, selects and scales it. */
record Kind(
    Class<? extends HasMetadata> type,
    String description,
    List<CustomResourceColumnDefinition> columns,
    List<SelectableField> selectable,
    @Nullable CustomResourceSubresourceScale scale) {

  private static final CustomResourceColumnDefinition AGE =
      new CustomResourceColumnDefinition(
          "When it was made.", null, ".metadata.creationTimestamp", "Age", 0, "date");

  private static final Kind APP =
      new Kind(
          WasmApp.class,
          "A WebAssembly app: what to run, how often, and with what. Written by users.",
          List.of(
              column("Ready", "integer", ".status.readyReplicas", "Instances that are ready."),
              column("Desired", "integer", ".spec.replicas", "Instances wanted."),
              column("Status", "string", ready("reason"), "Why it is ready, or is not."),
              column("URL", "string", ".status.url", "Where it answers inside the cluster."),
              AGE,
              wide("Image", "string", ".spec.image", "OCI reference of the module."),
              wide("Revision", "string", ".status.revision", "The template rolled out."),
              wide("Message", "string", ready("message"), "What is going on.")),
          List.of(),
          new CustomResourceSubresourceScale(
              ".status.selector", ".spec.replicas", ".status.replicas"));

  private static final Kind INSTANCE =
      new Kind(
          WasmInstance.class,
          "One replica of a WasmApp on one node, what a Pod is to a Deployment. Made by the operator,"
              + " run by the agent of its node.",
          List.of(
              column("App", "string", ".spec.appName", "The WasmApp."),
              column("Ready", "boolean", ".status.ready", "Whether it serves or runs."),
              column("Phase", "string", ".status.phase", "Pending, Running, Succeeded, Failed."),
              column("Reason", "string", ready("reason"), "Why it is ready, or is not."),
              column("Restarts", "integer", ".status.restarts", "Starts after the first."),
              column("Node", "string", ".spec.nodeName", "The WasmNode that runs it."),
              AGE,
              wide("Revision", "string", ".spec.revision", "Hash of the app's template."),
              wide("Message", "string", ready("message"), "What is going on.")),
          List.of(new SelectableField(".spec.appName"), new SelectableField(".spec.nodeName")),
          null);

  private static final Kind NODE =
      new Kind(
          WasmNode.class,
          "One node agent and what it offers. Made by the agent; an owner may set"
              + " spec.unschedulable to keep new instances away.",
          List.of(
              column("Ready", "string", ready("status"), "Whether its Lease is renewed."),
              column("Unschedulable", "boolean", ".spec.unschedulable", "Closed to new ones."),
              column("Address", "string", ".status.address", "Where app ports are reached."),
              column("Memory", "string", ".status.allocatable.memory", "For instances, in all."),
              column("Instances", "integer", ".status.allocatable.instances", "At the most."),
              column("Engine", "string", ".status.engine.name", "What runs the modules."),
              column("Version", "string", ".status.agentVersion", "Version of the agent."),
              AGE,
              wide("Engine-Version", "string", ".status.engine.version", "Of its library."),
              wide("Draining", "boolean", ".status.draining", "Whether it is shutting down."),
              wide("Message", "string", ready("message"), "What is going on.")),
          List.of(),
          null);

  private static final Kind VOLUME =
      new Kind(
          WasmVolume.class,
          "Storage that outlives instances and apps, what a PersistentVolumeClaim is to Pods. Written"
              + " by users.",
          List.of(
              column("Status", "string", ".status.phase", "Pending, Bound, Lost."),
              column("Size", "string", ".spec.size", "What its files may take."),
              column("Access", "string", ".spec.accessMode", "Who may have it."),
              column("Node", "string", ".status.nodeName", "Where it is."),
              column("Used-By", "string", ".status.usedBy", "The app that has it."),
              AGE),
          List.of(new SelectableField(".status.nodeName")),
          null);

  private static final Kind QUOTA =
      new Kind(
          WasmQuota.class,
          "What all instances of a namespace may take together, and what one may. Written by the"
              + " cluster's owner.",
          List.of(
              column("Memory", "string", ".status.used.memory", "Requested by instances."),
              column("Memory-Limit", "string", ".spec.hard.memory", "At the most."),
              column("CPU", "string", ".status.used.cpu", "Requested by instances."),
              column("CPU-Limit", "string", ".spec.hard.cpu", "At the most."),
              column("Instances", "integer", ".status.used.instances", "That there are."),
              column("Instance-Limit", "integer", ".spec.hard.instances", "At the most."),
              AGE),
          List.of(),
          null);

  private static final Kind POLICY =
      new Kind(
          WasmImagePolicy.class,
          "Who must have signed which images, in which namespaces. Written by the cluster's owner, held to"
              + " by the agents.",
          List.of(
              column("Mode", "string", ".spec.mode", "What becomes of images that are not signed."),
              column("Ready", "string", ready("status"), "Whether its keys can be read."),
              AGE,
              wide("Images", "string", ".spec.images", "That it concerns; none: all."),
              wide("Message", "string", ready("message"), "What is wrong with a key.")),
          List.of(),
          null);

  /** Every kind, in the order of the documents. */
  static final List<Kind> ALL = List.of(APP, INSTANCE, NODE, VOLUME, QUOTA, POLICY);

  String name() {
    return type.getSimpleName();
  }

  static Kind named(String name) {
    return ALL.stream().filter(kind -> kind.name().equals(name)).findFirst().orElseThrow();
  }

  private static String ready(String field) {
    return ".status.conditions[?(@.type==\"Ready\")]." + field;
  }

  private static CustomResourceColumnDefinition column(
      String name, String type, String path, String description) {
    return new CustomResourceColumnDefinition(description, null, path, name, 0, type);
  }

  private static CustomResourceColumnDefinition wide(
      String name, String type, String path, String description) {
    return new CustomResourceColumnDefinition(description, null, path, name, 1, type);
  }
}
