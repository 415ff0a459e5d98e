//! Outgoing HTTP of guests: to granted hosts only, and only to addresses that these may have.

use bytes::Bytes;
use dunlin_core::network::Network;
use dunlin_core::outbound::{DENIED, FAILED, Outbound, TIMED_OUT};
use http::uri::{Authority, Scheme, Uri};
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::{Body, Frame};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use wasmtime_wasi::runtime::AbortOnDropJoinHandle;
use wasmtime_wasi_http::io::TokioIo;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

/// A wait that the guest sets no limit to still ends; its own deadline is usually earlier.
const PATIENCE: Duration = Duration::from_secs(600);

type Sent = Result<(http::Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>), Error>;

/// W3C trace context.
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

pub struct Hooks {
    network: Arc<Network>,
    outbound: Arc<Outbound>,
    /// Given to requests that have none of their own.
    trace: Vec<(HeaderName, HeaderValue)>,
}

impl Hooks {
    pub fn new(network: Arc<Network>, outbound: Arc<Outbound>) -> Self {
        Hooks { network, outbound, trace: Vec::new() }
    }

    /// What the guest sends from now on belongs to the trace of this request.
    pub fn trace(&mut self, request: &HeaderMap) {
        self.trace.clear();
        if let Some(parent) = request.get(TRACEPARENT) {
            self.trace.push((TRACEPARENT, parent.clone()));
            self.trace.extend(request.get_all(TRACESTATE).iter().map(|state| (TRACESTATE, state.clone())));
        }
    }
}

impl WasiHttpHooks for Hooks {
    fn send_request(
        &mut self,
        mut request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        fut: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Sent> + Send> {
        // What becomes of the body is the response's business here, as in wasmtime's own client.
        _ = fut;
        if !request.headers().contains_key(TRACEPARENT) {
            for (name, value) in &self.trace {
                request.headers_mut().append(name, value.clone());
            }
        }
        let (network, outbound) = (self.network.clone(), self.outbound.clone());
        Box::new(async move {
            let grant = request.uri().authority().and_then(|to| network.policy.grant(host(to), port(request.uri(), to)));
            let sent = send(&network, request, options.unwrap_or_default()).await;
            match &sent {
                Ok((response, _)) => outbound.answered(grant, response.status().as_u16()),
                Err(Error::HttpRequestDenied | Error::DestinationIpProhibited) => outbound.count(grant, DENIED),
                Err(Error::ConnectionTimeout | Error::ConnectionReadTimeout) => outbound.count(grant, TIMED_OUT),
                Err(_) => outbound.count(grant, FAILED),
            }
            sent
        })
    }

    fn p2_error_from_hyper(&mut self, _: &hyper::Error) -> wasmtime_wasi_http::p2::bindings::http::types::ErrorCode {
        wasmtime_wasi_http::p2::bindings::http::types::ErrorCode::HttpProtocolError
    }

    fn p2_error_from_connect(&mut self, e: &std::io::Error) -> wasmtime_wasi_http::p2::bindings::http::types::ErrorCode {
        use wasmtime_wasi_http::p2::bindings::http::types::ErrorCode;
        match e.kind() {
            std::io::ErrorKind::TimedOut => ErrorCode::ConnectionTimeout,
            std::io::ErrorKind::HostUnreachable | std::io::ErrorKind::NetworkUnreachable => ErrorCode::DestinationUnavailable,
            _ => ErrorCode::ConnectionRefused,
        }
    }
}

async fn send(network: &Network, mut request: http::Request<WasiBody>, options: RequestOptions) -> Sent {
    let authority = request.uri().authority().cloned().ok_or(Error::HttpRequestUriInvalid)?;
    let tls = request.uri().scheme() == Some(&Scheme::HTTPS);
    let port = port(request.uri(), &authority);
    let host = host(&authority);
    let connect = options.connect_timeout.unwrap_or(PATIENCE);
    let sender = tokio::time::timeout(connect, async {
        let tcp = connect_to(&addresses(network, host, port).await?).await?;
        let stream: Box<dyn Stream> = if tls { Box::new(secure(host, tcp).await?) } else { Box::new(tcp) };
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(Error::from)?;
        Ok::<_, Error>((sender, connection))
    });
    let (mut sender, connection) = sender.await.map_err(|_| Error::ConnectionTimeout)??;
    // Ends with the response's body: whoever drops that, drops the connection.
    let connection: AbortOnDropJoinHandle<()> = wasmtime_wasi::runtime::spawn(async move { _ = connection.await });
    let path = request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned();
    *request.uri_mut() = http::Uri::builder().path_and_query(path).build().map_err(|_| Error::HttpRequestUriInvalid)?;
    let first_byte = options.first_byte_timeout.unwrap_or(PATIENCE);
    let response =
        tokio::time::timeout(first_byte, sender.send_request(request)).await.map_err(|_| Error::ConnectionReadTimeout)??;
    let between_bytes = options.between_bytes_timeout.unwrap_or(PATIENCE).max(Duration::from_nanos(1));
    let response = response.map(|incoming| {
        let body =
            TimedBody { incoming, between_bytes, timer: Box::pin(tokio::time::sleep(between_bytes)), _connection: connection };
        body.boxed_unsync()
    });
    Ok((response, Box::new(std::future::ready(Ok(())))))
}

fn host(authority: &Authority) -> &str {
    authority.host().trim_start_matches('[').trim_end_matches(']')
}

fn port(uri: &Uri, authority: &Authority) -> u16 {
    authority.port_u16().unwrap_or(if uri.scheme() == Some(&Scheme::HTTPS) { 443 } else { 80 })
}

/// Where this host may be reached. Denied: not granted, or granted but at an address that no name opens.
async fn addresses(network: &Network, host: &str, port: u16) -> Result<Vec<SocketAddr>, Error> {
    if let Ok(ip) = host.parse::<IpAddr>() {
        let to = SocketAddr::new(ip, port);
        return if network.policy.allows_address(to) { Ok(vec![to]) } else { Err(Error::HttpRequestDenied) };
    }
    if !network.policy.allows_name(host, Some(port)) {
        return Err(Error::HttpRequestDenied);
    }
    match network.resolve(host, port).await {
        Ok(found) if found.is_empty() => Err(Error::DestinationIpProhibited),
        Ok(found) => Ok(found),
        Err(e) => Err(Error::DnsError { rcode: Some(e.to_string()), info_code: None }),
    }
}

async fn connect_to(addresses: &[SocketAddr]) -> Result<TcpStream, Error> {
    let tcp = TcpStream::connect(addresses).await.map_err(Error::Connect)?;
    tcp.set_nodelay(true).map_err(Error::Connect)?;
    Ok(tcp)
}

async fn secure(host: &str, tcp: TcpStream) -> Result<tokio_rustls::client::TlsStream<TcpStream>, Error> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Error::HttpRequestUriInvalid)?;
    TlsConnector::from(tls()).connect(name, tcp).await.map_err(Error::Tls)
}

/// Mozilla's certificate authorities.
fn tls() -> Arc<ClientConfig> {
    static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    CONFIG
        .get_or_init(|| {
            let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.into() };
            Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
        })
        .clone()
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A response's body that fails when nothing comes for too long.
struct TimedBody {
    incoming: Incoming,
    between_bytes: Duration,
    timer: Pin<Box<tokio::time::Sleep>>,
    _connection: AbortOnDropJoinHandle<()>,
}

impl Body for TimedBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        match Pin::new(&mut self.incoming).poll_frame(cx) {
            Poll::Ready(frame) => {
                let next = tokio::time::Instant::now() + self.between_bytes;
                self.timer.as_mut().reset(next);
                Poll::Ready(frame.map(|f| f.map_err(Error::from)))
            }
            Poll::Pending => {
                ready!(self.timer.as_mut().poll(cx));
                Poll::Ready(Some(Err(Error::ConnectionReadTimeout)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.incoming.size_hint()
    }
}
