;; ends: DeadlineExceeded
(module
  (func (export "_start") (local i32)
    (loop $again
      (local.set 0 (i32.add (local.get 0) (i32.const 1)))
      (block (block (block (br_table 0 1 2 $again (i32.and (local.get 0) (i32.const 3)))))
      ) (br $again))))
