;; refused: INVALID
(module (func (export "_start") (br 5)))
