//! wasi:http/service 0.3 by the crate wasip3: what a request asks for is in its path.

use wasip3::exports::http::handler::Guest;
use wasip3::http::client;
use wasip3::http::types::{ErrorCode, Fields, Method, Request, Response, Scheme};
use wasip3::wit_bindgen::{StreamReader, StreamWriter, spawn_local};
use wasip3::{wit_future, wit_stream};

wasip3::http::service::export!(Example);

struct Example;

impl Guest for Example {
    async fn handle(request: Request) -> Result<Response, ErrorCode> {
        let target = request.get_path_with_query().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        Ok(match (request.get_method(), path) {
            (Method::Get, "/hello") => text(200, "hello from rust-http-p3\n".into()),
            (Method::Get, "/header") => reflect(&request),
            (Method::Get, "/big") => streamed(200, &[("content-type", b"text/plain")], big),
            (Method::Get, "/log") => {
                println!("a line on standard output");
                eprintln!("a line on standard error");
                text(200, "logged\n".into())
            }
            (Method::Get, "/trap") => core::arch::wasm32::unreachable(),
            (Method::Get, "/error") => return Err(ErrorCode::ConfigurationError),
            (Method::Get, "/fetch") => fetch(query).await,
            (Method::Post, "/echo") => echo(request),
            _ => text(404, "not found\n".into()),
        })
    }
}

/// A response whose body is written while it is under way.
fn streamed<W: Future<Output = ()> + 'static>(
    status: u16,
    headers: &[(&str, &[u8])],
    write: impl FnOnce(StreamWriter<u8>) -> W,
) -> Response {
    let fields = Fields::new();
    for (name, value) in headers {
        fields.append(name, value).unwrap();
    }
    let (writer, reader) = wit_stream::new();
    // No trailers: the default is taken when the other end is dropped.
    let (_, trailers) = wit_future::new(|| Ok(None));
    let (response, _) = Response::new(fields, Some(reader), trailers);
    response.set_status_code(status).unwrap();
    spawn_local(write(writer));
    response
}

fn text(status: u16, text: String) -> Response {
    streamed(status, &[("content-type", b"text/plain")], |mut body| async move {
        body.write_all(text.into_bytes()).await;
    })
}

fn reflect(request: &Request) -> Response {
    let values = request.get_headers().get("x-reflect");
    let value = values.first().cloned().unwrap_or_default();
    streamed(200, &[("x-reflected", &value.clone())], |mut body| async move {
        body.write_all([&value[..], b"\n"].concat()).await;
    })
}

/// 1 MiB in numbered lines of 16 bytes.
async fn big(mut body: StreamWriter<u8>) {
    for block in 0..256 {
        let lines: String = (0..256).map(|n| format!("{:015}\n", block * 256 + n)).collect();
        if !body.write_all(lines.into_bytes()).await.is_empty() {
            return;
        }
    }
}

/// Sends back what comes, as it comes.
fn echo(request: Request) -> Response {
    let (_, read_well) = wit_future::new(|| Ok(()));
    let (incoming, trailers) = Request::consume_body(request, read_well);
    streamed(200, &[], |body| async move {
        copy(incoming, body).await;
        drop(trailers);
    })
}

async fn copy(mut from: StreamReader<u8>, mut to: StreamWriter<u8>) {
    loop {
        let (result, bytes) = from.read(Vec::with_capacity(16 << 10)).await;
        if !to.write_all(bytes).await.is_empty() {
            return;
        }
        if !matches!(result, wasip3::wit_bindgen::StreamResult::Complete(_)) {
            return;
        }
    }
}

/// Asks http://AUTHORITY/PATH, and answers with what came, or 502 and why it did not.
async fn fetch(authority_and_path: &str) -> Response {
    let (authority, path) = authority_and_path.split_once('/').unwrap_or((authority_and_path, ""));
    let (_, trailers) = wit_future::new(|| Ok(None));
    let (request, sent) = Request::new(Fields::new(), None, trailers, None);
    request.set_scheme(Some(&Scheme::Http)).unwrap();
    request.set_authority(Some(authority)).unwrap();
    request.set_path_with_query(Some(&format!("/{path}"))).unwrap();
    match client::send(request).await {
        Ok(response) => {
            let status = response.get_status_code();
            let (_, read_well) = wit_future::new(|| Ok(()));
            let (incoming, trailers) = Response::consume_body(response, read_well);
            streamed(status, &[], |body| async move {
                copy(incoming, body).await;
                // The body would break off if these were dropped before.
                drop((sent, trailers));
            })
        }
        Err(code) => text(502, format!("{code:?}\n")),
    }
}
