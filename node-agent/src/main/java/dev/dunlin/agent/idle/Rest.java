package dev.dunlin.agent.idle;

/** What an http app's instance has given back; in the order of how much. */
public enum Rest {
  AWAKE,
  /** It has no guest instances; its code is in memory. */
  ASLEEP,
  /** It has neither guest instances nor code in memory. */
  FORGOTTEN
}
