;; Grows a page at a time until it is refused, then traps; touches each page.
(module
  (memory (export "memory") 1)
  (func (export "_start")
    (loop
      (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then (unreachable)))
      (i32.store (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)) (i32.const 7))
      (br 0))))
