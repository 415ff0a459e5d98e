//! What a CGI program in Rust needs, and no more: a request out of the environment and standard input, a response to
//! standard output (RFC 3875). Shared by the examples that are services.

mod query;

use std::env;
use std::io::{self, Read, Write};

pub use query::pairs;

/// A request without its body.
pub struct Request {
    pub method: String,
    /// Begins with a slash.
    pub path: String,
    /// Decoded names and values, in their order.
    pub query: Vec<(String, String)>,
    /// Lower case, without parameters; empty when the client named none.
    pub media_type: String,
    content_length: Option<u64>,
}

impl Request {
    fn from_env() -> Self {
        let variable = |name| env::var(name).unwrap_or_default();
        let path = variable("PATH_INFO");
        Request {
            method: variable("REQUEST_METHOD"),
            path: if path.is_empty() { "/".into() } else { path },
            query: pairs(&variable("QUERY_STRING")),
            media_type: variable("CONTENT_TYPE")
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase(),
            content_length: variable("CONTENT_LENGTH").parse().ok(),
        }
    }

    /// The first value of a parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body; 413 when it is longer than `limit` bytes.
    pub fn body(&self, limit: u64) -> Result<Vec<u8>, Response> {
        let too_large = || {
            Response::text(
                413,
                &format!("The body may have {limit} bytes at the most."),
            )
        };
        if self.content_length.is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let mut body = Vec::new();
        io::stdin()
            .lock()
            .take(limit + 1)
            .read_to_end(&mut body)
            .map_err(|e| Response::text(400, &format!("The body could not be read: {e}")))?;
        if body.len() as u64 > limit {
            return Err(too_large());
        }
        Ok(body)
    }
}

/// A response; also the error of what cannot be answered as asked.
pub struct Response {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Response {
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Response {
            status,
            headers: vec![("Content-Type", content_type.into())],
            body: body.into(),
        }
    }

    /// One line of plain text.
    pub fn text(status: u16, message: &str) -> Self {
        Response::new(status, "text/plain; charset=utf-8", format!("{message}\n"))
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn write(&self, out: &mut impl Write, with_body: bool) -> io::Result<()> {
        writeln!(out, "Status: {} {}", self.status, reason(self.status))?;
        for (name, value) in &self.headers {
            writeln!(out, "{name}: {value}")?;
        }
        writeln!(out, "Content-Length: {}\n", self.body.len())?;
        if with_body {
            out.write_all(&self.body)?;
        }
        out.flush()
    }
}

/// Answers the request that this program was started for.
pub fn serve(app: impl FnOnce(&Request) -> Result<Response, Response>) -> io::Result<()> {
    let request = Request::from_env();
    let response = app(&request).unwrap_or_else(|refusal| refusal);
    response.write(&mut io::stdout().lock(), request.method != "HEAD")
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        500 => "Internal Server Error",
        _ => "",
    }
}
