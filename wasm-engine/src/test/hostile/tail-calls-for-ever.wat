;; ends: DeadlineExceeded | Refused(UNSUPPORTED_FEATURE)
;; They need no stack, so that no stack ends them.
(module
  (func $again (export "_start") (return_call $again)))
