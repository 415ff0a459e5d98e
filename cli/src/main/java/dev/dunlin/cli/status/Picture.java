package dev.dunlin.cli.status;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppStatus;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.cli.cluster.Age;
import dev.dunlin.cli.terminal.Table;
import dev.dunlin.cli.terminal.Terminal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An app, its replicas by node, and what is said of it; pure. */
final class Picture {
  private final WasmApp app;
  private final List<WasmInstance> instances;
  private final Map<String, WasmNode> nodes;
  private final Instant now;

  Picture(WasmApp app, List<WasmInstance> instances, List<WasmNode> nodes, Instant now) {
    this.app = app;
    this.instances = List.copyOf(instances);
    this.nodes =
        nodes.stream().collect(Collectors.toMap(node -> node.getMetadata().getName(), n -> n));
    this.now = now;
  }

  List<String> lines() {
    var lines = new ArrayList<>(head());
    lines.add("");
    lines.addAll(tree());
    lines.add("");
    lines.addAll(conditions());
    return lines;
  }

  private List<String> head() {
    WasmAppStatus status = Words.status(app);
    var lines = new ArrayList<String>();
    lines.add(
        "%s/%s  %s  %s ready  %s"
            .formatted(
                app.getMetadata().getNamespace(),
                app.getMetadata().getName(),
                Words.kind(app),
                Words.ready(app),
                Words.state(app)));
    lines.add("image     " + Objects.requireNonNullElse(status.image(), app.getSpec().image()));
    if (status.revision() != null) {
      lines.add(
          "revision  %s%s%s"
              .formatted(
                  status.revision(),
                  status.revisionNumber() == null
                      ? ""
                      : " (number " + status.revisionNumber() + ")",
                  Boolean.TRUE.equals(app.getSpec().paused()) ? ", paused" : ""));
    }
    if (status.url() != null) {
      lines.add("url       " + status.url());
    }
    return lines;
  }

  private List<String> tree() {
    Map<String, List<WasmInstance>> byNode =
        instances.stream()
            .sorted(Comparator.comparing(instance -> instance.getMetadata().getName()))
            .collect(
                Collectors.groupingBy(
                    instance -> instance.getSpec().nodeName(), TreeMap::new, Collectors.toList()));
    if (byNode.isEmpty()) {
      return List.of("no instances");
    }
    var lines = new ArrayList<String>();
    byNode.forEach((node, there) -> {
      lines.add(node + "  " + state(nodes.get(node)));
      var rows = new Table();
      there.forEach(instance -> rows.row(row(instance)));
      List<String> texts = rows.lines();
      for (int i = 1; i < texts.size(); i++) {
        lines.add((i == texts.size() - 1 ? "└── " : "├── ") + texts.get(i));
      }
    });
    return lines;
  }

  private static String state(@Nullable WasmNode node) {
    if (node == null || node.getStatus() == null) {
      return "(gone)";
    }
    var status = node.getStatus();
    boolean ready =
        Condition.find(status.conditions(), "Ready").map(Condition::isTrue).orElse(false);
    return (ready ? "ready" : "NOT READY")
        + (Boolean.TRUE.equals(status.draining()) ? ", draining" : "")
        + (Boolean.TRUE.equals(status.memoryPressure()) ? ", memory pressure" : "")
        + (status.engine() == null ? "" : ", " + status.engine().name() + " engine");
  }

  private String[] row(WasmInstance instance) {
    WasmInstanceStatus status =
        Objects.requireNonNullElse(instance.getStatus(), WasmInstanceStatus.EMPTY);
    boolean current = instance.getSpec().revision().equals(Words.status(app).revision());
    return new String[] {
      instance.getMetadata().getName(),
      said(instance, status),
      status.memoryBytes() == null ? "" : Terminal.size(status.memoryBytes()),
      Words.orZero(status.restarts()) == 0 ? "" : status.restarts() + " restarts",
      Age.of(instance.getMetadata().getCreationTimestamp(), now),
      current ? "" : "(older revision)"
    };
  }

  private static String said(WasmInstance instance, WasmInstanceStatus status) {
    if (instance.getMetadata().getDeletionTimestamp() != null) {
      return "Terminating";
    }
    if (Boolean.TRUE.equals(status.ready())) {
      return "ready";
    }
    InstancePhase phase = Objects.requireNonNullElse(status.phase(), InstancePhase.Pending);
    String why =
        Condition.find(status.conditions(), "Ready")
            .map(Condition::reason)
            .filter(reason -> !reason.isEmpty())
            .orElse("");
    return why.isEmpty() || why.equals(phase.name()) ? phase.name() : phase + ": " + why;
  }

  private List<String> conditions() {
    var table = new Table("CONDITION", "STATUS", "REASON", "MESSAGE");
    Words.status(app)
        .conditions()
        .forEach(it -> table.row(it.type(), it.status(), it.reason(), it.message()));
    return table.lines();
  }
}
