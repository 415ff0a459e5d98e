/* Touches argv[1] KiB of memory, says so, and sleeps for argv[2] seconds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int main(int argc, char **argv) {
  size_t size = (argc > 1 ? (size_t)atoi(argv[1]) : 0) << 10;
  char *volatile memory = malloc(size + 1);
  if (!memory) return 1;
  memset(memory, 1, size);
  puts("ready");
  fflush(stdout);
  nanosleep(&(struct timespec){.tv_sec = argc > 2 ? atoi(argv[2]) : 1}, 0);
}
