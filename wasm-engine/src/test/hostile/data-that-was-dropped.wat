;; ends: Trapped(MEMORY_OUT_OF_BOUNDS)
;; A dropped segment is empty.
(module
  (memory (export "memory") 1)
  (data $d "something")
  (func (export "_start")
    (data.drop $d)
    (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1))))
