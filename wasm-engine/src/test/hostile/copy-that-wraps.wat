;; ends: Trapped(MEMORY_OUT_OF_BOUNDS)
;; Source and length together are 3 in 32 bits.
(module
  (memory (export "memory") 1)
  (func (export "_start") (memory.copy (i32.const 0) (i32.const 5) (i32.const -2))))
