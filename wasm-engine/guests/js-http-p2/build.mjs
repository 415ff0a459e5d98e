import { readFile, writeFile } from "node:fs/promises";

const [modules, witPath, source, output] = process.argv.slice(2);
const { componentize } = await import(`${modules}/@bytecodealliance/componentize-js/src/componentize.js`);
const { component } = await componentize(await readFile(source, "utf8"), { witPath, worldName: "proxy" });
await writeFile(output, component);
