//! Makes images smaller: POST a PNG or JPEG, get it back within ?width= and ?height= pixels.

mod thumbnail;

use cgi::{Request, Response};
use thumbnail::{Bounds, Refusal};

const MAX_BODY_BYTES: u64 = 8 << 20;
const DEFAULT_PIXELS: u32 = 256;
const MAX_PIXELS: u32 = 2048;
const USAGE: &str = "POST a PNG or JPEG to / and get it back no wider than ?width= and no higher than ?height= (256 pixels each, \
when not given). For example: curl --data-binary @photo.jpg 'http://HOST/?width=128' >small.jpg";

fn main() -> std::io::Result<()> {
    cgi::serve(answer)
}

fn answer(request: &Request) -> Result<Response, Response> {
    if request.path != "/" {
        return Err(Response::text(404, USAGE));
    }
    match request.method.as_str() {
        "GET" | "HEAD" => Ok(Response::text(200, USAGE)),
        "POST" => shrink(request),
        other => Err(Response::text(
            405,
            &format!("{other} is not possible here; expected GET, HEAD or POST."),
        )
        .with("Allow", "GET, HEAD, POST")),
    }
}

fn shrink(request: &Request) -> Result<Response, Response> {
    let bounds = Bounds {
        width: pixels(request, "width")?,
        height: pixels(request, "height")?,
    };
    let image = request.body(MAX_BODY_BYTES)?;
    match thumbnail::of(&image, bounds) {
        Ok(small) => Ok(Response::new(200, small.media_type, small.bytes)),
        Err(Refusal::NotAnImage(why)) => Err(Response::text(
            415,
            &format!("The body is no PNG or JPEG: {why}."),
        )),
        Err(Refusal::Broken(why)) => Err(Response::text(
            422,
            &format!("The image cannot be used: {why}."),
        )),
    }
}

fn pixels(request: &Request, name: &str) -> Result<u32, Response> {
    let Some(text) = request.parameter(name) else {
        return Ok(DEFAULT_PIXELS);
    };
    match text.parse() {
        Ok(value) if (1..=MAX_PIXELS).contains(&value) => Ok(value),
        _ => Err(Response::text(
            400,
            &format!("{name} is \"{text}\"; expected a whole number from 1 to {MAX_PIXELS}."),
        )),
    }
}
