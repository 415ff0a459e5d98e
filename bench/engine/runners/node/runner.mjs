// Runs a WASI p1 module on V8: run MODULE ARGS..., or measures and prints JSON: load MODULE FOLDER TIMES,
// command MODULE TIMES.
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const [what, file, ...rest] = process.argv.slice(2);
const bytes = readFileSync(file);
const nanos = (start) => Number(process.hrtime.bigint() - start);

function start(module, args) {
  const wasi = new WASI({ version: 'preview1', args, returnOnExit: true });
  const code = wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));
  if (code) process.exit(code);
}

if (what === 'run') {
  start(new WebAssembly.Module(bytes), [file, ...rest]);
} else if (what === 'load') {
  // V8 compiles functions when they are first called, and keeps no code across processes for node.
  const begin = process.hrtime.bigint();
  new WebAssembly.Module(bytes);
  console.log(JSON.stringify({ cold_ns: nanos(begin), cached_ns: [] }));
} else if (what === 'command') {
  const module = new WebAssembly.Module(bytes);
  const ns = Array.from({ length: Number(rest[0]) }, () => {
    const begin = process.hrtime.bigint();
    start(module, ['nothing']);
    return nanos(begin);
  });
  console.log(JSON.stringify({ ns }));
}
