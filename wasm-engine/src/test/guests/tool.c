// A command with many uses: tool COMMAND [ARGUMENT...]. Says "ok ..." or "ERRNO-NAME", exits 0 or 1.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static const char *name_of(int e) {
  switch (e) {
    case EACCES: return "EACCES";
    case EBADF: return "EBADF";
    case EEXIST: return "EEXIST";
    case EINVAL: return "EINVAL";
    case EIO: return "EIO";
    case EISDIR: return "EISDIR";
    case ELOOP: return "ELOOP";
    case EMFILE: return "EMFILE";
    case ENOENT: return "ENOENT";
    case ENOTDIR: return "ENOTDIR";
    case ENOTEMPTY: return "ENOTEMPTY";
    case ENOTSUP: return "ENOTSUP";
    case EPERM: return "EPERM";
    case EROFS: return "EROFS";
    case EXDEV: return "EXDEV";
    case ENOTCAPABLE: return "ENOTCAPABLE";
    default: return strerror(e);
  }
}

static int say(int result) {
  puts(result < 0 ? name_of(errno) : "ok");
  return result < 0;
}

static int cat(FILE *in) {
  char buffer[4096];
  size_t n;
  while ((n = fread(buffer, 1, sizeof buffer, in)) > 0) fwrite(buffer, 1, n, stdout);
  if (ferror(in)) return say(-1);
  return 0;
}

static int put(const char *path, const char *mode, const char *text) {
  FILE *f = fopen(path, mode);
  if (!f) return say(-1);
  fputs(text, f);
  return say(fclose(f));
}

static int list(const char *path) {
  DIR *d = opendir(path);
  if (!d) return say(-1);
  for (struct dirent *e; (e = readdir(d));) puts(e->d_name);
  return closedir(d) < 0;
}

static int open_many(const char *path, int count) {
  int opened = 0;
  while (opened < count && open(path, O_RDONLY) >= 0) opened++;
  printf("%d %s\n", opened, opened < count ? name_of(errno) : "ok");
  return 0;
}

static char *kept;

static int allocate(long mebibytes) {
  for (long i = 0; i < mebibytes; i++) {
    char *p = malloc(1 << 20);
    if (!p) { puts("no memory"); return 3; }
    memset(p, 7, 1 << 20);
    *(char *volatile *)&kept = p;
  }
  puts("ok");
  return 0;
}

int main(int argc, char **argv) {
  setvbuf(stderr, NULL, _IOLBF, 256);
  const char *c = argc > 1 ? argv[1] : "";
  const char *a = argc > 2 ? argv[2] : "", *b = argc > 3 ? argv[3] : "";
  if (!strcmp(c, "args")) { for (int i = 0; i < argc; i++) puts(argv[i]); return 0; }
  if (!strcmp(c, "env")) { for (char **e = environ; e && *e; e++) puts(*e); return 0; }
  if (!strcmp(c, "exit")) return atoi(a);
  if (!strcmp(c, "cat")) return cat(stdin);
  if (!strcmp(c, "both")) { printf("to out\n"); fprintf(stderr, "to %s\n", "err"); return 0; }
  if (!strcmp(c, "out")) { fputs(a, stdout); return say(fflush(stdout)); }
  if (!strcmp(c, "time")) { printf("%lld\n", (long long)time(NULL)); return 0; }
  if (!strcmp(c, "sleep")) { usleep(atoi(a) * 1000); puts("ok"); return 0; }
  if (!strcmp(c, "poll")) {
    struct pollfd p = {.fd = 0, .events = POLLIN};
    printf("%d\n", poll(&p, 1, atoi(a)));
    return 0;
  }
  if (!strcmp(c, "random")) { unsigned char r[16]; getentropy(r, 16); for (int i = 0; i < 16; i++) printf("%02x", r[i]); return 0; }
  if (!strcmp(c, "alloc")) return allocate(atol(a));
  if (!strcmp(c, "read")) { FILE *f = fopen(a, "r"); return f ? cat(f) : say(-1); }
  if (!strcmp(c, "write")) return put(a, "w", b);
  if (!strcmp(c, "append")) return put(a, "a", b);
  if (!strcmp(c, "ls")) return list(a);
  if (!strcmp(c, "mkdir")) return say(mkdir(a, 0777));
  if (!strcmp(c, "rmdir")) return say(rmdir(a));
  if (!strcmp(c, "rm")) return say(unlink(a));
  if (!strcmp(c, "mv")) return say(rename(a, b));
  if (!strcmp(c, "ln")) return say(link(a, b));
  if (!strcmp(c, "symlink")) return say(symlink(a, b));
  if (!strcmp(c, "truncate")) return say(truncate(a, atol(b)));
  if (!strcmp(c, "open-many")) return open_many(a, atoi(b));
  if (!strcmp(c, "readlink")) {
    char t[256];
    ssize_t n = readlink(a, t, sizeof t);
    if (n < 0) return say(-1);
    printf("%.*s\n", (int)n, t);
    return 0;
  }
  if (!strcmp(c, "stat")) {
    struct stat s;
    if (stat(a, &s) < 0) return say(-1);
    printf("%s %lld\n", S_ISDIR(s.st_mode) ? "directory" : S_ISREG(s.st_mode) ? "file" : "other", (long long)s.st_size);
    return 0;
  }
  if (!strcmp(c, "openat")) { // opens directory A, then path B in it
    int d = open(a, O_RDONLY | O_DIRECTORY);
    if (d < 0) return say(-1);
    int f = openat(d, b, O_RDONLY);
    return say(f);
  }
  fprintf(stderr, "unknown command %s\n", c);
  return 64;
}
