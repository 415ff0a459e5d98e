//! wasi:http/proxy 0.2 by the crate wasip2: what a request asks for is in its path.

use std::io::Write as _;

use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::outgoing_handler;
use wasip2::http::types::{
    ErrorCode, Fields, IncomingBody, IncomingRequest, Method, OutgoingBody, OutgoingRequest,
    OutgoingResponse, ResponseOutparam, Scheme,
};
use wasip2::io::streams::{InputStream, StreamError};

wasip2::http::proxy::export!(Example);

struct Example;

impl Guest for Example {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let target = request.path_with_query().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        match (request.method(), path) {
            (Method::Get, "/hello") => text(out, 200, "hello from rust-http-p2\n"),
            (Method::Get, "/header") => reflect(&request, out),
            (Method::Get, "/big") => big(out),
            (Method::Get, "/log") => {
                println!("a line on standard output");
                eprintln!("a line on standard error");
                text(out, 200, "logged\n");
            }
            (Method::Get, "/trap") => core::arch::wasm32::unreachable(),
            (Method::Get, "/fetch") => fetch(query, out),
            (Method::Post, "/echo") => echo(request, out),
            _ => text(out, 404, "not found\n"),
        }
    }
}

fn begin(out: ResponseOutparam, status: u16, headers: &[(&str, &[u8])]) -> OutgoingBody {
    let fields = Fields::new();
    for (name, value) in headers {
        fields.append(name, value).unwrap();
    }
    let response = OutgoingResponse::new(fields);
    response.set_status_code(status).unwrap();
    let body = response.body().unwrap();
    ResponseOutparam::set(out, Ok(response));
    body
}

fn text(out: ResponseOutparam, status: u16, text: &str) {
    let body = begin(out, status, &[("content-type", b"text/plain")]);
    body.write().unwrap().write_all(text.as_bytes()).unwrap();
    OutgoingBody::finish(body, None).unwrap();
}

fn reflect(request: &IncomingRequest, out: ResponseOutparam) {
    let values = request.headers().get("x-reflect");
    let value = values.first().cloned().unwrap_or_default();
    let body = begin(out, 200, &[("x-reflected", &value)]);
    {
        let mut stream = body.write().unwrap();
        stream.write_all(&value).unwrap();
        stream.write_all(b"\n").unwrap();
    }
    OutgoingBody::finish(body, None).unwrap();
}

/// 1 MiB in numbered lines of 16 bytes.
fn big(out: ResponseOutparam) {
    let body = begin(out, 200, &[("content-type", b"text/plain")]);
    {
        let mut stream = body.write().unwrap();
        for block in 0..256 {
            let lines: String = (0..256).map(|n| format!("{:015}\n", block * 256 + n)).collect();
            stream.write_all(lines.as_bytes()).unwrap();
        }
        stream.flush().unwrap();
    }
    OutgoingBody::finish(body, None).unwrap();
}

/// Sends back what comes, as it comes.
fn echo(request: IncomingRequest, out: ResponseOutparam) {
    let incoming = request.consume().unwrap();
    let body = begin(out, 200, &[]);
    copy(&incoming.stream().unwrap(), &body);
    OutgoingBody::finish(body, None).unwrap();
}

fn copy(from: &InputStream, to: &OutgoingBody) {
    let mut stream = to.write().unwrap();
    loop {
        match from.blocking_read(16 << 10) {
            Ok(bytes) => stream.write_all(&bytes).unwrap(),
            Err(StreamError::Closed) => break,
            Err(failure) => panic!("reading a body: {failure:?}"),
        }
    }
    stream.flush().unwrap();
}

/// Asks http://AUTHORITY/PATH, and answers with what came, or 502 and why it did not.
fn fetch(authority_and_path: &str, out: ResponseOutparam) {
    match ask(authority_and_path) {
        Ok((status, incoming)) => {
            let body = begin(out, status, &[]);
            copy(&incoming.stream().unwrap(), &body);
            OutgoingBody::finish(body, None).unwrap();
        }
        Err(code) => text(out, 502, &format!("{code:?}\n")),
    }
}

fn ask(authority_and_path: &str) -> Result<(u16, IncomingBody), ErrorCode> {
    let (authority, path) = authority_and_path.split_once('/').unwrap_or((authority_and_path, ""));
    let request = OutgoingRequest::new(Fields::new());
    request.set_scheme(Some(&Scheme::Http)).unwrap();
    request.set_authority(Some(authority)).unwrap();
    request.set_path_with_query(Some(&format!("/{path}"))).unwrap();
    let coming = outgoing_handler::handle(request, None)?;
    coming.subscribe().block();
    let response = coming.get().expect("it is here").expect("it was not taken")?;
    Ok((response.status(), response.consume().unwrap()))
}
