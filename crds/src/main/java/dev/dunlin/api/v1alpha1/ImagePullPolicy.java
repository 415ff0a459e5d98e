package dev.dunlin.api.v1alpha1;

/** When an agent asks the registry: for every start, only for what it does not have, or never. */
public enum ImagePullPolicy {
  Always,
  IfNotPresent,
  Never
}
