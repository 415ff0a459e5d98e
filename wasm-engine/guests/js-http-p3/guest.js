// wasi:http/handler 0.3 by componentize-qjs (QuickJS): what a request asks for is in its path.

import stderr from "wasi:cli/stderr@0.3.0";
import stdout from "wasi:cli/stdout@0.3.0";
import types from "wasi:http/types@0.3.0";

const { Fields, Request, Response } = types;
const plain = [["content-type", ascii("text/plain")]];

const routes = {
  "get /hello": () => text(200, "hello from js-http-p3\n"),
  "get /header": (request) => {
    const value = request.getHeaders().get("x-reflect")[0] ?? new Uint8Array();
    return answerWith(200, [["x-reflected", value]], [value, ascii("\n")]);
  },
  "get /big": () => answerWith(200, plain, big()),
  "get /log": async () => {
    await stdout.writeViaStream([ascii("a line on standard output\n")]).read();
    await stderr.writeViaStream([ascii("a line on standard error\n")]).read();
    return text(200, "logged\n");
  },
  "get /trap": () => {
    throw new Error("thrown by the guest");
  },
  "get /error": () => {
    throw { tag: "configuration-error" };
  },
  "post /echo": (request) => {
    const readWell = future("RESULT_VOID_WASI_HTTP_TYPES_0_3_0_ERROR_CODE", null);
    const [body] = Request.consumeBody(request, readWell);
    return answerWith(200, [], body);
  },
};

export const handler = {
  async handle(request) {
    const [path] = (request.getPathWithQuery() ?? "").split("?");
    const route = routes[`${request.getMethod().tag} ${path}`];
    return route ? await route(request) : text(404, "not found\n");
  },
};

function ascii(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function text(status, body) {
  return answerWith(status, plain, [ascii(body)]);
}

function answerWith(status, headers, body) {
  const noTrailers = future("RESULT_OPTION_OTHER_ERROR_CODE", null);
  const [response] = Response.new(Fields.fromList(headers), body, noTrailers);
  response.setStatusCode(status);
  return response;
}

// A future that is well already.
function future(type, val) {
  return wit.Future.from({ tag: "ok", val }, wit.Future[type]).readable;
}

// 1 MiB in numbered lines of 16 bytes, made as it is asked for.
function* big() {
  for (let block = 0; block < 256; block++) {
    let lines = "";
    for (let n = 0; n < 256; n++) lines += String(block * 256 + n).padStart(15, "0") + "\n";
    yield ascii(lines);
  }
}
