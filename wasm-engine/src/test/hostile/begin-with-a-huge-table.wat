;; ends: OutOfMemory | Refused(TOO_LARGE) | Refused(INVALID)
;; Declares four billion elements.
(module
  (table 0xffffffff funcref)
  (func (export "_start")))
