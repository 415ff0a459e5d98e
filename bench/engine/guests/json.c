/* Parses a JSON text (RFC 8259) into a tree on the heap and prints it again: branches, small allocations, bytes. */
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { NIL, FALSE_, TRUE_, NUMBER, STRING, ARRAY, OBJECT };
struct value {
  enum kind kind;
  double number;
  char *text;         /* of a string */
  char *name;         /* of a member of an object */
  struct value *first, *next;
};

static const char *at;

static void space(void) { while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r') at++; }

static char *string(void) {
  const char *end = ++at;
  size_t length = 0;
  while (*end != '"') end += *end == '\\' ? 2 : 1, length++;
  char *out = malloc(length + 1), *to = out;
  for (; *at != '"'; at++) {
    if (*at != '\\') { *to++ = *at; continue; }
    switch (*++at) {
      case 'n': *to++ = '\n'; break;
      case 't': *to++ = '\t'; break;
      default: *to++ = *at;
    }
  }
  at++;
  *to = 0;
  return out;
}

static struct value *value(void) {
  struct value *v = calloc(1, sizeof *v);
  space();
  if (*at == '{' || *at == '[') {
    char close = *at == '{' ? '}' : ']';
    v->kind = *at++ == '{' ? OBJECT : ARRAY;
    struct value **tail = &v->first;
    for (space(); *at != close; space()) {
      char *name = 0;
      if (v->kind == OBJECT) { name = string(); space(); at++; }
      *tail = value();
      (*tail)->name = name;
      tail = &(*tail)->next;
      space();
      if (*at == ',') { at++; space(); }
    }
    at++;
  } else if (*at == '"') {
    v->kind = STRING, v->text = string();
  } else if (*at == 't') {
    v->kind = TRUE_, at += 4;
  } else if (*at == 'f') {
    v->kind = FALSE_, at += 5;
  } else if (*at == 'n') {
    v->kind = NIL, at += 4;
  } else {
    char *end;
    v->kind = NUMBER, v->number = strtod(at, &end), at = end;
  }
  return v;
}

static char *out;

static void print_string(const char *s) {
  *out++ = '"';
  for (; *s; s++) {
    if (*s == '"' || *s == '\\') *out++ = '\\', *out++ = *s;
    else if (*s == '\n') *out++ = '\\', *out++ = 'n';
    else if (*s == '\t') *out++ = '\\', *out++ = 't';
    else *out++ = *s;
  }
  *out++ = '"';
}

static void print(const struct value *v) {
  switch (v->kind) {
    case NIL: memcpy(out, "null", 4), out += 4; break;
    case TRUE_: memcpy(out, "true", 4), out += 4; break;
    case FALSE_: memcpy(out, "false", 5), out += 5; break;
    case NUMBER: out += sprintf(out, "%.10g", v->number); break;
    case STRING: print_string(v->text); break;
    default:
      *out++ = v->kind == OBJECT ? '{' : '[';
      for (const struct value *m = v->first; m; m = m->next) {
        if (m->name) print_string(m->name), *out++ = ':';
        print(m);
        if (m->next) *out++ = ',';
      }
      *out++ = v->kind == OBJECT ? '}' : ']';
  }
}

static void drop(struct value *v) {
  while (v) {
    struct value *next = v->next;
    drop(v->first);
    free(v->text), free(v->name), free(v);
    v = next;
  }
}

enum { RECORDS = 1500 };

static char *document(void) {
  char *text = malloc(RECORDS * 256), *to = text;
  *to++ = '[';
  for (int i = 0; i < RECORDS; i++)
    to += sprintf(to,
                  "%s{\"id\": %d, \"name\": \"record \\\"%d\\\"\", \"price\": %.2f, \"tags\": [\"a%d\", \"b\", null, true], "
                  "\"nested\": {\"x\": %d, \"y\": [1, 2.5, -3e2], \"note\": \"line one\\nline two\", \"done\": %s}}",
                  i ? ", " : "", i, i * 7, i * 1.25, i % 10, i * i, i % 2 ? "true" : "false");
  strcpy(to, "]");
  return text;
}

uint32_t work(void) {
  static char *text, *printed;
  if (!text) text = document(), printed = malloc(RECORDS * 256);
  uint32_t hash = 2166136261u;
  for (int round = 0; round < 5; round++) {
    at = text, out = printed;
    struct value *v = value();
    print(v);
    drop(v);
    for (char *c = printed; c < out; c++) hash = (hash ^ (uint8_t)*c) * 16777619u;
  }
  return hash;
}
