//! The pages around the text.

use crate::render::Document;
use std::fs;

/// Mounted from a ConfigMap; without it the service has a style of its own.
const STYLE: &str = "/etc/markdown/style.css";
const DEFAULT_STYLE: &str = "body { font: 1rem/1.5 system-ui, sans-serif; max-width: 45rem; margin: 2rem auto; padding: 0 1rem }
textarea { width: 100%; box-sizing: border-box; font: inherit }
pre { overflow: auto; background: #f4f4f4; padding: 0.7rem }
table { border-collapse: collapse } td, th { border: 1px solid #ccc; padding: 0.2rem 0.6rem }";

pub fn style() -> String {
    fs::read_to_string(STYLE).unwrap_or_else(|_| DEFAULT_STYLE.into())
}

pub fn page(document: &Document, style: &str) -> String {
    let title = if document.title.is_empty() {
        "Untitled"
    } else {
        &document.title
    };
    around(title, style, &document.html)
}

pub fn form(style: &str) -> String {
    around(
        "Markdown",
        style,
        "<h1>Markdown</h1>
<form method=\"post\" action=\"/\">
<p><label for=\"markdown\">Text</label></p>
<p><textarea id=\"markdown\" name=\"markdown\" rows=\"16\" required># Hello\n\nSome *Markdown*.</textarea></p>
<p><button>Show as a page</button></p>
</form>
",
    )
}

fn around(title: &str, style: &str, body: &str) -> String {
    format!(
        "<!doctype html>
<html>
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>{}</title>
<style>
{style}
</style>
</head>
<body>
{body}</body>
</html>
",
        escaped(title)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
