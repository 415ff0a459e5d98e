;; ends: Exited(0)
;; A file and a directory in turn; the wall is at 20, and it gives none of them back.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "file")
  (data (i32.const 32) ".")
  ;; Exits with the number of the attempt that was not refused.
  (func $refused (param $attempt i32) (param $errno i32)
    (if (i32.eqz (local.get $errno)) (then (call $proc_exit (local.get $attempt)))))
  (func $open (param $name i32) (param $length i32) (param $flags i32) (result i32)
    (call $path_open (i32.const 3) (i32.const 0) (local.get $name) (local.get $length)
      (local.get $flags) (i64.const 2) (i64.const 2) (i32.const 0) (i32.const 8)))
  (func (export "_start") (local $i i32)
    (loop $next
      (if (call $open (i32.const 16) (i32.const 4) (i32.const 0)) (then (return)))
      (if (call $open (i32.const 32) (i32.const 1) (i32.const 2)) (then (return)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 10))))
    (call $proc_exit (i32.const 1))))
