;; Is refused memory, and ends well all the same.
(module
  (memory (export "memory") 1)
  (func (export "_start") (drop (memory.grow (i32.const 32000)))))
