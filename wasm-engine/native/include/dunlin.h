/*
 * The border between Dunlin's JVM and wasmtime, version DUNLIN_ABI_VERSION.
 *
 * Rules that hold for every function:
 * - Objects are named by handles: numbers > 0 that the library looks up, never addresses. A handle that was freed,
 *   or is of another kind, is answered with DUNLIN_BAD_HANDLE; no memory is touched.
 * - A buffer belongs to the caller and is used only during the call. Text is UTF-8, without a final NUL.
 * - No function calls back into the caller. What happens later is told by dunlin_engine_events.
 * - A negative result is a status (below). Where a function takes err and err_cap, it writes there what was expected
 *   and what was found, as uint32 length and that many bytes, cut to err_cap (which is at least 4).
 * - A panic inside becomes DUNLIN_PANIC with its message.
 * - All functions may be called from any thread at any time. Only dunlin_compile, dunlin_inspect, dunlin_module_load,
 *   dunlin_engine_events and dunlin_engine_free take more than a moment.
 *
 * Blobs are little-endian: u32, u64; `text` and `bytes` are a u32 length and that many bytes; `T*` is a u32 count and
 * that many T.
 *
 *   grants  = args: text*, env: (name: text, value: text)*, directories: (host: text, guest: text, read_only: u32)*,
 *             allowed_hosts: text*
 *   limits  = memory_bytes: u64, deadline_nanos: u64 (0: none), cpu_nanos: u64 (0: none), open_files: u32,
 *             instances: u32
 *   request = method: text, scheme: text, authority: text, path_with_query: text,
 *             headers: (name: text, value: bytes)*, body: u32 (0: none, 1: ask for it by DUNLIN_WANTS_INPUT)
 *   response = status: u32, headers: (name: text, value: bytes)*
 *   outbound = 8 u64 for each of allowed_hosts in their order, and 8 more for all other hosts: how many wasi:http
 *             requests were answered with a status of class 1xx, 2xx, 3xx, 4xx, 5xx, were denied, timed out, failed
 */
#ifndef DUNLIN_H
#define DUNLIN_H

#include <stdint.h>

#define DUNLIN_ABI_VERSION 3

/* Statuses. */
#define DUNLIN_OK 0
#define DUNLIN_WOULD_BLOCK -1      /* nothing now; an event will tell */
#define DUNLIN_END -2              /* the stream has ended, or will take no more */
#define DUNLIN_BAD_HANDLE -3
#define DUNLIN_BAD_ARGUMENT -4     /* a blob or number that cannot be read */
#define DUNLIN_PANIC -5
#define DUNLIN_FAILED -6           /* the reason is in err: I/O, a file that is no compiled code of this engine */
#define DUNLIN_CLOSED -7           /* the engine is being freed */
/* Statuses that say why a module is refused. */
#define DUNLIN_NOT_WASM -20
#define DUNLIN_MALFORMED -21
#define DUNLIN_INVALID -22
#define DUNLIN_MISSING_IMPORT -23
#define DUNLIN_NO_ENTRY_POINT -24
#define DUNLIN_UNSUPPORTED_FEATURE -25
#define DUNLIN_TOO_LARGE -26

/* Kinds of module. */
#define DUNLIN_COMMAND 1           /* core module with _start */
#define DUNLIN_COMMAND_COMPONENT 2 /* exports wasi:cli/run@0.2 or @0.3 */
#define DUNLIN_HTTP_COMPONENT 3    /* exports wasi:http/incoming-handler@0.2 or wasi:http/handler@0.3 */

/* How code is made. */
#define DUNLIN_OPTIMIZED 0         /* Cranelift */
#define DUNLIN_BASELINE 1          /* Winch: made several times faster, runs several times slower */

/* Streams of a task. */
#define DUNLIN_INPUT 0             /* standard input, or the request's body */
#define DUNLIN_OUTPUT 1            /* standard output */
#define DUNLIN_ERRORS 2            /* standard error */
#define DUNLIN_BODY 3              /* the response's body */

/* What is new with a task: bits. */
#define DUNLIN_ENDED 1             /* dunlin_task_outcome has the outcome; what was written can still be read */
#define DUNLIN_WANTS_INPUT 2       /* write or close DUNLIN_INPUT */
#define DUNLIN_HAS_OUTPUT 4        /* read DUNLIN_OUTPUT until it would block */
#define DUNLIN_HAS_ERRORS 8        /* read DUNLIN_ERRORS until it would block */
#define DUNLIN_HAS_RESPONSE 16     /* dunlin_task_response has the head */
#define DUNLIN_HAS_BODY 32         /* read DUNLIN_BODY until it would block */

/* Outcomes. */
#define DUNLIN_RUNNING 0
#define DUNLIN_EXITED 1            /* code: the exit code; of a request: 0 */
#define DUNLIN_TRAPPED 2           /* code: a DUNLIN_TRAP_* */
#define DUNLIN_OUT_OF_MEMORY 3     /* code: 0: its own limit, 1: the engine's */
#define DUNLIN_DEADLINE_EXCEEDED 4
#define DUNLIN_CPU_EXCEEDED 5
#define DUNLIN_CANCELLED 6
#define DUNLIN_BAD_RESPONSE 7      /* a request that ended well without an answer, or with wasi:http's error-code; message */
#define DUNLIN_ENGINE_BUSY 8       /* no room for one more instance now: try again */

#define DUNLIN_TRAP_UNREACHABLE 0
#define DUNLIN_TRAP_MEMORY_OUT_OF_BOUNDS 1
#define DUNLIN_TRAP_TABLE_OUT_OF_BOUNDS 2
#define DUNLIN_TRAP_INDIRECT_CALL 3
#define DUNLIN_TRAP_INTEGER_DIVISION 4
#define DUNLIN_TRAP_INTEGER_OVERFLOW 5
#define DUNLIN_TRAP_STACK_OVERFLOW 6
#define DUNLIN_TRAP_OTHER 7

typedef struct {
  uint64_t token;                  /* as given at the start */
  uint64_t bits;
} dunlin_event;

typedef struct {
  int32_t kind;                    /* one of the outcomes */
  int32_t code;
} dunlin_outcome;

typedef struct {
  uint64_t cpu_nanos;
  uint64_t memory_bytes;           /* linear memory and tables now; of an ended task: what they had grown to */
} dunlin_usage;

typedef struct {
  uint64_t memory_bytes;           /* linear memory and tables of all guests */
  uint64_t instances;              /* live stores */
  uint64_t tasks;                  /* handles of tasks */
  uint64_t modules;
} dunlin_stats;

typedef struct {
  uint64_t guest_memory_bytes;     /* for all guests together; 0: no limit */
  uint32_t max_instances;          /* live at once; 0: 4,000 */
  uint32_t workers;                /* threads that run guests; 0: one a processor */
} dunlin_config;

int32_t dunlin_abi_version(void);

/* Returns a handle. One engine a process is meant; more work. */
int64_t dunlin_engine_new(const dunlin_config *config, uint8_t *err, uint32_t err_cap);
/* Cancels every task, waits for their ends and for the engine's threads. Frees all handles made from it. */
int32_t dunlin_engine_free(uint64_t engine);
/* "wasmtime 48.0.8\n" and a line for each feature; returns the length, nothing written if it is over cap. */
int64_t dunlin_engine_info(uint64_t engine, uint8_t *buffer, uint32_t cap);
/* A name for the settings that compiled code depends on, for file names: [0-9a-f]{16}. */
int64_t dunlin_engine_code_id(uint64_t engine, int32_t how, uint8_t *buffer, uint32_t cap);
/* Waits until something is new, at most timeout_millis; returns how many events were written, or DUNLIN_CLOSED. For one thread. */
int32_t dunlin_engine_events(uint64_t engine, dunlin_event *events, uint32_t cap, int64_t timeout_millis);
int32_t dunlin_engine_stats(uint64_t engine, dunlin_stats *stats);

/* Decodes and validates; returns the kind of the module, or why it is refused. Needs no engine. */
int32_t dunlin_inspect(const uint8_t *wasm, uint64_t len, uint8_t *err, uint32_t err_cap);
/*
 * Compiles wasm_path into code_path (written beside it, synced, renamed). Needs no engine: meant for a process of its
 * own (dunlin-compile LIBRARY WASM CODE HOW), which can be ended at any time.
 */
int32_t dunlin_compile(const uint8_t *wasm_path, uint32_t wasm_len, const uint8_t *code_path, uint32_t code_len,
                       int32_t how, uint8_t *err, uint32_t err_cap);
/* main of dunlin-compile; returns its exit code: 0, or -status; the reason is on stderr. */
int32_t dunlin_compile_main(int32_t argc, const char *const *argv);

/* Maps compiled code that this engine's dunlin_compile has written, and links it. Returns a handle. */
int64_t dunlin_module_load(uint64_t engine, const uint8_t *code_path, uint32_t len, int32_t how, uint8_t *err, uint32_t err_cap);
/* The code goes when the last task and guest of it has gone. */
int32_t dunlin_module_free(uint64_t module);

/* Tasks of one group share one share of the processors, however many they are; each group has an equal share. */
int64_t dunlin_group_new(uint64_t engine);
int32_t dunlin_group_free(uint64_t group);

/* Starts a command; returns a task. group 0: one of its own. spec = grants limits. */
int64_t dunlin_start(uint64_t module, uint64_t group, const uint8_t *spec, uint32_t len, uint64_t token,
                     uint8_t *err, uint32_t err_cap);

/* Makes a component answer requests; spec = grants limits requests_per_instance: u32. Returns a guest. */
int64_t dunlin_http_new(uint64_t module, uint64_t group, const uint8_t *spec, uint32_t len, uint8_t *err, uint32_t err_cap);
/* CPU time of its whole group, memory of its own. */
int32_t dunlin_http_usage(uint64_t guest, dunlin_usage *usage);
/* outbound, of all its requests; returns the length, nothing written if it is over cap. */
int64_t dunlin_http_outbound(uint64_t guest, uint8_t *counts, uint32_t cap);
/* Tasks under way go on. */
int32_t dunlin_http_free(uint64_t guest);
/*
 * Starts a request and runs it on this thread until it waits, or its first time slice (5 ms) is over; *bits says what
 * is new then. The request's traceparent and tracestate go on to what the guest sends without a traceparent of its own. Returns a task. DUNLIN_OUTPUT and DUNLIN_ERRORS are what the instance writes while it is this task's.
 */
int64_t dunlin_http_start(uint64_t guest, const uint8_t *request, uint32_t len, uint64_t token, uint64_t *bits,
                          uint8_t *err, uint32_t err_cap);

/* The response's head; DUNLIN_WOULD_BLOCK before there is one. Returns the length, nothing written if it is over cap. */
int64_t dunlin_task_response(uint64_t task, uint8_t *buffer, uint32_t cap);
/* Takes what the guest wrote; returns the length, DUNLIN_WOULD_BLOCK, or DUNLIN_END. */
int64_t dunlin_task_read(uint64_t task, int32_t stream, uint8_t *buffer, uint32_t cap);
/* Gives input; returns how much was taken (64 KiB are held), DUNLIN_WOULD_BLOCK, or DUNLIN_END when nobody reads. */
int64_t dunlin_task_write(uint64_t task, int32_t stream, const uint8_t *buffer, uint32_t len);
/* Ends a stream. DUNLIN_INPUT: end of file, or with failed != 0 an error (EIO). The others: nobody reads any more, the guest's writes fail. */
int32_t dunlin_task_close(uint64_t task, int32_t stream, int32_t failed);
/* How it ended; kind DUNLIN_RUNNING before. message as err. */
int32_t dunlin_task_outcome(uint64_t task, dunlin_outcome *outcome, uint8_t *message, uint32_t message_cap);
int32_t dunlin_task_usage(uint64_t task, dunlin_usage *usage);
/* outbound, of a command (a request: nothing); returns the length, nothing written if it is over cap. */
int64_t dunlin_task_outbound(uint64_t task, uint8_t *counts, uint32_t cap);
/* Ends it soon, whatever it does. */
int32_t dunlin_task_cancel(uint64_t task);
/* on != 0: it runs no further than to the end of its slice (5 ms), until 0; its deadline and a cancel end it meanwhile. */
int32_t dunlin_task_hold(uint64_t task, int32_t on);
/* Cancels if it still runs. No event comes for its token after this returns, but one may have been taken before. */
int32_t dunlin_task_free(uint64_t task);

#endif
