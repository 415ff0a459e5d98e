;; ends: Exited(0)
;; Makes a directory in a directory until the name of the next is too long.
(module
  (import "wasi_snapshot_preview1" "path_create_directory" (func $path_create_directory (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start") (local $length i32)
    (local.set $length (i32.const 99))
    ;; from 1000: names of 99 letters with a slash between
    (memory.fill (i32.const 1000) (i32.const 0x64) (i32.const 60000))
    (loop $deeper
      (if (call $path_create_directory (i32.const 3) (i32.const 1000) (local.get $length))
        (then (return)))
      (i32.store8 (i32.add (i32.const 1000) (local.get $length)) (i32.const 0x2f))
      (local.set $length (i32.add (local.get $length) (i32.const 100)))
      (br_if $deeper (i32.lt_u (local.get $length) (i32.const 60000))))
    (call $proc_exit (i32.const 1))))
