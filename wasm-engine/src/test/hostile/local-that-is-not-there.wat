;; refused: INVALID
(module (func (export "_start") (drop (local.get 1000000))))
