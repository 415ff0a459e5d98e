;; ends: Trapped(TABLE_OUT_OF_BOUNDS)
;; An active segment that does not fit.
(module
  (table 1 funcref)
  (elem (i32.const 1) $start)
  (func $start (export "_start")))
