// Answers HTTP by the CGI convention; the path says how.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static void copy_body(void) {
  char buffer[4096];
  ssize_t n;
  while ((n = read(0, buffer, sizeof buffer)) > 0)
    for (ssize_t done = 0, w; done < n; done += w)
      if ((w = write(1, buffer + done, n - done)) < 0) exit(9);
}

int main(int argc, char **argv) {
  const char *path = getenv("PATH_INFO");
  if (!path) return 64;
  if (!strcmp(path, "/env")) {
    printf("Content-Type: text/plain\n\n");
    for (char **e = environ; *e; e++) puts(*e);
  } else if (!strcmp(path, "/args")) {
    printf("Content-Type: text/plain\n\n");
    for (int i = 0; i < argc; i++) puts(argv[i]);
  } else if (!strcmp(path, "/echo")) {
    const char *head = "Content-Type: application/octet-stream\r\nX-Twice: a\r\nX-Twice: b\r\n\r\n";
    write(1, head, strlen(head));
    copy_body();
  } else if (!strcmp(path, "/status")) {
    printf("Status: 418 I'm a teapot\nContent-Type: text/plain\n\nshort and stout\n");
  } else if (!strcmp(path, "/redirect")) {
    printf("Location: /elsewhere\n\n");
  } else if (!strcmp(path, "/nothing")) {
  } else if (!strcmp(path, "/nonsense")) {
    printf("hello, world\n");
  } else if (!strcmp(path, "/bad-status")) {
    printf("Status: fine\n\n");
  } else if (!strcmp(path, "/injection")) {
    printf("X-A: one\rSet-Cookie: two\n\n");
  } else if (!strcmp(path, "/long-headers")) {
    for (int i = 0; i < 100000; i++) printf("X-%d: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", i);
    printf("\n");
  } else if (!strcmp(path, "/crash")) {
    __builtin_trap();
  } else if (!strcmp(path, "/crash-late")) {
    printf("Content-Type: text/plain\n\nbegun");
    fflush(stdout);
    __builtin_trap();
  } else if (!strcmp(path, "/exit")) {
    printf("Content-Type: text/plain\n\n");
    return 5;
  } else if (!strcmp(path, "/hang")) {
    for (volatile int i = 0;; i++) {}
  } else if (!strcmp(path, "/flood")) {
    printf("Content-Type: text/plain\n\n");
    for (;;) if (puts("and on and on and on") < 0) return 7;
  } else if (!strcmp(path, "/first-then-wait")) {
    printf("Content-Type: text/plain\n\nfirst");
    fflush(stdout);
    copy_body();
  } else {
    printf("Status: 404 Not Found\nContent-Type: text/plain\n\nno %s here\n", path);
  }
  return 0;
}
