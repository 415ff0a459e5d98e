package dev.dunlin.agent.traffic;

/**
 * An instance that is on this agent.
 *
 * @param memoryBytes that its guests have now; 0 where nothing runs
 */
public record Presence(String namespace, String app, String revision, long memoryBytes) {}
