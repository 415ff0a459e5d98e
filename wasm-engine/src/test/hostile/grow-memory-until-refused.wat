;; ends: OutOfMemory
;; Takes page after page, and gives up when there are no more.
(module
  (memory (export "memory") 1)
  (func (export "_start")
    (loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    unreachable))
