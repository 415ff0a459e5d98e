/**
 * HTTP for commands, by the CGI convention as WAGI has it (RFC 3875): the request as variables,
 * arguments and standard input, the answer on standard output. Works with any engine.
 */
@NullMarked
package dev.dunlin.engine.cgi;

import org.jspecify.annotations.NullMarked;
