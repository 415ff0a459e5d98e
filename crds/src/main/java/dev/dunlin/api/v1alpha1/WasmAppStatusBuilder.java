package dev.dunlin.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a {@link WasmAppStatus} like another one, but for what is said here. */
public final class WasmAppStatusBuilder {
  private @Nullable Long observedGeneration;
  private @Nullable Integer replicas;
  private @Nullable Integer readyReplicas;
  private @Nullable Integer updatedReplicas;
  private @Nullable Integer availableReplicas;
  private @Nullable Integer unavailableReplicas;
  private @Nullable String selector;
  private @Nullable String image;
  private List<String> features;
  private @Nullable String revision;
  private @Nullable Long revisionNumber;
  private @Nullable String currentRevision;
  private @Nullable String lastProgressTime;
  private @Nullable String url;
  private @Nullable Integer port;
  private @Nullable JobStatus job;
  private @Nullable CronStatus cron;
  private @Nullable CanaryStatus canary;
  private List<Condition> conditions;

  WasmAppStatusBuilder(WasmAppStatus like) {
    observedGeneration = like.observedGeneration();
    replicas = like.replicas();
    readyReplicas = like.readyReplicas();
    updatedReplicas = like.updatedReplicas();
    availableReplicas = like.availableReplicas();
    unavailableReplicas = like.unavailableReplicas();
    selector = like.selector();
    image = like.image();
    features = like.features();
    revision = like.revision();
    revisionNumber = like.revisionNumber();
    currentRevision = like.currentRevision();
    lastProgressTime = like.lastProgressTime();
    url = like.url();
    port = like.port();
    job = like.job();
    cron = like.cron();
    canary = like.canary();
    conditions = like.conditions();
  }

  public WasmAppStatusBuilder withObservedGeneration(@Nullable Long value) {
    observedGeneration = value;
    return this;
  }

  public WasmAppStatusBuilder withReplicas(@Nullable Integer value) {
    replicas = value;
    return this;
  }

  public WasmAppStatusBuilder withReadyReplicas(@Nullable Integer value) {
    readyReplicas = value;
    return this;
  }

  public WasmAppStatusBuilder withUpdatedReplicas(@Nullable Integer value) {
    updatedReplicas = value;
    return this;
  }

  public WasmAppStatusBuilder withAvailableReplicas(@Nullable Integer value) {
    availableReplicas = value;
    return this;
  }

  public WasmAppStatusBuilder withUnavailableReplicas(@Nullable Integer value) {
    unavailableReplicas = value;
    return this;
  }

  public WasmAppStatusBuilder withSelector(@Nullable String value) {
    selector = value;
    return this;
  }

  public WasmAppStatusBuilder withImage(@Nullable String value) {
    image = value;
    return this;
  }

  public WasmAppStatusBuilder withFeatures(List<String> value) {
    features = value;
    return this;
  }

  public WasmAppStatusBuilder withRevision(@Nullable String value) {
    revision = value;
    return this;
  }

  public WasmAppStatusBuilder withRevisionNumber(@Nullable Long value) {
    revisionNumber = value;
    return this;
  }

  public WasmAppStatusBuilder withCurrentRevision(@Nullable String value) {
    currentRevision = value;
    return this;
  }

  public WasmAppStatusBuilder withLastProgressTime(@Nullable String value) {
    lastProgressTime = value;
    return this;
  }

  public WasmAppStatusBuilder withUrl(@Nullable String value) {
    url = value;
    return this;
  }

  public WasmAppStatusBuilder withPort(@Nullable Integer value) {
    port = value;
    return this;
  }

  public WasmAppStatusBuilder withJob(@Nullable JobStatus value) {
    job = value;
    return this;
  }

  public WasmAppStatusBuilder withCron(@Nullable CronStatus value) {
    cron = value;
    return this;
  }

  public WasmAppStatusBuilder withCanary(@Nullable CanaryStatus value) {
    canary = value;
    return this;
  }

  public WasmAppStatusBuilder withConditions(List<Condition> value) {
    conditions = value;
    return this;
  }

  public WasmAppStatus build() {
    return new WasmAppStatus(
        observedGeneration,
        replicas,
        readyReplicas,
        updatedReplicas,
        availableReplicas,
        unavailableReplicas,
        selector,
        image,
        features,
        revision,
        revisionNumber,
        currentRevision,
        lastProgressTime,
        url,
        port,
        job,
        cron,
        canary,
        conditions);
  }
}
