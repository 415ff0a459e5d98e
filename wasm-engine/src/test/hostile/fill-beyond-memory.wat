;; ends: Trapped(MEMORY_OUT_OF_BOUNDS)
;; The end is in, the sum is not.
(module
  (memory (export "memory") 1)
  (func (export "_start") (memory.fill (i32.const 65535) (i32.const 1) (i32.const 2))))
