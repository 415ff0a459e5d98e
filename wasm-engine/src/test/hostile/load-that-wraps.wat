;; ends: Trapped(MEMORY_OUT_OF_BOUNDS)
;; Address and offset together are 7 in 32 bits.
(module
  (memory (export "memory") 1)
  (func (export "_start") (drop (i32.load offset=0xffffffff (i32.const 8)))))
