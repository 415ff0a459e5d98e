package dev.dunlin.engine;

/** One header field line. */
public record HttpHeader(String name, String value) {}
