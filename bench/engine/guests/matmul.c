/* 256 x 256 doubles, multiplied twice: strided loads, no SIMD asked for. */
#include "bench.h"
#include <string.h>

enum { N = 256 };
static double a[N][N], b[N][N], c[N][N];

uint32_t work(void) {
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) a[i][j] = (i * 7 + j) % 13, b[i][j] = (i + j * 5) % 11;
  for (int round = 0; round < 2; round++) {
    memset(c, 0, sizeof c);
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++) {
        double sum = 0;
        for (int k = 0; k < N; k++) sum += a[i][k] * b[k][j];
        c[i][j] = sum;
      }
    memcpy(a, c, sizeof a);
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++) a[i][j] = (int)a[i][j] % 17;
  }
  uint32_t hash = 2166136261u;
  for (int i = 0; i < N; i++) hash = fold(hash, (uint32_t)c[i][(i * 37) % N]);
  return hash;
}
