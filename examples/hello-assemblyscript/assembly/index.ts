// Greets whoever the query names. A request comes as environment variables (CGI), the answer goes to standard output.

const query = variable("QUERY_STRING", "");
const name = parameter(query, "name", "world");
const greeting = variable("GREETING", "Hello");

process.stdout.write("Content-Type: text/plain; charset=utf-8\n\n");
process.stdout.write(`${greeting}, ${name}, from AssemblyScript\n`);

function variable(name: string, otherwise: string): string {
  return process.env.has(name) ? process.env.get(name) : otherwise;
}

/** The decoded value of a parameter of a query string, or the third argument when it is missing or empty. */
function parameter(query: string, name: string, otherwise: string): string {
  const pairs = query.split("&");
  for (let i = 0; i < pairs.length; i++) {
    if (pairs[i].startsWith(name + "=") && pairs[i].length > name.length + 1) {
      return decode(pairs[i].substring(name.length + 1));
    }
  }
  return otherwise;
}

/** Undoes percent-encoding. The library's decodeURIComponent ends the program on bad input; this leaves it as it is. */
function decode(text: string): string {
  const source = Uint8Array.wrap(String.UTF8.encode(text));
  const target = new Uint8Array(source.length);
  let length = 0;
  for (let at = 0; at < source.length; at++) {
    let byte = source[at];
    if (byte == 0x25 && at + 2 < source.length && hex(source[at + 1]) >= 0 && hex(source[at + 2]) >= 0) {
      byte = <u8>(hex(source[at + 1]) * 16 + hex(source[at + 2]));
      at += 2;
    } else if (byte == 0x2b) {
      byte = 0x20;
    }
    target[length++] = byte;
  }
  return String.UTF8.decode(target.buffer.slice(0, length));
}

function hex(digit: i32): i32 {
  if (digit >= 0x30 && digit <= 0x39) return digit - 0x30;
  const letter = digit | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}
