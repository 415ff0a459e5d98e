//! Greets whoever the query names. A request comes as environment variables (CGI), the answer goes to standard output.

use std::{env, fs};

/// Mounted from a Secret; the app works without it.
const SIGNATURE: &str = "/etc/hello/signature";

fn main() {
    let query = cgi::pairs(&env::var("QUERY_STRING").unwrap_or_default());
    let name = query
        .iter()
        .find(|(key, value)| key == "name" && !value.is_empty())
        .map_or("world", |(_, value)| value);
    let greeting = env::var("GREETING").unwrap_or_else(|_| "Hello".into());

    println!("Content-Type: text/plain; charset=utf-8\n");
    println!("{greeting}, {name}, from Rust");
    match fs::read_to_string(SIGNATURE) {
        Ok(signature) => println!("Signed: {}", signature.trim()),
        Err(e) => eprintln!("not signed: {SIGNATURE}: {e}"),
    }
}
