/* Five bodies, 400,000 steps: doubles, divisions and square roots. */
#include "bench.h"
#include <math.h>
#include <string.h>

enum { BODIES = 5 };
struct body { double x, y, z, vx, vy, vz, mass; };

static struct body system_[BODIES];

static void reset(void) {
  for (int i = 0; i < BODIES; i++) {
    double r = i * 5.2 + (i ? 1 : 0), angle = i * 1.3;
    system_[i] = (struct body){r * cos(angle), r * sin(angle), i * 0.1, -0.9 * sin(angle) * i, 0.9 * cos(angle) * i, 0.01 * i, i ? 0.01 * i : 39.5};
  }
}

static void step(double dt) {
  for (int i = 0; i < BODIES; i++) {
    struct body *a = &system_[i];
    for (int j = i + 1; j < BODIES; j++) {
      struct body *b = &system_[j];
      double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
      double d2 = dx * dx + dy * dy + dz * dz, pull = dt / (d2 * sqrt(d2));
      a->vx -= dx * b->mass * pull, a->vy -= dy * b->mass * pull, a->vz -= dz * b->mass * pull;
      b->vx += dx * a->mass * pull, b->vy += dy * a->mass * pull, b->vz += dz * a->mass * pull;
    }
  }
  for (int i = 0; i < BODIES; i++) {
    struct body *a = &system_[i];
    a->x += dt * a->vx, a->y += dt * a->vy, a->z += dt * a->vz;
  }
}

uint32_t work(void) {
  reset();
  for (int i = 0; i < 400000; i++) step(0.001);
  uint32_t hash = 2166136261u;
  for (int i = 0; i < BODIES; i++) {
    uint64_t bits;
    memcpy(&bits, &system_[i].x, 8);
    hash = fold(hash, (uint32_t)(bits >> 40)); /* the leading bits: rounding may differ in the last ones */
  }
  return hash;
}
