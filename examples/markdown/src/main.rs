//! Makes HTML pages of Markdown: POST / with Markdown as the body, or the form that GET / shows.

mod page;
mod render;

use cgi::{pairs, Request, Response};
use std::env;

const HTML: &str = "text/html; charset=utf-8";
const DEFAULT_MAX_BODY_BYTES: u64 = 1 << 20;
/// Nothing in a page may run or be sent elsewhere, whoever wrote the Markdown.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src *; form-action 'self'";

fn main() -> std::io::Result<()> {
    cgi::serve(answer)
}

fn answer(request: &Request) -> Result<Response, Response> {
    if request.path != "/" {
        return Err(Response::text(
            404,
            "There is only /: GET it for a form, or POST Markdown to it.",
        ));
    }
    match request.method.as_str() {
        "GET" | "HEAD" => Ok(html(page::form(&page::style()))),
        "POST" => convert(request),
        other => Err(Response::text(
            405,
            &format!("{other} is not possible here; expected GET, HEAD or POST."),
        )
        .with("Allow", "GET, HEAD, POST")),
    }
}

fn convert(request: &Request) -> Result<Response, Response> {
    let markdown = markdown_of(request)?;
    let document = render::render(&markdown);
    Ok(html(match request.parameter("fragment") {
        Some(_) => document.html,
        None => page::page(&document, &page::style()),
    }))
}

/// The Markdown in a request: its body, or the field of that name of a form.
fn markdown_of(request: &Request) -> Result<String, Response> {
    let form = match request.media_type.as_str() {
        "application/x-www-form-urlencoded" => true,
        "" | "text/markdown" | "text/plain" => false,
        other => return Err(Response::text(415, &format!("The body is {other}; expected text/markdown, text/plain or a form with the field markdown."))),
    };
    let body = String::from_utf8(request.body(max_body_bytes()?)?).map_err(|e| {
        Response::text(
            400,
            &format!(
                "The body is not UTF-8 from byte {} on.",
                e.utf8_error().valid_up_to()
            ),
        )
    })?;
    if !form {
        return Ok(body);
    }
    pairs(&body)
        .into_iter()
        .find_map(|(name, value)| (name == "markdown").then_some(value))
        .ok_or_else(|| Response::text(400, "The form has no field markdown."))
}

fn max_body_bytes() -> Result<u64, Response> {
    let Ok(text) = env::var("MAX_BODY_BYTES") else {
        return Ok(DEFAULT_MAX_BODY_BYTES);
    };
    text.parse().map_err(|_| {
        eprintln!("MAX_BODY_BYTES is \"{text}\"; expected a number of bytes");
        Response::text(
            500,
            "The service is not configured well; its log tells more.",
        )
    })
}

fn html(body: String) -> Response {
    Response::new(200, HTML, body).with("Content-Security-Policy", POLICY)
}
