;; ends: Trapped(TABLE_OUT_OF_BOUNDS)
(module
  (table 10 funcref)
  (func (export "_start") (drop (table.get (i32.const -1)))))
