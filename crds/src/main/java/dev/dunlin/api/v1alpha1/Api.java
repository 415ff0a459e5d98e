package dev.dunlin.api.v1alpha1;

/** Names that the API server, the operator, the agents and users agree on. */
public final class Api {
  public static final String GROUP = "dunlin.dev";
  public static final String VERSION = "v1alpha1";

  /** Label: the name of the WasmApp that an object was made for. */
  public static final String APP_LABEL = "dunlin.dev/app";

  /** Label: the revision (a hash of the app's template) that an instance runs. */
  public static final String REVISION_LABEL = "dunlin.dev/revision";

  /** Label: which run of a job an instance is, counted from 0. */
  public static final String RUN_LABEL = "dunlin.dev/run";

  /** Label of a WasmApp: the name of the cron app that made it. */
  public static final String CRON_LABEL = "dunlin.dev/cron";

  /** Annotation of a cron app's job: the time of the schedule that it was made for, RFC 3339. */
  public static final String SCHEDULED_TIME_ANNOTATION = "dunlin.dev/cron-scheduled-time";

  /**
   * Annotation of an instance: the {@code nodeSelector} of the template that it was made from, as
   * {@code key=value,key=value}.
   */
  public static final String NODE_SELECTOR_ANNOTATION = "dunlin.dev/node-selector";

  /**
   * Annotation of an instance: what else its template says of nodes (affinity, tolerations,
   * topologySpreadConstraints), as JSON; absent where it says nothing.
   */
  public static final String PLACEMENT_ANNOTATION = "dunlin.dev/placement";

  /**
   * Annotation of an instance: the engine features that its image needs, separated by commas, where
   * the registry told.
   */
  public static final String FEATURES_ANNOTATION = "dunlin.dev/engine-features";

  /**
   * Annotation of an instance: the hash of the template that it was made from, which names its
   * ControllerRevision; absent where that is its revision.
   */
  public static final String TEMPLATE_ANNOTATION = "dunlin.dev/template";

  /**
   * Annotation of an instance: the ConfigMaps and Secrets that its variables were made from, each
   * with a hash of what it said, as {@code configmap/NAME=HASH,secret/NAME=HASH}.
   */
  public static final String CONFIG_ANNOTATION = "dunlin.dev/config";

  /**
   * Annotation of an http instance while a canary is under way: the share of its revision in the
   * requests of its agent, from 0 to 100.
   */
  public static final String WEIGHT_ANNOTATION = "dunlin.dev/weight";

  /** Annotation of a ControllerRevision: its image by digest, so that nothing is resolved anew. */
  public static final String IMAGE_ANNOTATION = "dunlin.dev/image";

  /**
   * Finalizer of a WasmInstance: taken off by its agent once it has stopped, or by the operator
   * once the node is lost.
   */
  public static final String INSTANCE_FINALIZER = "dunlin.dev/agent";

  /**
   * Finalizer of a WasmVolume: taken off by the agent that has removed its folder, or by the
   * operator where there is no folder, or no node any more that has it.
   */
  public static final String VOLUME_FINALIZER = "dunlin.dev/volume";

  /**
   * Value of {@code endpointslice.kubernetes.io/managed-by} and {@code
   * app.kubernetes.io/managed-by}.
   */
  public static final String MANAGED_BY = "dunlin-operator";

  /** Label of a WasmNode: the machine that its agent is on. */
  public static final String HOST_LABEL = "kubernetes.io/hostname";

  /**
   * What a token is made for that an agent takes: this and the node's name. The API server itself
   * and other agents refuse such a token, so that a node that is broken into gains nothing by it.
   */
  public static final String AGENT_AUDIENCE = "agent.dunlin.dev/";

  private Api() {}
}
