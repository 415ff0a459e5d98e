package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.dunlin.e2e.mock.Kind.Column;
import java.util.ArrayList;
import java.util.List;

/** The kinds that are there before any CustomResourceDefinition is. */
final class BuiltInKinds {
  static final String CRD_GROUP = "apiextensions.k8s.io";
  static final String EVENTS_GROUP = "events.k8s.io";

  static List<Kind> all() {
    var kinds = new ArrayList<Kind>();
    kinds.add(
        kind("", "v1", "Namespace", "namespaces")
            .clusterWide()
            .shortName("ns")
            .status()
            .column("Status", ".status.phase")
            .build());
    kinds.add(kind("", "v1", "Node", "nodes").clusterWide().shortName("no").status().build());
    kinds.add(
        kind("", "v1", "Pod", "pods")
            .shortName("po")
            .status()
            .column("Status", ".status.phase")
            .build());
    kinds.add(kind("", "v1", "ConfigMap", "configmaps").shortName("cm").build());
    kinds.add(
        kind("", "v1", "Secret", "secrets").column("Type", ".type").selectable(".type").build());
    kinds.add(
        kind("", "v1", "Service", "services")
            .shortName("svc")
            .category("all")
            .status()
            .column("Type", ".spec.type")
            .column("Cluster-IP", ".spec.clusterIP")
            .column("Port(s)", ".spec.ports[*].port")
            .build());
    kinds.add(kind("", "v1", "ServiceAccount", "serviceaccounts").shortName("sa").build());
    kinds.add(event("", "v1", ".involvedObject", ".message"));
    kinds.add(event(EVENTS_GROUP, "v1", ".regarding", ".note"));
    kinds.add(
        kind("coordination.k8s.io", "v1", "Lease", "leases")
            .conditionalUpdate()
            .column("Holder", ".spec.holderIdentity")
            .build());
    kinds.add(
        kind("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices")
            .generation()
            .column("AddressType", ".addressType")
            .column("Ports", ".ports[*].port")
            .column("Endpoints", ".endpoints[*].addresses[*]")
            .build());
    kinds.add(
        kind("apps", "v1", "ControllerRevision", "controllerrevisions")
            .column("Controller", ".metadata.ownerReferences[0].name")
            .column("Revision", ".revision")
            .build());
    kinds.add(
        kind("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers")
            .shortName("hpa")
            .category("all")
            .status()
            .column("Reference", ".spec.scaleTargetRef.name")
            .column("MinPods", ".spec.minReplicas")
            .column("MaxPods", ".spec.maxReplicas")
            .column("Replicas", ".status.currentReplicas")
            .build());
    kinds.add(
        kind("networking.k8s.io", "v1", "Ingress", "ingresses")
            .shortName("ing")
            .status()
            .generation()
            .column("Class", ".spec.ingressClassName")
            .column("Hosts", ".spec.rules[*].host")
            .build());
    kinds.add(
        kind("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses")
            .clusterWide()
            .shortName("pc")
            .column("Value", ".value")
            .column("Global-Default", ".globalDefault")
            .build());
    kinds.add(
        kind(CRD_GROUP, "v1", "CustomResourceDefinition", "customresourcedefinitions")
            .clusterWide()
            .shortName("crd")
            .shortName("crds")
            .status()
            .generation()
            .build());
    for (String name : List.of("Role", "RoleBinding")) kinds.add(rbac(name).build());
    for (String name : List.of("ClusterRole", "ClusterRoleBinding")) {
      kinds.add(rbac(name).clusterWide().build());
    }
    return List.copyOf(kinds);
  }

  private static Kind event(String group, String version, String regarding, String note) {
    return kind(group, version, "Event", "events")
        .shortName("ev")
        .column("Type", ".type")
        .column("Reason", ".reason")
        .column("Object", regarding + ".name")
        .column("Message", note)
        .selectable(regarding + ".kind")
        .selectable(regarding + ".name")
        .selectable(regarding + ".namespace")
        .selectable(regarding + ".uid")
        .selectable(regarding + ".apiVersion")
        .selectable(regarding + ".resourceVersion")
        .selectable(regarding + ".fieldPath")
        .selectable(".reason")
        .selectable(".type")
        .build();
  }

  private static Draft rbac(String name) {
    return kind(
        "rbac.authorization.k8s.io", "v1", name, name.toLowerCase(java.util.Locale.ROOT) + "s");
  }

  private static Draft kind(String group, String version, String name, String plural) {
    return new Draft(group, version, name, plural);
  }

  /** A kind being described; the usual is namespaced, without status and generation. */
  private static final class Draft {
    private final String group;
    private final String version;
    private final String name;
    private final String plural;
    private final List<String> shortNames = new ArrayList<>();
    private final List<String> categories = new ArrayList<>();
    private final List<String> selectable = new ArrayList<>();
    private final List<Column> columns = new ArrayList<>();
    private boolean namespaced = true;
    private boolean status;
    private boolean generation;
    private boolean unconditionalUpdate = true;

    Draft(String group, String version, String name, String plural) {
      this.group = group;
      this.version = version;
      this.name = name;
      this.plural = plural;
    }

    Draft clusterWide() {
      namespaced = false;
      return this;
    }

    Draft shortName(String shortName) {
      shortNames.add(shortName);
      return this;
    }

    Draft category(String category) {
      categories.add(category);
      return this;
    }

    Draft status() {
      status = true;
      return this;
    }

    Draft generation() {
      generation = true;
      return this;
    }

    Draft conditionalUpdate() {
      unconditionalUpdate = false;
      return this;
    }

    Draft column(String title, String jsonPath) {
      columns.add(new Column(title, "string", 0, jsonPath));
      return this;
    }

    Draft selectable(String jsonPath) {
      selectable.add(jsonPath);
      return this;
    }

    Kind build() {
      columns.add(new Column("Age", "date", 0, ".metadata.creationTimestamp"));
      return new Kind(
          group,
          version,
          name,
          plural,
          name.toLowerCase(java.util.Locale.ROOT),
          namespaced,
          List.copyOf(shortNames),
          List.copyOf(categories),
          status,
          null,
          generation,
          unconditionalUpdate,
          List.copyOf(selectable),
          List.copyOf(columns),
          MissingNode.getInstance());
    }
  }

  private BuiltInKinds() {}
}
