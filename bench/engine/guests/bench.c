/* Runs work() ITERATIONS times, or until MILLISECONDS are over but twice at least; prints nanoseconds and checksum. */
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int main(int argc, char **argv) {
  int iterations = argc > 1 ? atoi(argv[1]) : 10;
  int64_t end = now() + (argc > 2 ? atoi(argv[2]) : 10000) * (int64_t)1000000;
  for (int i = 0; i < iterations && (i < 2 || now() < end); i++) {
    int64_t start = now();
    uint32_t checksum = work();
    printf("%lld %08x\n", (long long)(now() - start), checksum);
    fflush(stdout);
  }
}
