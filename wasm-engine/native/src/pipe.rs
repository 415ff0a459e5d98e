//! Bytes between a guest and the caller: bounded, so that a slow side holds the other back.

use bytes::{Buf, Bytes, BytesMut};
use dunlin_core::signal::Signal;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use wasmtime_wasi::async_trait;
use wasmtime_wasi::cli::{IsTerminal, StdinStream, StdoutStream};
use wasmtime_wasi::p2::{InputStream, OutputStream, Pollable, StreamError, StreamResult};

/// How much is held between the two sides.
pub const CAPACITY: usize = 64 * 1024;

/// What the caller finds in a pipe.
pub enum Taken {
    Bytes(usize),
    Nothing,
    End,
}

#[derive(Default)]
struct State {
    held: BytesMut,
    /// No more will be written.
    ended: bool,
    /// The writer failed: the reader gets an error instead of the end.
    failed: bool,
    /// Nobody reads any more.
    closed: bool,
    waiting: Vec<Waker>,
}

impl State {
    fn wait(&mut self, cx: &Context<'_>) {
        if !self.waiting.iter().any(|w| w.will_wake(cx.waker())) {
            self.waiting.push(cx.waker().clone());
        }
    }

    fn wake(&mut self) {
        self.waiting.drain(..).for_each(Waker::wake);
    }
}

/// From the guest to the caller.
pub struct Outlet {
    state: Mutex<State>,
    signal: Arc<Signal>,
    bit: u64,
}

impl Outlet {
    pub fn new(signal: Arc<Signal>, bit: u64) -> Arc<Self> {
        Arc::new(Outlet { state: Mutex::default(), signal, bit })
    }

    fn room(&self) -> io::Result<usize> {
        let state = self.state.lock().unwrap();
        if state.closed || state.ended {
            return Err(nobody_reads());
        }
        Ok(CAPACITY.saturating_sub(state.held.len()))
    }

    fn poll_room(&self, cx: &Context<'_>) -> Poll<io::Result<usize>> {
        let mut state = self.state.lock().unwrap();
        if state.closed || state.ended {
            return Poll::Ready(Err(nobody_reads()));
        }
        if state.held.len() < CAPACITY {
            return Poll::Ready(Ok(CAPACITY - state.held.len()));
        }
        state.wait(cx);
        Poll::Pending
    }

    fn put(&self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state.lock().unwrap();
        if state.closed || state.ended {
            return Err(nobody_reads());
        }
        let first = state.held.is_empty();
        state.held.extend_from_slice(bytes);
        drop(state);
        if first && !bytes.is_empty() {
            self.signal.raise(self.bit);
        }
        Ok(())
    }

    /// Writes all of it, waiting for room as often as needed.
    pub async fn write_all(&self, mut bytes: Bytes) -> io::Result<()> {
        while bytes.has_remaining() {
            let room = std::future::poll_fn(|cx| self.poll_room(cx)).await?;
            let now = bytes.split_to(room.min(bytes.len()));
            self.put(&now)?;
        }
        Ok(())
    }

    /// The guest will write no more.
    pub fn end(&self) {
        self.end_silently();
        self.signal.raise(self.bit);
    }

    /// As `end`, when the reader learns it otherwise.
    pub fn end_silently(&self) {
        let mut state = self.state.lock().unwrap();
        state.ended = true;
        state.wake();
    }

    /// The caller takes what is there.
    pub fn take(&self, target: &mut [u8]) -> Taken {
        let mut state = self.state.lock().unwrap();
        let n = state.held.len().min(target.len());
        if n > 0 {
            target[..n].copy_from_slice(&state.held[..n]);
            state.held.advance(n);
            state.wake();
            return Taken::Bytes(n);
        }
        match state.ended || state.closed {
            true => Taken::End,
            false => Taken::Nothing,
        }
    }

    /// The caller reads no more.
    pub fn close(&self) {
        let mut state = self.state.lock().unwrap();
        state.closed = true;
        state.held = BytesMut::new();
        state.wake();
    }
}

/// From the caller to the guest; asks for more when the guest finds it empty.
pub struct Inlet {
    state: Mutex<State>,
    signal: Arc<Signal>,
    bit: u64,
}

impl Inlet {
    pub fn new(signal: Arc<Signal>, bit: u64) -> Arc<Self> {
        Arc::new(Inlet { state: Mutex::default(), signal, bit })
    }

    /// The caller gives bytes; returns how many were taken, `None` when nobody will read them.
    pub fn give(&self, bytes: &[u8]) -> Option<usize> {
        let mut state = self.state.lock().unwrap();
        if state.closed || state.ended {
            return None;
        }
        let n = (CAPACITY - state.held.len()).min(bytes.len());
        state.held.extend_from_slice(&bytes[..n]);
        state.wake();
        Some(n)
    }

    /// The caller has no more to give.
    pub fn end(&self, failed: bool) {
        let mut state = self.state.lock().unwrap();
        state.ended = true;
        state.failed |= failed;
        state.wake();
    }

    /// The guest reads no more.
    pub fn close(&self) {
        self.state.lock().unwrap().closed = true;
    }

    /// `Ok(None)`: nothing now; `Ok(Some(empty))`: the end.
    fn try_read(&self, max: usize) -> io::Result<Option<Bytes>> {
        let mut state = self.state.lock().unwrap();
        if !state.held.is_empty() {
            let n = state.held.len().min(max);
            return Ok(Some(state.held.split_to(n).freeze()));
        }
        if state.failed {
            return Err(io::Error::from_raw_os_error(libc::EIO));
        }
        Ok(state.ended.then(Bytes::new))
    }

    /// Ready when `try_read` would find something.
    fn poll_some(&self, cx: &Context<'_>) -> Poll<()> {
        let mut state = self.state.lock().unwrap();
        if !state.held.is_empty() || state.ended {
            return Poll::Ready(());
        }
        state.wait(cx);
        drop(state);
        self.signal.raise(self.bit);
        Poll::Pending
    }

    pub fn poll_read(&self, cx: &Context<'_>, max: usize) -> Poll<io::Result<Bytes>> {
        ready!(self.poll_some(cx));
        match self.try_read(max)? {
            Some(bytes) => Poll::Ready(Ok(bytes)),
            None => Poll::Pending,
        }
    }
}

fn nobody_reads() -> io::Error {
    io::Error::from_raw_os_error(libc::EIO)
}

/// A guest's standard output or error. The instance keeps it; whose output it is now can be changed.
#[derive(Clone, Default)]
pub struct Output(Arc<Mutex<Option<Arc<Outlet>>>>);

impl Output {
    /// From now on the guest writes there; `None`: what it writes is thrown away.
    pub fn attach(&self, outlet: Option<Arc<Outlet>>) {
        *self.0.lock().unwrap() = outlet;
    }

    fn now(&self) -> Option<Arc<Outlet>> {
        self.0.lock().unwrap().clone()
    }

    fn room(&self) -> io::Result<usize> {
        self.now().map_or(Ok(CAPACITY), |outlet| outlet.room())
    }

    fn poll_room(&self, cx: &Context<'_>) -> Poll<io::Result<usize>> {
        self.now().map_or(Poll::Ready(Ok(CAPACITY)), |outlet| outlet.poll_room(cx))
    }

    fn put(&self, bytes: &[u8]) -> io::Result<()> {
        self.now().map_or(Ok(()), |outlet| outlet.put(bytes))
    }
}

impl IsTerminal for Output {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Output {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl AsyncWrite for Output {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let n = ready!(self.poll_room(cx))?.min(bytes.len());
        self.put(&bytes[..n])?;
        Poll::Ready(Ok(n))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[async_trait]
impl Pollable for Output {
    async fn ready(&mut self) {
        // A failure is told by the next check_write.
        _ = std::future::poll_fn(|cx| self.poll_room(cx)).await;
    }
}

#[async_trait]
impl OutputStream for Output {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.put(&bytes).map_err(failed)
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        self.room().map_err(failed)
    }
}

/// A guest's standard input.
#[derive(Clone, Default)]
pub struct Input(Arc<Mutex<Option<Arc<Inlet>>>>);

impl Input {
    pub fn attach(&self, inlet: Option<Arc<Inlet>>) {
        *self.0.lock().unwrap() = inlet;
    }

    fn now(&self) -> Option<Arc<Inlet>> {
        self.0.lock().unwrap().clone()
    }
}

impl IsTerminal for Input {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdinStream for Input {
    fn async_stream(&self) -> Box<dyn AsyncRead + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn InputStream> {
        Box::new(self.clone())
    }
}

impl AsyncRead for Input {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, target: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if let Some(inlet) = self.now() {
            target.put_slice(&ready!(inlet.poll_read(cx, target.remaining()))?);
        }
        Poll::Ready(Ok(()))
    }
}

#[async_trait]
impl Pollable for Input {
    async fn ready(&mut self) {
        if let Some(inlet) = self.now() {
            std::future::poll_fn(|cx| inlet.poll_some(cx)).await;
        }
    }
}

#[async_trait]
impl InputStream for Input {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        let Some(inlet) = self.now() else {
            return Err(StreamError::Closed);
        };
        match inlet.try_read(size.min(CAPACITY)) {
            Ok(Some(bytes)) if bytes.is_empty() && size > 0 => Err(StreamError::Closed),
            Ok(found) => Ok(found.unwrap_or_default()),
            Err(e) => Err(failed(e)),
        }
    }
}

fn failed(e: io::Error) -> StreamError {
    StreamError::LastOperationFailed(e.into())
}
