package dev.dunlin.agent.log;

/**
 * Whose run it is whose output is written.
 *
 * @param uid of the instance: a later one may have its name
 */
public record GuestRun(String namespace, String app, String instance, String uid) {}
