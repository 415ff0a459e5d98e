;; ends: Trapped(UNREACHABLE)
(module
  (func $no unreachable)
  (start $no)
  (func (export "_start")))
