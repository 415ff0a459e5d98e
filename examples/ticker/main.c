// Counts: prints a line each interval, and keeps the count in a file, so that a restart goes on where it was.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const COUNT = "/data/count";
static const char *const NEXT = "/data/count.next";

static void fail(const char *what, const char *path) {
  fprintf(stderr, "ticker: cannot %s %s: %s\n", what, path, strerror(errno));
  exit(1);
}

static long long read_count(void) {
  FILE *file = fopen(COUNT, "r");
  if (!file && errno == ENOENT) return 0;
  if (!file) fail("open", COUNT);
  long long count;
  if (fscanf(file, "%lld", &count) != 1) {
    fprintf(stderr, "ticker: %s holds no number\n", COUNT);
    exit(1);
  }
  fclose(file);
  return count;
}

// A new file takes the old one's place whole: whenever this program is stopped, one of them is there and complete.
static void write_count(long long count) {
  FILE *file = fopen(NEXT, "w");
  if (!file) fail("open", NEXT);
  if (fprintf(file, "%lld\n", count) < 0 || fclose(file)) fail("write", NEXT);
  if (rename(NEXT, COUNT)) fail("rename", NEXT);
}

static struct timespec interval(void) {
  const char *text = getenv("INTERVAL_SECONDS");
  char *end;
  double seconds = strtod(text ? text : "1", &end);
  if (*end || !(seconds > 0 && seconds <= 86400)) {
    fprintf(stderr, "ticker: INTERVAL_SECONDS is \"%s\"; expected seconds between 0 and 86400\n", text);
    exit(2);
  }
  time_t whole = (time_t)seconds;
  return (struct timespec){.tv_sec = whole, .tv_nsec = (long)((seconds - (double)whole) * 1e9)};
}

int main(void) {
  const char *label = getenv("LABEL");
  struct timespec pause = interval();
  long long count = read_count();
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (count > 0) printf("%s: going on after %lld\n", label ? label : "tick", count);
  for (;;) {
    count++;
    write_count(count);
    printf("%s %lld\n", label ? label : "tick", count);
    nanosleep(&pause, NULL);
  }
}
