/* QuickJS running JavaScript of our own: objects, closures, strings, a regular expression, sorting. */
#include "bench.h"
#include "quickjs.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *SCRIPT =
    "class Shape { constructor(n) { this.n = n } area() { return this.n } }\n"
    "class Square extends Shape { area() { return this.n * this.n } }\n"
    "function run() {\n"
    "  let sum = 0; const shapes = [];\n"
    "  for (let i = 0; i < 20000; i++) shapes.push(i % 3 ? new Square(i % 100) : new Shape(i));\n"
    "  for (const s of shapes) sum = (sum + s.area()) % 1000003;\n"
    "  const words = new Map();\n"
    "  const text = 'the quick brown fox jumps over the lazy dog '.repeat(400);\n"
    "  for (const word of text.split(' ')) words.set(word, (words.get(word) || 0) + 1);\n"
    "  const sorted = Array.from({length: 8000}, (_, i) => (i * 7919) % 8009).sort((a, b) => a - b);\n"
    "  const found = text.match(/[a-z]+o[a-z]*/g).length;\n"
    "  const back = JSON.parse(JSON.stringify(shapes.slice(0, 2000)));\n"
    "  const bits = new Uint32Array(4096); for (let i = 0; i < 100000; i++) bits[i & 4095] += i ^ sum;\n"
    "  return sum + words.size + sorted[4000] + found + back.length + (bits[77] % 1000);\n"
    "}\n";

static JSContext *context;
static JSValue run;

static void die(const char *what) {
  const char *text = JS_ToCString(context, JS_GetException(context));
  fprintf(stderr, "%s: %s\n", what, text ? text : "?");
  exit(1);
}

uint32_t work(void) {
  if (!context) {
    context = JS_NewContext(JS_NewRuntime());
    if (JS_IsException(JS_Eval(context, SCRIPT, strlen(SCRIPT), "bench.js", JS_EVAL_TYPE_GLOBAL))) die("eval");
    JSValue global = JS_GetGlobalObject(context);
    run = JS_GetPropertyStr(context, global, "run");
  }
  uint32_t result;
  JSValue value = JS_Call(context, run, JS_UNDEFINED, 0, 0);
  if (JS_IsException(value) || JS_ToUint32(context, &result, value)) die("run");
  return result;
}
