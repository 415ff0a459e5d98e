package dev.dunlin.api.v1alpha1;

/** When a command that ended is started again. */
public enum RestartPolicy {
  Always,
  OnFailure,
  Never
}
