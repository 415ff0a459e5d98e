;; ends: Trapped(TABLE_OUT_OF_BOUNDS)
(module
  (type $none (func))
  (table 1 funcref)
  (func (export "_start") (call_indirect (type $none) (i32.const 0x80000000))))
