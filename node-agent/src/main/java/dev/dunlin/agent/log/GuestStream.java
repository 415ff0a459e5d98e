package dev.dunlin.agent.log;

/** Where a line of output comes from. */
public record GuestStream(String namespace, String app, String instance, String stream) {}
