;; ends: DeadlineExceeded
;; One host call that has much to do, in a loop.
(module
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (memory (export "memory") 200)
  (func (export "_start") (loop (drop (call $random_get (i32.const 0) (i32.const 13107200))) (br 0))))
