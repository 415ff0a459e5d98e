;; Grows its table by one and exits with the size that it began with.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (table 3 100 funcref)
  (func (export "_start") (call $exit (table.grow (ref.null func) (i32.const 1)))))
