package dev.dunlin.api.v1alpha1;

/** Field descriptions that more than one kind shows. */
final class Docs {
  static final String APP_IMAGE =
      "OCI reference of the module, by tag or digest. A tag is resolved to a digest once per revision.";
  static final String IMAGE_PULL_POLICY =
      "When the agent asks the registry: Always, IfNotPresent or Never.";
  static final String IMAGE_PULL_SECRETS =
      "Secrets of type kubernetes.io/dockerconfigjson that open the registry.";
  static final String ARGS =
      "Arguments of the command, after its name; $(VAR) is replaced as in a Pod.";
  static final String ENV = "Environment variables.";
  static final String ENV_FROM =
      "ConfigMaps and Secrets whose keys become environment variables; env wins.";
  static final String REPLICAS =
      "Instances wanted (http and worker). 0 is off; with autoscaling.minReplicas 0 it is asleep. The autoscaler's where there is one: leave it out then.";
  static final String HTTP = "Answers HTTP requests; the default.";
  static final String WORKER = "A command that keeps running.";
  static final String JOB = "A command that runs to its end.";
  static final String CRON = "A job at the times of a schedule.";
  static final String REUSE =
      "Requests that one WebAssembly instance of a component answers before it is thrown away; 1: each request has a fresh one. Commands always have fresh ones.";
  static final String IDLE_AFTER =
      "Seconds without a request after which the app gives up its guest instances, and its code's memory a while later; the next request brings them back. Unset: as the agent has it (5 minutes).";
  static final String MAX_QUEUED =
      "Requests of the app that may wait on a node beyond those that are worked on; more are answered 503 with Retry-After. Unset: 64 for each of maxConcurrency.";
  static final String MAX_REQUEST_BODY =
      "Bytes of a request's body; more is answered 413. Unset: no bound.";
  static final String MAX_RESPONSE_BODY =
      "Bytes of an answer's body; one that says it is larger is answered 502, one that becomes larger breaks. Unset: no bound.";
  static final String NETWORK = "Where the guest may connect to; unset: nowhere.";
  static final String RESOURCES = "Memory and CPU promised and allowed.";
  static final String VOLUMES = "Files that volumeMounts refer to.";
  static final String VOLUME_MOUNTS = "Where the guest sees which volume.";
  static final String NODE_SELECTOR = "Labels that a WasmNode must have.";
  static final String STARTUP_PROBE =
      "Until it succeeds the other probes wait; when it fails the instance is restarted.";
  static final String READINESS_PROBE =
      "While it fails the instance gets no requests and is not ready.";
  static final String LIVENESS_PROBE = "When it fails the instance is restarted.";
  static final String GRACE =
      "Seconds that requests or the command may take to end once the instance is deleted.";

  private Docs() {}
}
