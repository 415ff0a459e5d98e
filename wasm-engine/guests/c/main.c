// Does what every command among the guests does: shows its arguments and its variables, counts standard input,
// reads a file of the folder that it was given, writes another, and exits with the code that it was told.

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void show(const char *path, const char *name) {
  char text[256];
  FILE *file = fopen(path, "r");
  if (!file) {
    printf("%s: %s\n", name, errno == ENOENT ? "entity not found" : strerror(errno));
    return;
  }
  size_t length = fread(text, 1, sizeof text, file);
  printf("%s: %.*s", name, (int)length, text);
  fclose(file);
}

static void shout(const char *from, const char *to) {
  FILE *in = fopen(from, "r"), *out = fopen(to, "w");
  if (!in || !out) return;
  for (int c; (c = fgetc(in)) != EOF;) fputc(toupper(c), out);
  fclose(in);
  fclose(out);
}

int main(int argc, char **argv) {
  printf("arguments: ");
  for (int i = 1; i < argc; i++) printf("%s%s", i > 1 ? ", " : "", argv[i]);
  const char *greeting = getenv("GREETING");
  printf("\ngreeting: %s\n", greeting ? greeting : "unset");

  size_t bytes = 0, lines = 0;
  int last = '\n';
  for (int c; (c = getchar()) != EOF; last = c) {
    bytes++;
    lines += c == '\n';
  }
  lines += last != '\n';
  printf("standard input: %zu bytes in %zu lines\n", bytes, lines);

  show("/data/in.txt", "in.txt");
  shout("/data/in.txt", "/data/out.txt");
  show("/data/out.txt", "out.txt");
  show("/data/missing.txt", "missing.txt");

  fprintf(stderr, "a line on standard error\n");
  return argc > 1 ? atoi(argv[argc - 1]) : 0;
}
