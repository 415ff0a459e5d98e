;; ends: Exited(0)
;; No subscription would be a sleep without end.
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  ;; Exits with the number of the attempt that was not refused.
  (func $refused (param $attempt i32) (param $errno i32)
    (if (i32.eqz (local.get $errno)) (then (call $proc_exit (local.get $attempt)))))
  (func (export "_start")
    (call $refused (i32.const 1)
      (call $poll_oneoff (i32.const 0) (i32.const 100) (i32.const 0) (i32.const 200)))))
