//! An HTTP component for Spin by spin-sdk 5: a core module for wasm32-wasip1 that carries the type of the component
//! that its host is to make of it. What a request asks for is in its path.

use futures::{SinkExt as _, StreamExt as _};
use spin_sdk::http::{
    self, Fields, IncomingRequest, IncomingResponse, Method, OutgoingResponse, Request,
    ResponseOutparam,
};
use spin_sdk::http_component;

#[http_component]
async fn answer(request: IncomingRequest, out: ResponseOutparam) {
    let target = request.path_with_query().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    match (request.method(), path) {
        (Method::Get, "/hello") => text(out, 200, "hello from rust-spin\n").await,
        (Method::Get, "/header") => {
            let values = request.headers().get(&"x-reflect".to_string());
            let value = values.first().cloned().unwrap_or_default();
            let body = [&value[..], b"\n"].concat();
            let response = begin(200, &[("x-reflected", &value)]);
            out.set_with_body(response, body).await.unwrap();
        }
        (Method::Get, "/big") => big(out).await,
        (Method::Get, "/log") => {
            println!("a line on standard output");
            eprintln!("a line on standard error");
            text(out, 200, "logged\n").await;
        }
        (Method::Get, "/trap") => core::arch::wasm32::unreachable(),
        (Method::Get, "/fetch") => fetch(query, out).await,
        (Method::Post, "/echo") => {
            let response = begin(200, &[]);
            let mut body = response.take_body();
            out.set(response);
            let mut chunks = request.into_body_stream();
            while let Some(chunk) = chunks.next().await {
                body.send(chunk.unwrap()).await.unwrap();
            }
        }
        _ => text(out, 404, "not found\n").await,
    }
}

fn begin(status: u16, headers: &[(&str, &[u8])]) -> OutgoingResponse {
    let fields = Fields::new();
    for (name, value) in headers {
        fields.append(&name.to_string(), &value.to_vec()).unwrap();
    }
    let response = OutgoingResponse::new(fields);
    response.set_status_code(status).unwrap();
    response
}

async fn text(out: ResponseOutparam, status: u16, body: &str) {
    let response = begin(status, &[("content-type", b"text/plain")]);
    out.set_with_body(response, body.into()).await.unwrap();
}

/// 1 MiB in numbered lines of 16 bytes.
async fn big(out: ResponseOutparam) {
    let response = begin(200, &[("content-type", b"text/plain")]);
    let mut body = response.take_body();
    out.set(response);
    for block in 0..256 {
        let lines: String = (0..256).map(|n| format!("{:015}\n", block * 256 + n)).collect();
        body.send(lines.into_bytes()).await.unwrap();
    }
}

/// Asks http://AUTHORITY/PATH, and answers with what came, or 502 and why it did not.
async fn fetch(authority_and_path: &str, out: ResponseOutparam) {
    let request = Request::get(format!("http://{authority_and_path}")).build();
    match http::send::<_, IncomingResponse>(request).await {
        Ok(answer) => {
            let response = begin(answer.status(), &[]);
            let mut body = response.take_body();
            out.set(response);
            let mut chunks = answer.take_body_stream();
            while let Some(chunk) = chunks.next().await {
                body.send(chunk.unwrap()).await.unwrap();
            }
        }
        Err(failure) => text(out, 502, &format!("{failure}\n")).await,
    }
}
