;; ends: Exited(0) | Trapped
;; Subscriptions beyond memory, in numbers that overflow when multiplied.
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $poll_oneoff (i32.const 0) (i32.const 0) (i32.const 0x7fffffff) (i32.const 8)))
    (drop (call $poll_oneoff (i32.const 0) (i32.const 0) (i32.const 0x10000000) (i32.const 8)))
    (drop (call $poll_oneoff (i32.const 0) (i32.const 0) (i32.const -1) (i32.const 8)))))
