package dev.dunlin.api.v1alpha1;

/** As a PersistentVolumeClaim's. */
public enum VolumePhase {
  Pending,
  Bound,
  Lost
}
