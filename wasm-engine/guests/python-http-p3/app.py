"""wasi:http/service 0.3 by componentize-py: what a request asks for is in its path."""

import sys
from collections.abc import AsyncIterator

from componentize_py_async_support import spawn
from componentize_py_async_support.futures import FutureReader
from componentize_py_async_support.streams import ByteStreamReader, ByteStreamWriter
from componentize_py_types import Err, Ok
from wit_world import (
    byte_stream,
    exports,
    result_option_wasi_http_types_fields_wasi_http_types_error_code_future as trailers_future,
    result_unit_wasi_http_types_error_code_future as result_future,
)
from wit_world.imports import client
from wit_world.imports.wasi_http_types import (
    ErrorCode_ConfigurationError,
    Fields,
    Method_Get,
    Method_Post,
    Request,
    Response,
    Scheme_Http,
)

PLAIN = [("content-type", b"text/plain")]


class Handler(exports.Handler):
    async def handle(self, request: Request) -> Response:
        path, _, query = (request.get_path_with_query() or "").partition("?")
        match request.get_method(), path:
            case Method_Get(), "/hello":
                return text(200, "hello from python-http-p3\n")
            case Method_Get(), "/header":
                value = next(iter(request.get_headers().get("x-reflect")), b"")
                return streamed(200, [("x-reflected", value)], once(value + b"\n"))
            case Method_Get(), "/big":
                return streamed(200, PLAIN, big())
            case Method_Get(), "/log":
                print("a line on standard output")
                print("a line on standard error", file=sys.stderr)
                return text(200, "logged\n")
            case Method_Get(), "/trap":
                raise RuntimeError("raised by the guest")
            case Method_Get(), "/error":
                raise Err(ErrorCode_ConfigurationError())
            case Method_Get(), "/fetch":
                return await fetch(query)
            case Method_Post(), "/echo":
                body, trailers = Request.consume_body(request, result_future(lambda: Ok(None))[1])
                return streamed(200, [], chunks(body, trailers))
            case _:
                return text(404, "not found\n")


def streamed(status: int, headers: list[tuple[str, bytes]], body: AsyncIterator[bytes]) -> Response:
    """A response whose body is written while it is under way."""
    writer, reader = byte_stream()
    response, _ = Response.new(Fields.from_list(headers), reader, trailers_future(lambda: Ok(None))[1])
    response.set_status_code(status)
    spawn(write(writer, body))
    return response


async def write(writer: ByteStreamWriter, body: AsyncIterator[bytes]) -> None:
    with writer:
        async for chunk in body:
            await writer.write_all(chunk)


def text(status: int, body: str) -> Response:
    return streamed(status, PLAIN, once(body.encode()))


async def once(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def big() -> AsyncIterator[bytes]:
    """1 MiB in numbered lines of 16 bytes."""
    for block in range(256):
        yield b"".join(b"%015d\n" % (block * 256 + n) for n in range(256))


async def chunks(reader: ByteStreamReader, *kept: FutureReader) -> AsyncIterator[bytes]:
    """What comes, as it comes. A body breaks off when the futures of its message are dropped: they are kept until then."""
    with reader:
        while not reader.writer_dropped:
            yield await reader.read(16 << 10)


async def fetch(authority_and_path: str) -> Response:
    authority, _, path = authority_and_path.partition("/")
    request, sent = Request.new(Fields.from_list([]), None, trailers_future(lambda: Ok(None))[1], None)
    request.set_scheme(Scheme_Http())
    request.set_authority(authority)
    request.set_path_with_query("/" + path)
    try:
        response = await client.send(request)
    except Err as failure:
        return text(502, f"{type(failure.value).__name__}\n")
    status = response.get_status_code()
    body, trailers = Response.consume_body(response, result_future(lambda: Ok(None))[1])
    return streamed(status, [], chunks(body, sent, trailers))
