;; ends: Exited(0)
;; A thousand buffers, each of which is the whole memory: 13 gigabytes in one call.
;; What is written is at most what one buffer has.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 200)
  (func (export "_start") (local $i i32)
    (loop $next
      (i32.store offset=4 (i32.mul (local.get $i) (i32.const 8)) (i32.const 13107200))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 1000))))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1000) (i32.const 8192)))
    (if (i32.gt_u (i32.load (i32.const 8192)) (i32.const 13107200)) (then unreachable))))
