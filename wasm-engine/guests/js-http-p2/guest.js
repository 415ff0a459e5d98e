// wasi:http/proxy 0.2 by componentize-js (SpiderMonkey): what a request asks for is in its path.

const plain = { "content-type": "text/plain" };

const routes = {
  "GET /hello": () => new Response("hello from js-http-p2\n", { headers: plain }),
  "GET /header": ({ request }) => {
    const value = request.headers.get("x-reflect") ?? "";
    return new Response(value + "\n", { headers: { "x-reflected": value } });
  },
  "GET /big": () => new Response(big(), { headers: plain }),
  "GET /log": () => {
    console.log("a line on standard output");
    console.error("a line on standard error");
    return new Response("logged\n", { headers: plain });
  },
  "GET /trap": () => {
    throw new Error("thrown by the guest");
  },
  "GET /fetch": async ({ url }) => {
    try {
      const response = await fetch("http://" + url.search.slice(1));
      return new Response(response.body, { status: response.status });
    } catch (failure) {
      return new Response(`${failure.name}\n`, { status: 502, headers: plain });
    }
  },
  "POST /echo": ({ request }) => new Response(request.body),
};

// 1 MiB in numbered lines of 16 bytes, made as it is asked for.
function big() {
  const encoder = new TextEncoder();
  let block = 0;
  return new ReadableStream({
    pull(controller) {
      if (block === 256) return controller.close();
      let lines = "";
      for (let n = 0; n < 256; n++) lines += String(block * 256 + n).padStart(15, "0") + "\n";
      block++;
      controller.enqueue(encoder.encode(lines));
    },
  });
}

async function answer(request) {
  const url = new URL(request.url);
  const route = routes[`${request.method} ${url.pathname}`];
  return route ? route({ request, url }) : new Response("not found\n", { status: 404, headers: plain });
}

addEventListener("fetch", (event) => event.respondWith(answer(event.request)));
