package dev.dunlin.operator.log;

/**
 * One line of an instance's log, or a piece of a very long one.
 *
 * @param time when it was written, as its agent says; empty for what continues a line
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares lines
record LogLine(String time, byte[] text) {}
