package dev.dunlin.e2e.whole;

/** The image of {@code e2e/cluster/build-tools}, as a Pod that passes Pod Security "restricted". */
final class Tools {
  static final String REGISTRY = "registry.dunlin-e2e.svc.cluster.local:5000";

  /** Named {@code name}; {@code args} are quoted, with commas between them. */
  static String pod(String name, String args) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, labels: {app: %s}}
    spec:
      terminationGracePeriodSeconds: 1
      restartPolicy: Never
      securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: tools
          image: dunlin-e2e-tools:1
          imagePullPolicy: IfNotPresent
          args: [%s]
          securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
    """
        .formatted(name, name, args);
  }

  /** The registry with the examples' modules, behind a Service. */
  static String registry() {
    return pod("registry", "registry, /modules")
        + """
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: registry}
        spec: {selector: {app: registry}, ports: [{port: 5000}]}
        """;
  }

  private Tools() {}
}
