package dev.dunlin.agent.instance;

/** What an instance is at. */
enum Stage {
  /** Its module is being pulled, compiled, or found in memory. */
  FETCHING,
  /** Its variables and volumes are being read. */
  CONFIGURING,
  /** Its command is being started, or its port opened. */
  STARTING,
  RUNNING,
  /** It will be tried again at a known time. */
  WAITING,
  /** It cannot run; only another revision helps. */
  HELD,
  /** Its command has ended for good. */
  FINISHED,
  /** It is deleted (or its agent shuts down) and ends what is under way. */
  STOPPING,
  /** Nothing of it is left here. */
  STOPPED
}
