;; ends: OutOfMemory
;; Takes more and more elements, and gives up when there are no more.
(module
  (table 1 funcref)
  (func (export "_start")
    (loop (br_if 0 (i32.ne (table.grow (ref.null func) (i32.const 20000)) (i32.const -1))))
    unreachable))
