;; ends: DeadlineExceeded
;; Asks again and again for what it is refused.
(module
  (memory (export "memory") 1)
  (func (export "_start") (loop (drop (memory.grow (i32.const 100))) (br 0))))
