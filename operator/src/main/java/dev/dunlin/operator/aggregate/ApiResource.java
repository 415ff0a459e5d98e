package dev.dunlin.operator.aggregate;

/**
 * What can be asked for, with GET and in a namespace.
 *
 * @param name as discovery has it, e.g. {@code wasmapps/log}
 */
public record ApiResource(String name, String kind) {}
