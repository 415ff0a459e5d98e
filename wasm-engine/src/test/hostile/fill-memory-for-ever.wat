;; ends: DeadlineExceeded
;; One instruction that has much to do, in a loop.
(module
  (memory (export "memory") 200)
  (func (export "_start")
    (loop (memory.fill (i32.const 0) (i32.const 7) (i32.const 13107200)) (br 0))))
