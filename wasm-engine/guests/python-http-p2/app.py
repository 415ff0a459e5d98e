"""wasi:http/proxy 0.2 by componentize-py: what a request asks for is in its path."""

import asyncio
import sys

import poll_loop
from componentize_py_types import Err, Ok
from poll_loop import PollLoop, Sink, Stream
from wit_world import exports
from wit_world.imports.types import (
    Fields,
    IncomingRequest,
    Method_Get,
    Method_Post,
    OutgoingRequest,
    OutgoingResponse,
    ResponseOutparam,
    Scheme_Http,
)

PLAIN = [("content-type", b"text/plain")]


class IncomingHandler(exports.IncomingHandler):
    def handle(self, request: IncomingRequest, response_out: ResponseOutparam) -> None:
        loop = PollLoop()
        asyncio.set_event_loop(loop)
        loop.run_until_complete(answer(request, response_out))


async def answer(request: IncomingRequest, out: ResponseOutparam) -> None:
    path, _, query = (request.path_with_query() or "").partition("?")
    match request.method(), path:
        case Method_Get(), "/hello":
            await text(out, 200, "hello from python-http-p2\n")
        case Method_Get(), "/header":
            value = next(iter(request.headers().get("x-reflect")), b"")
            await whole(out, 200, [("x-reflected", value)], value + b"\n")
        case Method_Get(), "/big":
            sink = begin(out, 200, PLAIN)
            # 1 MiB in numbered lines of 16 bytes.
            for block in range(256):
                await sink.send(b"".join(b"%015d\n" % (block * 256 + n) for n in range(256)))
            sink.close()
        case Method_Get(), "/log":
            print("a line on standard output")
            print("a line on standard error", file=sys.stderr)
            await text(out, 200, "logged\n")
        case Method_Get(), "/trap":
            raise RuntimeError("raised by the guest")
        case Method_Get(), "/fetch":
            await fetch(out, query)
        case Method_Post(), "/echo":
            await copy(Stream(request.consume()), begin(out, 200, []))
        case _:
            await text(out, 404, "not found\n")


def begin(out: ResponseOutparam, status: int, headers: list[tuple[str, bytes]]) -> Sink:
    response = OutgoingResponse(Fields.from_list(headers))
    response.set_status_code(status)
    body = response.body()
    ResponseOutparam.set(out, Ok(response))
    return Sink(body)


async def whole(out: ResponseOutparam, status: int, headers: list[tuple[str, bytes]], body: bytes) -> None:
    sink = begin(out, status, headers)
    await sink.send(body)
    sink.close()


async def text(out: ResponseOutparam, status: int, body: str) -> None:
    await whole(out, status, PLAIN, body.encode())


async def copy(stream: Stream, sink: Sink) -> None:
    while (chunk := await stream.next()) is not None:
        await sink.send(chunk)
    sink.close()


async def fetch(out: ResponseOutparam, authority_and_path: str) -> None:
    authority, _, path = authority_and_path.partition("/")
    request = OutgoingRequest(Fields.from_list([]))
    request.set_scheme(Scheme_Http())
    request.set_authority(authority)
    request.set_path_with_query("/" + path)
    try:
        response = await poll_loop.send(request)
    except Err as failure:
        await text(out, 502, f"{type(failure.value).__name__}\n")
        return
    await copy(Stream(response.consume()), begin(out, response.status(), []))
