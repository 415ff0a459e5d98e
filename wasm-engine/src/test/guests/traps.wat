;; One trap for each letter that comes in on standard input.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (type $none (func))
  (type $one (func (param i32)))
  (memory (export "memory") 1 4)
  (table 2 4 funcref)
  (elem (i32.const 0) $nothing)
  (func $nothing)
  (func $deeper (param i32) (result i32)
    (i32.add (call $deeper (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
  (func $is (param i32) (result i32) (i32.eq (i32.load8_u (i32.const 100)) (local.get 0)))
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 100))
    (i32.store (i32.const 4) (i32.const 1))
    (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (if (call $is (i32.const 0x75)) (then (unreachable)))                                              ;; u
    (if (call $is (i32.const 0x6d)) (then (drop (i32.load (i32.const 65533)))))                        ;; m
    (if (call $is (i32.const 0x4d)) (then (drop (i32.load offset=4 (i32.const -8)))))                  ;; M
    (if (call $is (i32.const 0x74)) (then (call_indirect (type $none) (i32.const 7))))                 ;; t
    (if (call $is (i32.const 0x6e)) (then (call_indirect (type $none) (i32.const 1))))                 ;; n
    (if (call $is (i32.const 0x69)) (then (call_indirect (type $one) (i32.const 1) (i32.const 0))))    ;; i
    (if (call $is (i32.const 0x64)) (then (drop (i32.div_s (i32.const 1) (i32.load (i32.const 200))))));; d
    (if (call $is (i32.const 0x6f)) (then (drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))))   ;; o
    (if (call $is (i32.const 0x63)) (then (drop (i32.trunc_f64_s (f64.const 1e300)))))                 ;; c
    (if (call $is (i32.const 0x73)) (then (drop (call $deeper (i32.const 0)))))                        ;; s
    (if (call $is (i32.const 0x66)) (then (memory.fill (i32.const 65530) (i32.const 1) (i32.const 7))));; f
  ))
