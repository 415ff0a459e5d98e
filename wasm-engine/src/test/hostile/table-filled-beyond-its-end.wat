;; ends: Trapped(TABLE_OUT_OF_BOUNDS)
(module
  (table 10 funcref)
  (func (export "_start") (table.fill (i32.const 9) (ref.null func) (i32.const 2))))
