/* A bad neighbour, as CGI: for QUERY_STRING's "spin=MS", "flood=MS" or "fill=MS" it computes, writes lines to its log, or
   fills all the memory that it can have, until its time is over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK = 1 << 20 };

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static volatile unsigned long sink;

static void spin(double end) {
  while (milliseconds() < end)
    for (unsigned long i = 0; i < 100000; i++) sink = sink * 31 + i;
}

static void flood(double end) {
  while (milliseconds() < end)
    for (int i = 0; i < 100; i++) fputs("a line that nobody needs and that is about as long as lines of logs are\n", stderr);
}

// Takes memory until there is no more, then writes all of it again and again.
static void fill(double end) {
  char *blocks[4096];
  size_t count = 0;
  while (count < 4096 && (blocks[count] = malloc(BLOCK))) memset(blocks[count++], 1, BLOCK);
  for (int value = 2; milliseconds() < end; value++)
    for (size_t i = 0; i < count && milliseconds() < end; i++) memset(blocks[i], value, BLOCK);
}

int main(void) {
  const char *query = getenv("QUERY_STRING");
  const char *sign = query ? strchr(query, '=') : 0;
  if (sign) {
    double end = milliseconds() + atof(sign + 1);
    if (!strncmp(query, "spin", 4)) spin(end);
    if (!strncmp(query, "flood", 5)) flood(end);
    if (!strncmp(query, "fill", 4)) fill(end);
  }
  puts("Content-Type: text/plain\n\ndone");
}
