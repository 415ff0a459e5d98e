;; refused: INVALID
;; 65,537 pages (core specification, 3.2.4).
(module
  (memory 65537)
  (func (export "_start")))
