;; refused: INVALID
;; An f32 where an i32 is expected.
(module (func (export "_start") (drop (i32.add (i32.const 1) (f32.const 1)))))
