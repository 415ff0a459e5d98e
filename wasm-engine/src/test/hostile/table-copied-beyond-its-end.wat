;; ends: Trapped(TABLE_OUT_OF_BOUNDS)
;; The sum wraps.
(module
  (table 10 funcref)
  (func (export "_start") (table.copy (i32.const 0) (i32.const 5) (i32.const -2))))
