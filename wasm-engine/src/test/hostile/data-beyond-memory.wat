;; ends: Trapped(MEMORY_OUT_OF_BOUNDS)
;; An active segment that does not fit, behind one that does.
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "in")
  (data (i32.const 65535) "out")
  (func (export "_start")))
