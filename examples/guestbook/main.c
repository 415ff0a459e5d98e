// A guestbook: POST / writes a line into it, GET / shows it. A request comes as environment variables and standard input
// (CGI), the answer goes to standard output. The lines are in a file, which outlives every instance of this program.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LONGEST = 500 };

static const char *const BOOK = "/data/entries";

static int answer(const char *status, const char *what, const char *why) {
  printf("Status: %s\nContent-Type: text/plain; charset=utf-8\n\n", status);
  if (what) printf("%s%s%s\n", what, why ? ": " : "", why ? why : "");
  return 0;
}

static int show(void) {
  FILE *book = fopen(BOOK, "r");
  if (!book && errno != ENOENT) return answer("500 Internal Server Error", BOOK, strerror(errno));
  answer("200 OK", book ? NULL : "Nobody has been here yet.", NULL);
  if (!book) return 0;
  char text[4096];
  for (size_t n; (n = fread(text, 1, sizeof text, book)) > 0;) fwrite(text, 1, n, stdout);
  return fclose(book);
}

// One line, whatever was sent: what would end it or confuse a terminal becomes a space. 0 when there is nothing to see.
static size_t read_line(char *line) {
  size_t length = fread(line, 1, LONGEST + 1, stdin), seen = 0;
  for (size_t i = 0; i < length; i++) {
    if ((unsigned char)line[i] < ' ' || line[i] == 0x7f) line[i] = ' ';
    if (line[i] != ' ') seen = i + 1;
  }
  return length > LONGEST ? length : seen;
}

// With O_APPEND and in one write: requests that come together write one line after the other.
static int sign(void) {
  char line[LONGEST + 1];
  size_t length = read_line(line);
  if (length == 0) return answer("400 Bad Request", "Expected a line of text as the body.", NULL);
  if (length > LONGEST) return answer("413 Content Too Large", "Expected at most 500 bytes.", NULL);
  line[length++] = '\n';
  int book = open(BOOK, O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (book < 0 || write(book, line, length) != (ssize_t)length || fsync(book) || close(book)) {
    return answer("503 Service Unavailable", BOOK, strerror(errno));
  }
  return answer("201 Created", "Thank you.", NULL);
}

int main(void) {
  const char *method = getenv("REQUEST_METHOD");
  if (method && !strcmp(method, "POST")) return sign();
  if (method && (!strcmp(method, "GET") || !strcmp(method, "HEAD"))) return show();
  return answer("405 Method Not Allowed", "Expected GET, HEAD or POST.", NULL);
}
