package dev.dunlin.agent.probe;

/** What one probe came to. */
public sealed interface ProbeResult {
  ProbeResult GOOD = new Good();

  record Good() implements ProbeResult {}

  /** The app answered badly, or not in time. */
  record Bad(String why) implements ProbeResult {}

  /** The agent could not ask, through no fault of the app: as if it had not been asked. */
  record Unknown(String why) implements ProbeResult {}
}
