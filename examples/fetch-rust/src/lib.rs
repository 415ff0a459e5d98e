//! Asks another server, and passes its answer on: who that may be stands in the app's network.allowedHosts.

use std::env;
use std::io::{Read as _, Write as _};

use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::outgoing_handler;
use wasip2::http::types::{
    Fields, IncomingBody, IncomingRequest, IncomingResponse, OutgoingBody, OutgoingRequest,
    OutgoingResponse, ResponseOutparam, Scheme,
};

wasip2::http::proxy::export!(App);

struct App;

impl Guest for App {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let target = request.path_with_query().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        match path {
            "/" => pass_on(&env::var("QUOTES_URL").unwrap_or_default(), out),
            "/from" => pass_on(query, out),
            _ => answer(out, 404, "Ask for GET / or GET /from?URL\n"),
        }
    }
}

fn pass_on(url: &str, out: ResponseOutparam) {
    match quote(url) {
        Ok(quote) => answer(out, 200, &format!("Quote of the day: {quote}")),
        Err(why) => answer(out, 502, &format!("{url} gave no quote: {why}\n")),
    }
}

fn quote(url: &str) -> Result<String, String> {
    let (authority, path) = url
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
        .ok_or("expected http://HOST/PATH")?;
    let request = OutgoingRequest::new(Fields::new());
    request.set_scheme(Some(&Scheme::Http)).map_err(|()| "expected a scheme")?;
    request.set_authority(Some(authority)).map_err(|()| "expected a host")?;
    request.set_path_with_query(Some(&format!("/{path}"))).map_err(|()| "expected a path")?;
    let coming = outgoing_handler::handle(request, None).map_err(|code| format!("{code:?}"))?;
    coming.subscribe().block();
    let response = coming
        .get()
        .and_then(Result::ok)
        .ok_or("expected one answer")?
        .map_err(|code| format!("{code:?}"))?;
    match response.status() {
        200 => text(&response),
        status => Err(format!("it answered {status}")),
    }
}

fn text(response: &IncomingResponse) -> Result<String, String> {
    let body: IncomingBody = response.consume().map_err(|()| "expected a body")?;
    let mut text = String::new();
    let mut stream = body.stream().map_err(|()| "expected a stream")?;
    stream.read_to_string(&mut text).map_err(|fault| fault.to_string())?;
    Ok(text)
}

fn answer(out: ResponseOutparam, status: u16, text: &str) {
    let fields = Fields::new();
    fields.append("content-type", b"text/plain; charset=utf-8").expect("a header");
    let response = OutgoingResponse::new(fields);
    response.set_status_code(status).expect("a status");
    let body = response.body().expect("taken once");
    ResponseOutparam::set(out, Ok(response));
    // Whoever asked may have gone; then nobody misses the rest.
    if body.write().expect("taken once").write_all(text.as_bytes()).is_ok() {
        _ = OutgoingBody::finish(body, None);
    }
}
