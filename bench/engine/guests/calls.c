/* Recursion (Fibonacci of 30) and 8 million calls through a table that the compiler cannot see through. */
#include "bench.h"

static __attribute__((noinline)) uint32_t fibonacci(uint32_t n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

typedef uint32_t (*operation)(uint32_t, uint32_t);
static uint32_t add(uint32_t a, uint32_t b) { return a + b; }
static uint32_t mix(uint32_t a, uint32_t b) { return a ^ b * 2654435761u; }
static uint32_t turn(uint32_t a, uint32_t b) { return (a << 7 | a >> 25) + b; }
static uint32_t less(uint32_t a, uint32_t b) { return a - b; }
static operation volatile table[4] = {add, mix, turn, less};

uint32_t work(void) {
  uint32_t value = fibonacci(30);
  for (uint32_t i = 0; i < 8000000; i++) value = table[(i ^ value) & 3](value, i);
  return value;
}
