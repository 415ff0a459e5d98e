/** Spans of the requests that apps answer: W3C Trace Context in and on, OTLP out. */
@NullMarked
package dev.dunlin.agent.trace;

import org.jspecify.annotations.NullMarked;
