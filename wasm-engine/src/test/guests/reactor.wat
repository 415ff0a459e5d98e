(module (func (export "_initialize")) (func (export "work")))
