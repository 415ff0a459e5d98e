;; ends: Trapped(INDIRECT_CALL)
;; A null in the table.
(module
  (type $none (func))
  (table 1 funcref)
  (func (export "_start") (call_indirect (type $none) (i32.const 0))))
