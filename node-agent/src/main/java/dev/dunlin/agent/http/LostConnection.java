package dev.dunlin.agent.http;

/** Why a client's connection was not served, or not any longer. */
public enum LostConnection {
  /** The app has as many as it may have, and none is without a request. */
  APP_FULL,
  /** The agent has as many as it may have, or the app its share of them. */
  AGENT_FULL,
  /** It had been without a request for the longest time when another one needed its place. */
  GAVE_WAY,
  /** It sent no whole request head in time. */
  SILENT,
  /** It did not take its answer. */
  NOT_READING,
  /** It could not be accepted. */
  NOT_ACCEPTED
}
