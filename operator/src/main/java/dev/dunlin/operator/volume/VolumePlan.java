package dev.dunlin.operator.volume;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.VolumePhase;
import dev.dunlin.api.v1alpha1.WasmVolume;
import dev.dunlin.api.v1alpha1.WasmVolumeStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of one WasmVolume, and whether its object is kept until its files are gone.
 *
 * @param keep null where the finalizer is right as it is, else whether it has to be there
 */
record VolumePlan(WasmVolumeStatus status, @Nullable Boolean keep) {
  static final String BOUND = "Bound";

  /**
   * What one look knows besides the volume.
   *
   * @param offered whether a node that is ready offers what the volume asks for
   * @param remover a node that is ready and has the storage of a shared volume
   * @param isNode whether the volume's node has a WasmNode
   * @param claimed whether the app that has it exists and mounts it
   * @param inUse whether an instance has it
   * @param now for the times of conditions
   */
  record Facts(
      boolean offered,
      Optional<String> remover,
      boolean isNode,
      boolean claimed,
      boolean inUse,
      String now) {}

  static VolumePlan of(WasmVolume volume, Facts facts) {
    boolean kept = volume.getMetadata().getFinalizers().contains(Api.VOLUME_FINALIZER);
    var before = VolumeView.status(volume);
    if (volume.getMetadata().getDeletionTimestamp() != null)
      return kept ? going(volume, before, facts) : new VolumePlan(before, null);
    var plan =
        VolumeView.isShared(volume) ? shared(volume, before, facts) : local(volume, before, facts);
    return new VolumePlan(plan, kept ? null : Boolean.TRUE);
  }

  private static WasmVolumeStatus shared(WasmVolume volume, WasmVolumeStatus before, Facts facts) {
    return facts.offered()
        ? said(
            volume,
            before,
            null,
            null,
            facts,
            VolumePhase.Bound,
            Reasons.VOLUME_BOUND,
            "On the storage that all nodes share.")
        : said(
            volume,
            before,
            null,
            null,
            facts,
            VolumePhase.Pending,
            Reasons.VOLUMES_NOT_OFFERED,
            "No node that is ready offers shared volumes (the agents' flag --shared-volumes).");
  }

  private static WasmVolumeStatus local(WasmVolume volume, WasmVolumeStatus before, Facts facts) {
    @Nullable String node = before.nodeName();
    @Nullable String app = facts.claimed() || facts.inUse() ? before.usedBy() : null;
    if (node == null)
      return facts.offered()
          ? said(
              volume,
              before,
              null,
              app,
              facts,
              VolumePhase.Pending,
              Reasons.WAIT_FOR_FIRST_CONSUMER,
              "The first app that mounts it decides on which node it is.")
          : said(
              volume,
              before,
              null,
              app,
              facts,
              VolumePhase.Pending,
              Reasons.VOLUMES_NOT_OFFERED,
              "No node that is ready offers node-local volumes (the agents' flag --local-volumes).");
    if (!facts.isNode())
      return said(
          volume,
          before,
          node,
          app,
          facts,
          VolumePhase.Lost,
          Reasons.VOLUME_LOST,
          "Node %s is gone, and the files with it: it has no WasmNode any more. If it does not come back, delete the WasmVolume and create it anew."
              .formatted(node));
    return said(
        volume,
        before,
        node,
        app,
        facts,
        VolumePhase.Bound,
        Reasons.VOLUME_BOUND,
        app == null
            ? "On node %s; no app has it.".formatted(node)
            : "On node %s; app %s has it.".formatted(node, app));
  }

  /** Its object goes after its files, and those after the last instance that has them. */
  private static VolumePlan going(WasmVolume volume, WasmVolumeStatus before, Facts facts) {
    if (facts.inUse())
      return removing(
          volume, before, before.nodeName(), facts, "It is deleted once no instance has it.");
    boolean nobody = before.nodeName() == null || !facts.isNode();
    if (!nobody)
      return removing(
          volume,
          before,
          before.nodeName(),
          facts,
          "The agent of node %s removes its files.".formatted(before.nodeName()));
    if (!VolumeView.isShared(volume) || before.phase() != VolumePhase.Bound)
      return new VolumePlan(before, Boolean.FALSE);
    return facts.remover().isPresent()
        ? removing(
            volume,
            before,
            facts.remover().get(),
            facts,
            "The agent of node %s removes its files.".formatted(facts.remover().get()))
        : removing(
            volume,
            before,
            null,
            facts,
            "No node that is ready offers shared volumes, so nobody can remove its files. Take the finalizer %s off to leave them."
                .formatted(Api.VOLUME_FINALIZER));
  }

  private static VolumePlan removing(
      WasmVolume volume,
      WasmVolumeStatus before,
      @Nullable String node,
      Facts facts,
      String message) {
    var phase = before.phase() == null ? VolumePhase.Pending : before.phase();
    return new VolumePlan(
        said(volume, before, node, before.usedBy(), facts, phase, Reasons.VOLUME_REMOVING, message),
        null);
  }

  private static WasmVolumeStatus said(
      WasmVolume volume,
      WasmVolumeStatus before,
      @Nullable String node,
      @Nullable String app,
      Facts facts,
      VolumePhase phase,
      String reason,
      String message) {
    @Nullable Long generation = volume.getMetadata().getGeneration();
    var condition =
        new Condition(
                BOUND,
                phase == VolumePhase.Bound ? Condition.TRUE : Condition.FALSE,
                reason,
                message,
                generation,
                null)
            .since(Condition.find(before.conditions(), BOUND).orElse(null), facts.now());
    return new WasmVolumeStatus(generation, phase, node, app, List.of(condition));
  }
}
