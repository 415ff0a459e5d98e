/*
 * Measures wasmtime by its C interface and prints JSON: load MODULE FOLDER TIMES (a core module or a component),
 * command MODULE TIMES, idle MODULE TIMES KIB. Pooling allocator, copy-on-write images and epoch checks, as a shared
 * host has them. The wheel has no headers, so what is used of the interface is declared here.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct { size_t size; char *data; } bytes;
typedef struct { uint64_t store; size_t index; } instance;
typedef struct { uint64_t store; void *a, *b; } function;
typedef struct { uint8_t kind; union { function func; uint8_t room[32]; } of; } item;

void *wasm_config_new(void);
void wasmtime_config_epoch_interruption_set(void *, bool);
void *wasmtime_pooling_allocation_config_new(void);
void wasmtime_pooling_allocation_config_total_memories_set(void *, uint32_t);
void wasmtime_pooling_allocation_config_total_core_instances_set(void *, uint32_t);
void wasmtime_pooling_allocation_config_total_tables_set(void *, uint32_t);
void wasmtime_pooling_allocation_strategy_set(void *, const void *);
void *wasm_engine_new_with_config(void *);
void *wasmtime_module_new(void *, const uint8_t *, size_t, void **);
void *wasmtime_module_serialize(void *, bytes *);
void *wasmtime_module_deserialize_file(void *, const char *, void **);
void wasmtime_module_delete(void *);
void *wasmtime_component_new(void *, const uint8_t *, size_t, void **);
void *wasmtime_component_serialize(void *, bytes *);
void *wasmtime_component_deserialize_file(void *, const char *, void **);
void wasmtime_component_delete(void *);
void *wasmtime_linker_new(void *);
void *wasmtime_linker_define_wasi(void *);
void *wasmtime_linker_instantiate_pre(void *, void *, void **);
void *wasmtime_instance_pre_instantiate(void *, void *, instance *, void **);
bool wasmtime_instance_export_get(void *, const instance *, const char *, size_t, item *);
void *wasmtime_func_call(void *, const function *, const void *, size_t, void *, size_t, void **);
void *wasmtime_store_new(void *, void *, void *);
void *wasmtime_store_context(void *);
void wasmtime_store_delete(void *);
void *wasi_config_new(void);
bool wasi_config_set_argv(void *, size_t, const char **);
void *wasmtime_context_set_wasi(void *, void *);
void wasmtime_context_set_epoch_deadline(void *, uint64_t);
void wasmtime_error_message(const void *, bytes *);
bool wasmtime_error_exit_status(const void *, int *);
void wasmtime_error_delete(void *);

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static void check(void *error) {
  if (!error) return;
  bytes text;
  wasmtime_error_message(error, &text);
  fprintf(stderr, "wasmtime: %.*s\n", (int)text.size, text.data);
  exit(1);
}

static bytes slurp(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) { perror(path); exit(1); }
  fseek(file, 0, SEEK_END);
  bytes content = {ftell(file), 0};
  rewind(file);
  content.data = malloc(content.size);
  if (fread(content.data, 1, content.size, file) != content.size) exit(1);
  fclose(file);
  return content;
}

static void *open_engine(int instances) {
  void *config = wasm_config_new(), *pool = wasmtime_pooling_allocation_config_new();
  wasmtime_config_epoch_interruption_set(config, true);
  wasmtime_pooling_allocation_config_total_memories_set(pool, instances);
  wasmtime_pooling_allocation_config_total_core_instances_set(pool, instances);
  wasmtime_pooling_allocation_config_total_tables_set(pool, instances);
  wasmtime_pooling_allocation_strategy_set(config, pool);
  return wasm_engine_new_with_config(config);
}

static void load(bytes wasm, const char *folder, int times) {
  void *engine = open_engine(100), *module;
  bool component = wasm.data[6] == 1;
  char path[4096];
  bytes code;
  snprintf(path, sizeof path, "%s/code", folder);
  double start = now();
  check((component ? wasmtime_component_new : wasmtime_module_new)(engine, (uint8_t *)wasm.data, wasm.size, &module));
  printf("{\"cold_ns\": %.0f, \"cached_ns\": [", now() - start);
  check((component ? wasmtime_component_serialize : wasmtime_module_serialize)(module, &code));
  FILE *file = fopen(path, "wb");
  fwrite(code.data, 1, code.size, file);
  fclose(file);
  for (int i = 0; i < times; i++) {
    start = now();
    check((component ? wasmtime_component_deserialize_file : wasmtime_module_deserialize_file)(engine, path, &module));
    printf("%s%.0f", i ? ", " : "", now() - start);
    (component ? wasmtime_component_delete : wasmtime_module_delete)(module);
  }
  puts("]}");
}

static void *pre(void *engine, bytes wasm) {
  void *module, *pre, *linker = wasmtime_linker_new(engine);
  check(wasmtime_module_new(engine, (uint8_t *)wasm.data, wasm.size, &module));
  check(wasmtime_linker_define_wasi(linker));
  check(wasmtime_linker_instantiate_pre(linker, module, &pre));
  return pre;
}

/* An instance that has run; its store. */
static void *run(void *engine, void *pre, int argc, const char **argv) {
  void *store = wasmtime_store_new(engine, 0, 0), *context = wasmtime_store_context(store), *wasi = wasi_config_new(), *trap = 0;
  instance made;
  item start;
  wasi_config_set_argv(wasi, argc, argv);
  check(wasmtime_context_set_wasi(context, wasi));
  wasmtime_context_set_epoch_deadline(context, 1);
  check(wasmtime_instance_pre_instantiate(pre, context, &made, &trap));
  if (trap || !wasmtime_instance_export_get(context, &made, "_start", 6, &start)) exit(1);
  void *error = wasmtime_func_call(context, &start.of.func, 0, 0, 0, 0, &trap);
  int status = 0;
  if (error && (!wasmtime_error_exit_status(error, &status) || status)) check(error);
  if (error) wasmtime_error_delete(error);
  if (trap) exit(1);
  return store;
}

static void command(bytes wasm, int times) {
  void *engine = open_engine(100), *ready = pre(engine, wasm);
  const char *argv[] = {"nothing"};
  printf("{\"ns\": [");
  for (int i = 0; i < times; i++) {
    double start = now();
    wasmtime_store_delete(run(engine, ready, 1, argv));
    printf("%s%.0f", i ? ", " : "", now() - start);
  }
  puts("]}");
}

static double resident(void) {
  FILE *file = fopen("/proc/self/smaps_rollup", "r");
  char line[256];
  double kib = 0;
  while (fgets(line, sizeof line, file))
    if (sscanf(line, "Pss: %lf", &kib) == 1) break;
  fclose(file);
  return kib;
}

static void idle(bytes wasm, int times, const char *kib) {
  void *engine = open_engine(times + 1), *ready = pre(engine, wasm);
  const char *argv[] = {"idle", kib, "0"};
  wasmtime_store_delete(run(engine, ready, 3, argv));
  double before = resident();
  for (int i = 0; i < times; i++) run(engine, ready, 3, argv); /* it ends, but its store is kept */
  printf("{\"kib\": %f}\n", (resident() - before) / times);
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  bytes wasm = slurp(argv[2]);
  if (!strcmp(argv[1], "load")) load(wasm, argv[3], atoi(argv[4]));
  else if (!strcmp(argv[1], "command")) command(wasm, atoi(argv[3]));
  else if (!strcmp(argv[1], "idle")) idle(wasm, atoi(argv[3]), argv[4]);
  else return 2;
}
