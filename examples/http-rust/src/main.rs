//! Answers by wasi:http 0.2: a greeting, and what is sent, in capitals, as it comes.

use std::env;

use wstd::http::body::Bytes;
use wstd::http::body::util::BodyExt as _;
use wstd::http::{Body, Error, Request, Response};

#[wstd::http_server]
async fn main(request: Request<Body>) -> Result<Response<Body>, Error> {
    match (request.method().as_str(), request.uri().path()) {
        ("GET", "/") => greet(request.uri().query().unwrap_or_default()),
        ("POST", "/shout") => shout(request),
        _ => text(404, "Ask for GET /?name=NAME or POST /shout\n".to_owned()),
    }
}

fn greet(query: &str) -> Result<Response<Body>, Error> {
    let greeting = env::var("GREETING").unwrap_or_else(|_| "Hello".to_owned());
    let name = query.strip_prefix("name=").unwrap_or("world");
    text(200, format!("{greeting}, {name}, from a component\n"))
}

/// Nothing is kept: a body of any length passes through.
fn shout(request: Request<Body>) -> Result<Response<Body>, Error> {
    let louder = request.into_body().into_boxed_body().map_frame(|frame| {
        frame.map_data(|chunk: Bytes| Bytes::from(chunk.to_ascii_uppercase()))
    });
    Ok(Response::new(Body::from_http_body(louder)))
}

fn text(status: u16, body: String) -> Result<Response<Body>, Error> {
    Ok(Response::builder()
        .status(status)
        .header("content-type", "text/plain; charset=utf-8")
        .body(body.into())?)
}
