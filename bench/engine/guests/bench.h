/* One iteration of a workload; returns a checksum of what it computed, the same each time and on every engine. */
#include <stdint.h>

uint32_t work(void);

/* FNV-1a, to fold results into a checksum. */
static inline uint32_t fold(uint32_t hash, uint32_t value) {
  for (int i = 0; i < 4; i++) hash = (hash ^ (value >> (8 * i) & 255)) * 16777619u;
  return hash;
}
