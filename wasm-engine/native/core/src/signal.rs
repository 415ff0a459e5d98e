//! What is new with a task, told to the one thread that waits in `dunlin_engine_events`.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

pub const ENDED: u64 = 1;
pub const WANTS_INPUT: u64 = 2;
pub const HAS_OUTPUT: u64 = 4;
pub const HAS_ERRORS: u64 = 8;
pub const HAS_RESPONSE: u64 = 16;
pub const HAS_BODY: u64 = 32;

/// Signals that nobody has been told of yet, each task at most once.
#[derive(Default)]
pub struct Events {
    queue: Mutex<Queue>,
    some: Condvar,
}

#[derive(Default)]
struct Queue {
    raised: VecDeque<Arc<Signal>>,
    closed: bool,
}

impl Events {
    fn push(&self, signal: Arc<Signal>) {
        let mut queue = self.queue.lock().unwrap();
        queue.raised.push_back(signal);
        if queue.raised.len() == 1 {
            self.some.notify_one();
        }
    }

    pub fn close(&self) {
        self.queue.lock().unwrap().closed = true;
        self.some.notify_all();
    }

    /// Waits at most `timeout` and gives up to `max` events to `take`; `None` once closed and empty.
    pub fn wait(&self, max: usize, timeout: Duration, mut take: impl FnMut(usize, u64, u64)) -> Option<usize> {
        let until = Instant::now() + timeout;
        let mut queue = self.queue.lock().unwrap();
        while queue.raised.is_empty() {
            if queue.closed {
                return None;
            }
            let now = Instant::now();
            if now >= until {
                return Some(0);
            }
            queue = self.some.wait_timeout(queue, until - now).unwrap().0;
        }
        let n = queue.raised.len().min(max);
        let raised: Vec<_> = queue.raised.drain(..n).collect();
        drop(queue);
        let mut written = 0;
        for signal in raised {
            let bits = signal.take();
            if bits != 0 && !signal.silent.load(SeqCst) {
                take(written, signal.token, bits);
                written += 1;
            }
        }
        Some(written)
    }
}

/// The bits of one task. Raised from anywhere; a bit stays until it is taken.
pub struct Signal {
    pub token: u64,
    events: Arc<Events>,
    bits: AtomicU64,
    /// While the starter itself looks at the bits, no event is needed.
    watched: AtomicBool,
    silent: AtomicBool,
}

impl Signal {
    pub fn new(token: u64, events: Arc<Events>, watched: bool) -> Arc<Self> {
        Arc::new(Signal {
            token,
            events,
            bits: AtomicU64::new(0),
            watched: AtomicBool::new(watched),
            silent: AtomicBool::new(false),
        })
    }

    pub fn raise(self: &Arc<Self>, bits: u64) {
        if self.bits.fetch_or(bits, SeqCst) == 0 && !self.watched.load(SeqCst) {
            self.events.push(self.clone());
        }
    }

    fn take(&self) -> u64 {
        self.bits.swap(0, SeqCst)
    }

    /// Ends the watch and gives what has been raised during it. What is raised later becomes an event.
    pub fn unwatch(self: &Arc<Self>) -> u64 {
        self.watched.store(false, SeqCst);
        self.take()
    }

    /// No event of this task any more.
    pub fn silence(&self) {
        self.silent.store(true, SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_raised_before_they_are_taken_come_as_one_event() {
        let events = Arc::new(Events::default());
        let signal = Signal::new(7, events.clone(), false);
        signal.raise(ENDED);
        signal.raise(HAS_OUTPUT);
        let mut seen = vec![];
        assert_eq!(events.wait(8, Duration::ZERO, |_, token, bits| seen.push((token, bits))), Some(1));
        assert_eq!(seen, [(7, ENDED | HAS_OUTPUT)]);
    }

    #[test]
    fn a_watched_signal_makes_no_event_until_the_watch_ends() {
        let events = Arc::new(Events::default());
        let signal = Signal::new(7, events.clone(), true);
        signal.raise(HAS_BODY);
        assert_eq!(events.wait(8, Duration::ZERO, |_, _, _| ()), Some(0));
        assert_eq!(signal.unwatch(), HAS_BODY);
        signal.raise(ENDED);
        assert_eq!(events.wait(8, Duration::ZERO, |_, _, _| ()), Some(1));
    }
}
