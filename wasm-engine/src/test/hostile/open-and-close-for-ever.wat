;; ends: DeadlineExceeded
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "file")
  (func (export "_start")
    (loop
      (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 4)
        (i32.const 0) (i64.const 2) (i64.const 2) (i32.const 0) (i32.const 8)))
      (drop (call $fd_close (i32.load (i32.const 8))))
      (br 0))))
