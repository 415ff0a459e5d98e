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

  /**
   * On each node a Pod that gives a folder of the node to the agents' user, and empties it at its
   * end.
   */
  static String lender(String folder) {
    return """
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: lender}
    spec:
      selector: {matchLabels: {app: lender}}
      template:
        metadata: {labels: {app: lender}}
        spec:
          containers:
            - name: tools
              image: dunlin-e2e-tools:1
              imagePullPolicy: IfNotPresent
              args: [lend, /folder]
              securityContext: {runAsUser: 0}
              readinessProbe: {exec: {command: [/tools, lent]}, periodSeconds: 1}
              volumeMounts: [{name: folder, mountPath: /folder}]
          volumes:
            - name: folder
              hostPath: {path: %s, type: DirectoryOrCreate}
    """
        .formatted(folder);
  }

  private Tools() {}
}
