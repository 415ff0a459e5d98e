;; ends: Trapped(STACK_OVERFLOW)
;; Two functions that call each other by number.
(module
  (type $step (func (param i32) (result i32)))
  (table funcref (elem $ping $pong))
  (func $ping (type $step)
    (i32.add (call_indirect (type $step) (local.get 0) (i32.const 1)) (i32.const 1)))
  (func $pong (type $step)
    (i32.add (call_indirect (type $step) (local.get 0) (i32.const 0)) (i32.const 1)))
  (func (export "_start") (drop (call $ping (i32.const 0)))))
