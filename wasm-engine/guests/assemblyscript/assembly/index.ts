// Does what every command among the guests does, as far as the library wasi-shim goes: it has no files, so the calls
// of WASI for those are made here.

import { Descriptor } from "./file";

const args = process.argv.slice(1);
process.stdout.write(`arguments: ${args.join(", ")}\n`);
process.stdout.write(`greeting: ${process.env.has("GREETING") ? process.env.get("GREETING") : "unset"}\n`);

const chunk = new ArrayBuffer(4096);
let bytes = 0;
let lines = 0;
let last: u8 = 10;
for (let read = process.stdin.read(chunk); read > 0; read = process.stdin.read(chunk)) {
  bytes += read;
  for (let i = 0; i < read; i++) {
    last = load<u8>(changetype<usize>(chunk) + i);
    if (last == 10) lines++;
  }
}
if (last != 10) lines++;
process.stdout.write(`standard input: ${bytes} bytes in ${lines} lines\n`);

const text = Descriptor.read("in.txt");
process.stdout.write("in.txt: " + text!);
Descriptor.write("out.txt", text!.toUpperCase());
process.stdout.write("out.txt: " + Descriptor.read("out.txt")!);
process.stdout.write(`missing.txt: ${Descriptor.read("missing.txt") ? "there" : "entity not found"}\n`);

process.stderr.write("a line on standard error\n");
if (args.length > 0) {
  const code = I32.parseInt(args[args.length - 1]);
  process.exit(isNaN(parseInt(args[args.length - 1])) ? 0 : code);
}
