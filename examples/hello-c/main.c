// Greets whoever the query names. A request comes as environment variables (CGI), the answer goes to standard output.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int hex(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// Prints the percent-decoded text between begin and end.
static void print_decoded(const char *begin, const char *end) {
  for (const char *at = begin; at < end; at++) {
    if (*at == '%' && end - at > 2 && hex(at[1]) >= 0 && hex(at[2]) >= 0) {
      putchar(hex(at[1]) * 16 + hex(at[2]));
      at += 2;
    } else {
      putchar(*at == '+' ? ' ' : *at);
    }
  }
}

// Where the value of a parameter begins and ends in a query string; an empty range when it is missing.
static void find(const char *query, const char *name, const char **begin, const char **end) {
  size_t length = strlen(name);
  *begin = *end = query;
  for (const char *pair = query; *pair; pair += *pair == '&') {
    const char *stop = pair + strcspn(pair, "&");
    if (!strncmp(pair, name, length) && pair[length] == '=') {
      *begin = pair + length + 1;
      *end = stop;
      return;
    }
    pair = stop;
  }
}

int main(void) {
  const char *greeting = getenv("GREETING");
  const char *query = getenv("QUERY_STRING");
  const char *begin, *end;
  find(query ? query : "", "name", &begin, &end);

  puts("Content-Type: text/plain; charset=utf-8\n");
  printf("%s, ", greeting ? greeting : "Hello");
  if (begin < end) print_decoded(begin, end);
  else fputs("world", stdout);
  puts(", from C");
  return 0;
}
