;; ends: Trapped(MEMORY_OUT_OF_BOUNDS)
;; The offset is the largest there is.
(module
  (memory (export "memory") 1)
  (data (i32.const -1) "x")
  (func (export "_start")))
