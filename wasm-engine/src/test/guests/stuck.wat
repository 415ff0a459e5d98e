;; Reads a letter, writes a dot, and never comes back from what the letter stands for.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
  (type $none (func))
  (memory (export "memory") 640)
  (table 1000000 funcref)
  (elem (i32.const 0) $bounce)
  (func $read (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func $write (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func $is (param i32) (result i32) (i32.eq (i32.load8_u (i32.const 100)) (local.get 0)))
  (func $dive (param i32)
    (if (local.get 0) (then (call $dive (i32.sub (local.get 0) (i32.const 1)))
                            (call $dive (i32.sub (local.get 0) (i32.const 1))))))
  (func $bounce)
  (func (export "_start") (local $letter i32)
    (i32.store (i32.const 0) (i32.const 100))
    (i32.store (i32.const 4) (i32.const 1))
    (call $read)
    (local.set $letter (i32.load8_u (i32.const 100)))
    (i32.store8 (i32.const 100) (i32.const 0x2e))
    (call $write)
    (i32.store8 (i32.const 100) (local.get $letter))
    ;; from 200: a subscription to a clock for an hour, and from 248 one to standard input
    (i32.store (i32.const 216) (i32.const 1))
    (i64.store (i32.const 224) (i64.const 3600000000000))
    (i32.store8 (i32.const 256) (i32.const 1))
    (if (call $is (i32.const 0x6c)) (then (loop (br 0))))                                                 ;; l
    (if (call $is (i32.const 0x64)) (then (call $dive (i32.const 60))))                                   ;; d
    (if (call $is (i32.const 0x69)) (then (loop (call_indirect (type $none) (i32.const 0)) (br 0))))      ;; i
    (if (call $is (i32.const 0x66))                                                                       ;; f
      (then (loop (memory.fill (i32.const 1000) (i32.const 7) (i32.const 41000000)) (br 0))))
    (if (call $is (i32.const 0x63))                                                                       ;; c
      (then (loop (memory.copy (i32.const 1000) (i32.const 1001) (i32.const 41000000)) (br 0))))
    (if (call $is (i32.const 0x74))                                                                       ;; t
      (then (loop (table.fill (i32.const 0) (ref.null func) (i32.const 1000000)) (br 0))))
    (if (call $is (i32.const 0x67)) (then (loop (drop (memory.grow (i32.const 60000))) (br 0))))          ;; g
    (if (call $is (i32.const 0x79)) (then (loop (drop (call $yield)) (br 0))))                            ;; y
    (if (call $is (i32.const 0x68))                                                                       ;; h
      (then (loop (drop (call $random (i32.const 1000) (i32.const 41000000))) (br 0))))
    (if (call $is (i32.const 0x73))                                                                       ;; s
      (then (drop (call $poll (i32.const 200) (i32.const 400) (i32.const 1) (i32.const 300)))))
    (if (call $is (i32.const 0x70))                                                                       ;; p
      (then (drop (call $poll (i32.const 200) (i32.const 400) (i32.const 2) (i32.const 300)))))
    (if (call $is (i32.const 0x72)) (then (call $read)))                                                  ;; r
    (if (call $is (i32.const 0x77)) (then (loop (call $write) (br 0))))                                   ;; w
  ))
