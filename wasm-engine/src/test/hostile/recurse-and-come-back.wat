;; ends: DeadlineExceeded
;; Deep, but never too deep, for ever.
(module
  (func $dive (param i32)
    (if (local.get 0)
      (then (call $dive (i32.sub (local.get 0) (i32.const 1)))
            (call $dive (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "_start") (call $dive (i32.const 60))))
