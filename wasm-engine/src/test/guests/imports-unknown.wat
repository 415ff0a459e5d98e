(module
  (import "env" "emscripten_sleep" (func (param i32)))
  (import "wasi_snapshot_preview1" "fd_frobnicate" (func))
  (import "wasi_snapshot_preview1" "fd_close" (func (param i64) (result i32)))
  (import "env" "memory" (memory 1))
  (func (export "_start")))
