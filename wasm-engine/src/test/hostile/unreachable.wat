;; ends: Trapped(UNREACHABLE)
(module (func (export "_start") unreachable))
