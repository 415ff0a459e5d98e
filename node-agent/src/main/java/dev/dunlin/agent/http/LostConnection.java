package dev.dunlin.agent.http;

/** Why a client's connection was not served. */
public enum LostConnection {
  /** The app has as many as it may have. */
  APP_FULL,
  /** The agent has as many as it may have. */
  AGENT_FULL,
  /** It sent no whole request head in time. */
  SILENT,
  /** It could not be accepted. */
  NOT_ACCEPTED
}
