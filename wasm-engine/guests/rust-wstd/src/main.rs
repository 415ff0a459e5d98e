//! wasi:http/proxy 0.2 by the crate wstd: what a request asks for is in its path. It asks no other server: wstd 0.6.8's
//! client fails now and then ("connection reset") when an answer comes before the end of an empty request was sent.

use std::convert::Infallible;

use futures_lite::stream;
use wstd::http::body::Bytes;
use wstd::http::{Body, Error, Request, Response};

#[wstd::http_server]
async fn main(request: Request<Body>) -> Result<Response<Body>, Error> {
    let method = request.method().as_str();
    let path = request.uri().path();
    match (method, path) {
        ("GET", "/hello") => text(200, "hello from rust-wstd\n".into()),
        ("GET", "/header") => reflect(&request),
        ("GET", "/big") => big(),
        ("GET", "/log") => {
            println!("a line on standard output");
            eprintln!("a line on standard error");
            text(200, "logged\n".into())
        }
        ("GET", "/trap") => core::arch::wasm32::unreachable(),
        ("POST", "/echo") => Ok(Response::new(request.into_body())),
        _ => text(404, "not found\n".into()),
    }
}

fn text(status: u16, body: String) -> Result<Response<Body>, Error> {
    Ok(Response::builder().status(status).header("content-type", "text/plain").body(body.into())?)
}

fn reflect(request: &Request<Body>) -> Result<Response<Body>, Error> {
    let value = request.headers().get("x-reflect").map_or("", |value| value.to_str().unwrap_or(""));
    Ok(Response::builder().header("x-reflected", value).body(format!("{value}\n").into())?)
}

/// 1 MiB in numbered lines of 16 bytes.
fn big() -> Result<Response<Body>, Error> {
    let blocks = (0..256).map(|block| -> Result<Bytes, Infallible> {
        let lines: String = (0..256).map(|n| format!("{:015}\n", block * 256 + n)).collect();
        Ok(lines.into())
    });
    let body = Body::from_try_stream(stream::iter(blocks));
    Ok(Response::builder().header("content-type", "text/plain").body(body)?)
}
