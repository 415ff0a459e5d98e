// The same answer from a handler in JavaScript: node plain.mjs PORT
import { createServer } from "node:http";

createServer((request, response) => {
  response.writeHead(request.url === "/hello" ? 200 : 404, { "content-type": "text/plain" });
  response.end("hello from node\n");
}).listen(Number(process.argv[2]), "127.0.0.1");
