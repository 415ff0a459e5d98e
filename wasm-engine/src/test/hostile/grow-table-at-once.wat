;; ends: Exited(0)
;; Asks for all there can be, in numbers that overflow.
(module
  (table 1 funcref)
  (func $refused (param i32)
    (if (i32.ne (table.grow (ref.null func) (local.get 0)) (i32.const -1)) (then unreachable)))
  (func (export "_start")
    (call $refused (i32.const -1))
    (call $refused (i32.const 0x7fffffff))
    (call $refused (i32.const 0x80000000))
    (if (i32.ne (table.size) (i32.const 1)) (then unreachable))))
