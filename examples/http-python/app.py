"""Answers by wasi:http 0.2: how many days there are to a date, as JSON."""

import datetime
import json
import os
from urllib.parse import parse_qs

from componentize_py_types import Ok
from wit_world import exports
from wit_world.imports.types import Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam


class IncomingHandler(exports.IncomingHandler):
    def handle(self, request: IncomingRequest, response_out: ResponseOutparam) -> None:
        _, _, query = (request.path_with_query() or "").partition("?")
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        try:
            first = datetime.date.fromisoformat(asked.get("from") or os.environ["EPOCH"])
            last = datetime.date.fromisoformat(asked["to"])
        except (KeyError, ValueError):
            answer(response_out, 400, {"error": "ask for /?from=YYYY-MM-DD&to=YYYY-MM-DD"})
            return
        answer(response_out, 200, {"days": (last - first).days, "weekday": last.strftime("%A")})


def answer(out: ResponseOutparam, status: int, value: dict) -> None:
    response = OutgoingResponse(Fields.from_list([("content-type", b"application/json")]))
    response.set_status_code(status)
    body = response.body()
    ResponseOutparam.set(out, Ok(response))
    with body.write() as stream:
        stream.blocking_write_and_flush(json.dumps(value).encode() + b"\n")
    OutgoingBody.finish(body, None)
