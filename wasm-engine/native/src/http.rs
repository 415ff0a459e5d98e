//! Answers requests with a `wasi:http` component, 0.2 or 0.3: on a fresh instance each, or on one that is used again.

use crate::guest::{Grants, Guest, Walls};
use crate::module::{Linked, Module, outcome};
use crate::pipe::Inlet;
use crate::task::{Io, Memory, Outcome, Times};
use bytes::Bytes;
use dunlin_core::blob::{Malformed, Reader, put_bytes};
use dunlin_core::schedule::Group;
use dunlin_core::signal::HAS_RESPONSE;
use futures::future::{Either, select};
use http_body::{Body, Frame};
use http_body_util::BodyExt;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use wasmtime::{Result, Store};
use wasmtime_wasi_http::p2::bindings::Proxy;
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use wasmtime_wasi_http::p3::bindings::Service;
use wasmtime_wasi_http::{Error, WasiHttpView};

/// How much of a request's body a guest gets at once.
const CHUNK: usize = 64 * 1024;

/// A component that answers requests with one set of grants.
pub struct HttpGuest {
    pub module: Arc<Module>,
    pub group: Arc<Group>,
    pub memory: Arc<Memory>,
    pub times: Times,
    pub grants: Grants,
    walls: Walls,
    requests_per_instance: u32,
    /// Instances that have answered, and may answer again.
    warm: Mutex<Vec<Instance>>,
}

struct Instance {
    store: Store<Guest>,
    exports: Exports,
    answered: u32,
}

enum Exports {
    V2(Proxy),
    V3(Service),
}

/// What became of the response.
enum Sent {
    Whole,
    /// The caller reads no more.
    Unwanted,
    /// There was none, or only a part; the reason.
    No(String),
}

impl HttpGuest {
    pub fn new(
        module: Arc<Module>,
        group: Arc<Group>,
        grants: Grants,
        walls: Walls,
        times: Times,
        requests_per_instance: u32,
    ) -> Self {
        let (memory, warm) = (Arc::default(), Mutex::default());
        HttpGuest { module, group, memory, times, grants, walls, requests_per_instance, warm }
    }

    async fn instance(&self, io: &Io) -> std::result::Result<Instance, Outcome> {
        let mut warm = self.warm.lock().unwrap().pop();
        if let Some(instance) = &mut warm {
            instance.store.data_mut().limiter.count_for(io.memory.clone());
        }
        if let Some(instance) = warm {
            return Ok(instance);
        }
        let mut store = self.module.store(&self.grants, &self.walls, io.memory.clone(), self.memory.clone())?;
        // What it writes while it begins is this request's, too.
        attach(&store, Some(io));
        let exports = match &self.module.linked {
            Linked::Http2(pre) => pre.instantiate_async(&mut store).await.map(Exports::V2),
            Linked::Http3(pre) => pre.instantiate_async(&mut store).await.map(Exports::V3),
            _ => Err(wasmtime::format_err!("expected a component that answers requests, found a command")),
        };
        match exports {
            Ok(exports) => Ok(Instance { store, exports, answered: 0 }),
            Err(e) => Err(outcome(&mut store, Err(e))),
        }
    }

    fn keep(&self, mut instance: Instance) {
        instance.answered += 1;
        if instance.answered < self.requests_per_instance {
            attach(&instance.store, None);
            self.warm.lock().unwrap().push(instance);
        }
    }
}

fn attach(store: &Store<Guest>, io: Option<&Io>) {
    let guest = store.data();
    guest.stdout.attach(io.map(|io| io.output.clone()));
    guest.stderr.attach(io.map(|io| io.errors.clone()));
}

/// Answers one request.
pub async fn answer(guest: Arc<HttpGuest>, request: http::Request<RequestBody>, io: Arc<Io>) -> Outcome {
    let mut instance = match guest.instance(&io).await {
        Ok(instance) => instance,
        Err(outcome) => return outcome,
    };
    attach(&instance.store, Some(&io));
    instance.store.data_mut().hooks.trace(request.headers());
    let called = match &instance.exports {
        Exports::V2(proxy) => answer2(proxy, &mut instance.store, request, &io).await,
        Exports::V3(service) => answer3(service, &mut instance.store, request, &io).await,
    };
    let sent = match called {
        Ok(Answer::Done(sent)) => {
            if matches!(sent, Sent::Whole) {
                guest.keep(instance);
            }
            sent
        }
        // Nothing more comes once the instance is gone: then the rest can be sent.
        Ok(Answer::Rest(rest)) => {
            drop(instance);
            rest.await
        }
        Err(e) => return outcome(&mut instance.store, Err(e)),
    };
    match sent {
        Sent::Whole => Outcome::Exited(0),
        Sent::Unwanted => Outcome::Cancelled,
        Sent::No(why) => Outcome::BadResponse(why),
    }
}

enum Answer<F> {
    Done(Sent),
    /// The guest has returned; its response is still on the way.
    Rest(F),
}

async fn answer2<'a>(
    proxy: &Proxy,
    store: &mut Store<Guest>,
    request: http::Request<RequestBody>,
    io: &'a Arc<Io>,
) -> Result<Answer<Pin<Box<dyn Future<Output = Sent> + Send + 'a>>>> {
    let scheme = match request.uri().scheme_str() {
        Some("https") => Scheme::Https,
        _ => Scheme::Http,
    };
    let (set, answered) = tokio::sync::oneshot::channel();
    let incoming = store.data_mut().http().new_incoming_request(scheme, request)?;
    let outparam = store.data_mut().http().new_response_outparam(set)?;
    let mut send: Pin<Box<dyn Future<Output = Sent> + Send + 'a>> = Box::pin(async move {
        match answered.await {
            Ok(Ok(response)) => send(response, io).await,
            Ok(Err(code)) => Sent::No(format!("the guest answered with the error {code:?}")),
            Err(_) => Sent::No("expected the guest to set a response, found that it returned without one".into()),
        }
    });
    let call = pin!(proxy.wasi_http_incoming_handler().call_handle(&mut *store, incoming, outparam));
    match select(call, send.as_mut()).await {
        Either::Left((called, _)) => called?,
        Either::Right((sent, call)) => {
            call.await?;
            return Ok(Answer::Done(sent));
        }
    }
    match std::future::poll_fn(|cx| Poll::Ready(send.as_mut().poll(cx))).await {
        Poll::Ready(sent) => Ok(Answer::Done(sent)),
        Poll::Pending => Ok(Answer::Rest(send)),
    }
}

async fn answer3<'a>(
    service: &Service,
    store: &mut Store<Guest>,
    request: http::Request<RequestBody>,
    io: &'a Arc<Io>,
) -> Result<Answer<Pin<Box<dyn Future<Output = Sent> + Send + 'a>>>> {
    use wasmtime_wasi_http::p3::Request;
    let (request, _received) = Request::from_http(store.data_mut().http().hooks, request);
    let sent = store
        .run_concurrent(async |accessor| -> Result<Sent> {
            match service.handle(accessor, request).await? {
                Ok(response) => {
                    let response = accessor.with(|access| response.into_http(access, async { Ok(()) }))?;
                    Ok(send(response, io).await)
                }
                Err(code) => Ok(Sent::No(format!("the guest answered with the error {code:?}"))),
            }
        })
        .await??;
    Ok(Answer::Done(sent))
}

/// Gives the response to the caller as it comes.
async fn send<B>(response: http::Response<B>, io: &Arc<Io>) -> Sent
where
    B: Body<Data = Bytes>,
    B::Error: std::fmt::Debug,
{
    let (parts, body) = response.into_parts();
    *io.response.lock().unwrap() = Some(encode(&parts));
    io.signal.raise(HAS_RESPONSE);
    let mut body = pin!(body);
    while let Some(frame) = body.frame().await {
        match frame.map(Frame::into_data) {
            Ok(Ok(data)) => {
                if io.body.write_all(data).await.is_err() {
                    return Sent::Unwanted;
                }
            }
            // Trailers: the caller has no place for them.
            Ok(Err(_)) => {}
            Err(e) => return Sent::No(format!("the response's body broke off: {e:?}")),
        }
    }
    io.body.end();
    Sent::Whole
}

/// dunlin.h's `response`.
fn encode(parts: &http::response::Parts) -> Vec<u8> {
    let mut blob = Vec::with_capacity(256);
    blob.extend_from_slice(&u32::from(parts.status.as_u16()).to_le_bytes());
    blob.extend_from_slice(&(parts.headers.len() as u32).to_le_bytes());
    for (name, value) in &parts.headers {
        put_bytes(&mut blob, name.as_str().as_bytes());
        put_bytes(&mut blob, value.as_bytes());
    }
    blob
}

/// Reads dunlin.h's `request`.
pub fn decode(blob: &[u8], io: &Arc<Io>) -> std::result::Result<http::Request<RequestBody>, Malformed> {
    let mut r = Reader::new(blob);
    let method = r.text("method")?;
    let scheme = r.text("scheme")?;
    let authority = r.text("authority")?;
    let path = r.text("path")?;
    let uri = http::Uri::builder()
        .scheme(scheme)
        .authority(authority)
        .path_and_query(path)
        .build()
        .map_err(|e| Malformed(format!("request for {scheme}://{authority}{path}: {e}")))?;
    let mut request = http::Request::builder().method(method).uri(uri);
    for (name, value) in r.list("headers", |r| Ok((r.text("header name")?, r.bytes("header value")?)))? {
        request = request.header(name, value);
    }
    let inlet = match r.u32("body")? {
        0 => None,
        _ => Some(io.input.clone()),
    };
    r.end()?;
    request.body(RequestBody(inlet)).map_err(|e| Malformed(format!("request {method} {path}: {e}")))
}

/// A request's body: what the caller gives, when the guest asks.
pub struct RequestBody(Option<Arc<Inlet>>);

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<std::result::Result<Frame<Bytes>, Error>>> {
        let Some(inlet) = &self.0 else {
            return Poll::Ready(None);
        };
        Poll::Ready(match ready!(inlet.poll_read(cx, CHUNK)) {
            Ok(bytes) if bytes.is_empty() => None,
            Ok(bytes) => Some(Ok(Frame::data(bytes))),
            Err(_) => Some(Err(Error::ConnectionTerminated)),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }
}
