;; ends: DeadlineExceeded
;; The longest name there is, asked for again and again: two thousand steps up and down for each.
(module
  (import "wasi_snapshot_preview1" "path_filestat_get" (func $path_filestat_get (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start") (local $i i32)
    (loop $next
      (i64.store (i32.add (i32.const 1000) (local.get $i)) (i64.const 0x2f2e2e2f6275732f)) ;; "/sub/../"
      (local.set $i (i32.add (local.get $i) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 4096))))
    (loop (drop (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 1001) (i32.const 4094) (i32.const 8))) (br 0))))
