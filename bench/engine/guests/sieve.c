/* Primes below 4 million: byte stores at growing strides. */
#include "bench.h"
#include <string.h>

enum { LIMIT = 4000000 };
static uint8_t composite[LIMIT];

uint32_t work(void) {
  memset(composite, 0, LIMIT);
  uint32_t count = 0;
  for (uint32_t i = 2; i < LIMIT; i++) {
    if (composite[i]) continue;
    count++;
    for (uint64_t j = (uint64_t)i * i; j < LIMIT; j += i) composite[j] = 1;
  }
  return count;
}
