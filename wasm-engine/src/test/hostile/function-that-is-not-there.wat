;; refused: INVALID
(module (func (export "_start") (call 1000000)))
