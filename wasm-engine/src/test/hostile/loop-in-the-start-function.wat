;; ends: DeadlineExceeded
;; Before anybody has called an export.
(module
  (func $for-ever (loop (br 0)))
  (start $for-ever)
  (func (export "_start")))
