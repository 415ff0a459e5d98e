// Does what it is told. As a command each argument is a step: "sleep 500", "touch /run/ready", "exit 3" and so on.
// As an http app (CGI) the path is a step, its query the argument: /get?/config/text, /touch?/run/ill.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int told(const char *what, const char *detail, int failed) {
  if (failed) printf("%s %s: %s\n", what, detail, strerror(errno));
  return failed;
}

static int touch(const char *path) {
  int file = open(path, O_WRONLY | O_CREAT, 0666);
  return told("touch", path, file < 0 || close(file) < 0);
}

static int get(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) return told("get", path, 1);
  char buffer[4096];
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, file)) > 0;) fwrite(buffer, 1, n, stdout);
  return fclose(file);
}

// fill PATH MEBIBYTES, or fill PATH+MEBIBYTES
static int fill(const char *text) {
  char path[256];
  long mebibytes = 0;
  if (sscanf(text, "%255[^ +]%*1[ +]%ld", path, &mebibytes) != 2) return 64;
  int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (file < 0) return told("fill", path, 1);
  static char block[65536];
  memset(block, 'x', sizeof block);
  for (long i = 0; i < mebibytes * 16; i++) {
    if (write(file, block, sizeof block) < 0) return told("fill", path, 1);
  }
  return close(file);
}

static void spin(long long ms) {
  for (long long end = milliseconds() + ms; milliseconds() < end;) {}
}

// Counts with all its might until the time is up, and says how far it came.
static void work(long long ms) {
  volatile long long done = 0;
  for (long long end = milliseconds() + ms; milliseconds() < end; done = done + 1) {}
  printf("worked %lld\n", done);
}

// A line in a file each time: how often this was begun.
static int count(const char *path) {
  FILE *file = fopen(path, "a+");
  if (!file) return told("count", path, 1);
  fputs("begun\n", file);
  rewind(file);
  int lines = 0;
  for (int c; (c = fgetc(file)) != EOF;) lines += c == '\n';
  printf("begun %d\n", lines);
  return fclose(file);
}

// Grows by that many mebibytes for good; what is not written to costs the machine nothing.
static int take(long mebibytes) {
  if (__builtin_wasm_memory_grow(0, mebibytes * 16) != (size_t)-1) return 0;
  puts("take: no memory");
  return 1;
}

static int is_there(const char *path) {
  struct stat s;
  return !stat(path, &s);
}

static int step(const char *what, const char *with) {
  if (!strcmp(what, "say")) return puts(with) < 0;
  if (!strcmp(what, "env")) return puts(getenv(with) ? getenv(with) : "(unset)") < 0;
  if (!strcmp(what, "touch")) return touch(with);
  if (!strcmp(what, "rm")) return told("rm", with, unlink(with));
  if (!strcmp(what, "get")) return get(with);
  if (!strcmp(what, "fill")) return fill(with);
  if (!strcmp(what, "count")) return count(with);
  if (!strcmp(what, "sleep")) { usleep(atoi(with) * 1000); return 0; }
  if (!strcmp(what, "spin")) { spin(atoll(with)); return 0; }
  if (!strcmp(what, "work")) { work(atoll(with)); return 0; }
  if (!strcmp(what, "take")) return take(atol(with));
  if (!strcmp(what, "await")) { while (!is_there(with)) usleep(50000); return 0; }
  if (!strcmp(what, "exit")) exit(atoi(with));
  if (!strcmp(what, "trap")) __builtin_trap();
  if (!strcmp(what, "exit-as-index")) {  // exit-as-index 2 42: ends with 42 where the run's number is 2
    const char *index = getenv("JOB_COMPLETION_INDEX");
    int which = -1, code = 0;
    sscanf(with, "%d %d", &which, &code);
    if (index && atoi(index) == which) exit(code);
    return 0;
  }
  printf("no step %s\n", what);
  return 64;
}

static int answer(const char *path, const char *query) {
  // Not well while its file is there, or where it was told so from the start.
  if (!strcmp(path, "/well")) {
    const char *never = getenv("NEVER_WELL");
    int ill = never || is_there(query);
    printf("Status: %s\nContent-Type: text/plain\n\n%s\n", ill ? "503 Ill" : "200 OK", ill ? "ill" : "well");
    return 0;
  }
  printf("Content-Type: text/plain\n\n");
  step(path + 1, query);
  return 0;
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  const char *path = getenv("PATH_INFO");
  if (path) return answer(path, getenv("QUERY_STRING") ? getenv("QUERY_STRING") : "");
  for (int i = 1; i < argc; i++) {
    char *with = strchr(argv[i], ' ');
    if (with) *with++ = 0;
    int result = step(argv[i], with ? with : "");
    if (result) return result;
  }
  return 0;
}
