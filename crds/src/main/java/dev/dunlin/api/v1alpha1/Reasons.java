package dev.dunlin.api.v1alpha1;

/**
 * Reasons of conditions and Events: the machine-readable half of every state that
 * docs/troubleshooting.md lists. An agent puts them on an instance; the operator lifts them to the
 * app.
 */
public final class Reasons {
  // Resolving and fetching the module (operator and agent).
  public static final String IMAGE_RESOLVED = "ImageResolved";
  public static final String IMAGE_RESOLVING = "ImageResolving";
  public static final String IMAGE_NOT_FOUND = "ImageNotFound";
  public static final String IMAGE_UNAUTHORIZED = "ImageUnauthorized";
  public static final String REGISTRY_UNAVAILABLE = "RegistryUnavailable";
  public static final String IMAGE_INVALID = "ImageInvalid";
  public static final String IMAGE_DIGEST_MISMATCH = "ImageDigestMismatch";
  public static final String IMAGE_TOO_LARGE = "ImageTooLarge";
  public static final String IMAGE_NEVER_PULLED = "ErrImageNeverPull";
  public static final String MODULE_CACHE_FULL = "ModuleCacheFull";
  public static final String PULLING = "Pulling";

  // Signatures (agent; the last two of a policy, by the operator).
  public static final String SIGNATURE_VERIFIED = "SignatureVerified";
  public static final String SIGNATURE_MISSING = "SignatureMissing";
  public static final String SIGNATURE_INVALID = "SignatureInvalid";
  public static final String POLICY_UNAVAILABLE = "PolicyUnavailable";
  public static final String POLICY_ACCEPTED = "PolicyAccepted";
  public static final String KEY_INVALID = "KeyInvalid";

  // Loading the module (agent).
  public static final String COMPILING = "Compiling";
  public static final String MODULE_LOADED = "ModuleLoaded";
  public static final String NOT_WASM = "NotWasm";
  public static final String MODULE_MALFORMED = "ModuleMalformed";
  public static final String MODULE_INVALID = "ModuleInvalid";
  public static final String MISSING_IMPORT = "MissingImport";
  public static final String NO_ENTRY_POINT = "NoEntryPoint";
  public static final String COMPONENT_NOT_SUPPORTED = "ComponentNotSupported";
  public static final String FEATURE_NOT_SUPPORTED = "FeatureNotSupported";
  public static final String MODULE_TOO_LARGE = "ModuleTooLarge";
  public static final String WORKLOAD_MISMATCH = "WorkloadMismatch";

  // Configuration (agent).
  public static final String CONFIG_MAP_NOT_FOUND = "ConfigMapNotFound";
  public static final String SECRET_NOT_FOUND = "SecretNotFound";
  public static final String KEY_NOT_FOUND = "KeyNotFound";
  public static final String API_UNAVAILABLE = "ApiUnavailable";
  public static final String PORT_IN_USE = "PortInUse";

  // Running (agent; the same words are a Termination's reason).
  public static final String STARTED = "Started";
  public static final String SERVING = "Serving";
  public static final String COMPLETED = "Completed";
  public static final String ERROR = "Error";
  public static final String TRAP = "Trap";
  public static final String OUT_OF_MEMORY = "OutOfMemory";
  public static final String DEADLINE_EXCEEDED = "DeadlineExceeded";
  public static final String CPU_TIME_EXCEEDED = "CPUTimeExceeded";
  public static final String STOPPED = "Stopped";
  public static final String STOPPING = "Stopping";
  public static final String CRASH_LOOP = "CrashLoopBackOff";
  public static final String PROBING = "Probing";
  public static final String UNHEALTHY = "Unhealthy";
  public static final String KILLING = "Killing";
  public static final String STARTUP_PROBE_FAILED = "StartupProbeFailed";
  public static final String READINESS_PROBE_FAILED = "ReadinessProbeFailed";
  public static final String LIVENESS_PROBE_FAILED = "LivenessProbeFailed";
  public static final String OUTPUT_DROPPED = "OutputDropped";
  public static final String OUTPUT_KEPT = "OutputKept";
  public static final String EVICTED = "Evicted";

  // Volumes (operator and agent).
  public static final String VOLUME_NOT_FOUND = "VolumeNotFound";
  public static final String VOLUME_IN_USE = "VolumeInUse";
  public static final String VOLUME_FULL = "VolumeFull";
  public static final String VOLUME_LOST = "VolumeLost";
  public static final String VOLUMES_NOT_OFFERED = "VolumesNotOffered";
  public static final String VOLUME_BOUND = "VolumeBound";
  public static final String VOLUME_UPDATE_FAILED = "VolumeUpdateFailed";
  public static final String WAIT_FOR_FIRST_CONSUMER = "WaitForFirstConsumer";
  public static final String VOLUME_REMOVING = "VolumeRemoving";

  // Apps (operator).
  public static final String UNSCHEDULABLE = "Unschedulable";
  public static final String NO_NODE_WITH_FEATURES = "NoNodeWithFeatures";
  public static final String SCHEDULED = "Scheduled";
  public static final String PRIORITY_CLASS_NOT_FOUND = "PriorityClassNotFound";
  public static final String PREEMPTED = "Preempted";
  public static final String ROLLING_OUT = "RollingOut";
  public static final String ROLLED_OUT = "RolledOut";
  public static final String PAUSED = "DeploymentPaused";
  public static final String REVISION_NOT_FOUND = "RevisionNotFound";
  public static final String REVISION_REFUSED = "RevisionRefused";
  public static final String PROGRESS_DEADLINE_EXCEEDED = "ProgressDeadlineExceeded";
  public static final String MINIMUM_AVAILABLE = "MinimumReplicasAvailable";
  public static final String MINIMUM_UNAVAILABLE = "MinimumReplicasUnavailable";
  public static final String ALL_READY = "AllInstancesReady";
  public static final String NOT_ALL_READY = "InstancesNotReady";
  public static final String SCALED_TO_ZERO = "ScaledToZero";
  public static final String SERVICE_NAME_TAKEN = "ServiceNameTaken";
  public static final String SERVICE_REFUSED = "ServiceRefused";
  public static final String INSTANCE_REFUSED = "InstanceRefused";
  public static final String NO_PORT_LEFT = "NoPortLeft";
  public static final String QUOTA_EXCEEDED = "QuotaExceeded";
  public static final String LIMITS_EXCEEDED = "LimitsExceeded";
  public static final String JOB_RUNNING = "JobRunning";
  public static final String JOB_COMPLETE = "JobComplete";
  public static final String JOB_SUSPENDED = "JobSuspended";
  public static final String JOB_RESUMED = "JobResumed";
  public static final String BACKOFF_LIMIT_EXCEEDED = "BackoffLimitExceeded";
  public static final String FAILURE_POLICY = "FailurePolicy";

  // Scaling, idleness, routes, canaries (operator and agent).
  public static final String IDLE = "Idle";
  public static final String SERVING_REQUESTS = "ServingRequests";
  public static final String AUTOSCALER_READY = "AutoscalerReady";
  public static final String AUTOSCALER_TAKEN = "AutoscalerNameTaken";
  public static final String AUTOSCALER_REFUSED = "AutoscalerRefused";
  public static final String METRICS_NOT_OFFERED = "MetricsNotOffered";
  public static final String ROUTE_READY = "RouteReady";
  public static final String ROUTE_TAKEN = "RouteNameTaken";
  public static final String ROUTE_REFUSED = "RouteRefused";
  public static final String ROUTE_PENDING = "RoutePending";
  public static final String ROUTE_NOT_ACCEPTED = "RouteNotAccepted";
  public static final String GATEWAY_API_MISSING = "GatewayApiMissing";
  public static final String CANARY_STEP = "CanaryStep";
  public static final String CANARY_FAILED = "CanaryFailed";
  public static final String CANARY_PROMOTED = "CanaryPromoted";

  // Schedules (operator; most are a CronJob's words).
  public static final String SCHEDULE_ACTIVE = "ScheduleActive";
  public static final String CRON_SUSPENDED = "CronSuspended";
  public static final String INVALID_SCHEDULE = "InvalidSchedule";
  public static final String UNKNOWN_TIME_ZONE = "UnknownTimeZone";
  public static final String CLOCK_SKEW = "ClockSkew";
  public static final String FAILED_CREATE = "FailedCreate";
  public static final String SUCCESSFUL_CREATE = "SuccessfulCreate";
  public static final String SUCCESSFUL_DELETE = "SuccessfulDelete";
  public static final String JOB_ALREADY_ACTIVE = "JobAlreadyActive";
  public static final String SAW_COMPLETED_JOB = "SawCompletedJob";
  public static final String MISSING_JOB = "MissingJob";
  public static final String MISS_SCHEDULE = "MissSchedule";
  public static final String TOO_MANY_MISSED_TIMES = "TooManyMissedTimes";

  // Nodes (operator).
  public static final String LEASE_RENEWED = "LeaseRenewed";
  public static final String LEASE_EXPIRED = "LeaseExpired";
  public static final String LEASE_RELEASED = "LeaseReleased";
  public static final String NODE_LOST = "NodeLost";
  public static final String NODE_REMOVED = "NodeRemoved";
  public static final String DRAINING = "Draining";
  public static final String DRAINED = "Drained";
  public static final String AGENT_NOT_READY = "AgentNotReady";
  public static final String AGENT_GONE = "AgentGone";

  private Reasons() {}
}
