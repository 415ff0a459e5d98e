;; ends: Trapped(INDIRECT_CALL)
;; A function of no parameters, called with one.
(module
  (type $one (func (param i64)))
  (table funcref (elem $start))
  (func $start (export "_start") (call_indirect (type $one) (i64.const 1) (i32.const 0))))
