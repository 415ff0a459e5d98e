;; ends: Trapped(MEMORY_OUT_OF_BOUNDS)
;; Three of eight bytes are inside.
(module
  (memory (export "memory") 1)
  (func (export "_start") (i64.store (i32.const 65533) (i64.const -1))))
