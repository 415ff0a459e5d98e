//! One run of a guest: a future that the scheduler polls, its streams, its walls of time, and how it ended.

use crate::border::engine_failed;
use crate::engine::Engine;
use crate::pipe::{Inlet, Outlet};
use dunlin_core::outbound::Outbound;
use dunlin_core::schedule::{Group, Runnable, SLICE, thread_cpu_nanos};
use dunlin_core::signal::{self, Signal};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::*};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

/// How a run ended; the numbers are dunlin.h's.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Exited(i32),
    Trapped(i32, String),
    OutOfMemory { engine_full: bool },
    DeadlineExceeded,
    CpuExceeded,
    Cancelled,
    BadResponse(String),
    EngineBusy(String),
}

pub type Run = Pin<Box<dyn Future<Output = Outcome> + Send>>;

const IDLE: u8 = 0;
const QUEUED: u8 = 1;
const RUNNING: u8 = 2;
const WOKEN: u8 = 3;
const DONE: u8 = 4;

const GO_ON: u8 = 0;
const CANCEL: u8 = 1;
const EXPIRE: u8 = 2;

/// Linear memory and tables of a run: kept by its limiter, read by anyone.
#[derive(Default)]
pub struct Memory(pub AtomicU64);

/// What a run and its caller share.
pub struct Io {
    pub signal: Arc<Signal>,
    pub input: Arc<Inlet>,
    pub output: Arc<Outlet>,
    pub errors: Arc<Outlet>,
    /// The response's head, encoded, once there is one.
    pub response: Mutex<Option<Vec<u8>>>,
    pub body: Arc<Outlet>,
    pub memory: Arc<Memory>,
}

impl Io {
    fn new(signal: Arc<Signal>) -> Arc<Self> {
        Arc::new(Io {
            input: Inlet::new(signal.clone(), signal::WANTS_INPUT),
            output: Outlet::new(signal.clone(), signal::HAS_OUTPUT),
            errors: Outlet::new(signal.clone(), signal::HAS_ERRORS),
            body: Outlet::new(signal.clone(), signal::HAS_BODY),
            response: Mutex::default(),
            memory: Arc::default(),
            signal,
        })
    }

    /// The run has ended; [`signal::ENDED`] says so for all streams.
    fn end(&self) {
        self.input.close();
        self.output.end_silently();
        self.errors.end_silently();
        self.body.end_silently();
    }
}

pub struct Task {
    pub io: Arc<Io>,
    engine: Weak<Engine>,
    group: Arc<Group>,
    state: AtomicU8,
    end: AtomicU8,
    /// It is not polled, but to end it.
    held: AtomicBool,
    run: Mutex<Option<Run>>,
    outcome: OnceLock<Outcome>,
    /// Of a command; a request's are its guest's.
    pub outbound: OnceLock<Arc<Outbound>>,
    cpu_nanos: AtomicU64,
    max_cpu_nanos: u64,
    deadline: Option<Instant>,
    alarm: Mutex<Option<tokio::task::AbortHandle>>,
}

/// Walls of time of a run; zero means none.
#[derive(Clone)]
pub struct Times {
    pub deadline: Duration,
    pub cpu: Duration,
}

impl Task {
    /// A task that has not begun. `watched`: its starter will run it first (see [`Task::run_inline`]).
    pub fn new(engine: &Arc<Engine>, group: Arc<Group>, token: u64, watched: bool, times: &Times) -> Arc<Self> {
        engine.began();
        Arc::new(Task {
            io: Io::new(Signal::new(token, engine.events.clone(), watched)),
            engine: Arc::downgrade(engine),
            group,
            state: AtomicU8::new(RUNNING),
            end: AtomicU8::new(GO_ON),
            held: AtomicBool::new(false),
            run: Mutex::default(),
            outcome: OnceLock::new(),
            outbound: OnceLock::new(),
            cpu_nanos: AtomicU64::new(0),
            max_cpu_nanos: times.cpu.as_nanos() as u64,
            deadline: (!times.deadline.is_zero()).then(|| Instant::now() + times.deadline),
            alarm: Mutex::default(),
        })
    }

    /// Begins `run` on a thread of the scheduler.
    pub fn spawn(self: &Arc<Self>, run: Run) {
        *self.run.lock().unwrap() = Some(run);
        self.state.store(QUEUED, SeqCst);
        self.enqueue();
    }

    /// Begins `run` on this thread, for one slice at most; goes on elsewhere. Where the group's last run took long, it
    /// begins elsewhere too: this thread has others to serve. Returns the bits raised meanwhile.
    pub fn run_inline(self: &Arc<Self>, run: Run) -> u64 {
        if self.group.is_heavy() {
            self.spawn(run);
            self.set_alarm();
            return self.io.signal.unwatch();
        }
        *self.run.lock().unwrap() = Some(run);
        let until = Instant::now() + SLICE;
        loop {
            self.state.store(RUNNING, SeqCst);
            if self.slice() {
                break;
            }
            if self.state.compare_exchange(RUNNING, IDLE, SeqCst, SeqCst).is_ok() {
                self.set_alarm();
                break;
            }
            if Instant::now() >= until {
                self.group.saw_run(self.cpu_nanos());
                self.state.store(QUEUED, SeqCst);
                self.set_alarm();
                self.enqueue();
                break;
            }
        }
        self.io.signal.unwatch()
    }

    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.get()
    }

    pub fn cpu_nanos(&self) -> u64 {
        self.cpu_nanos.load(Relaxed)
    }

    pub fn cancel(self: &Arc<Self>) {
        self.stop(CANCEL);
    }

    /// Stays where it is from its next slice on, or goes on; its walls of time stand meanwhile.
    pub fn hold(self: &Arc<Self>, on: bool) {
        self.held.store(on, SeqCst);
        if !on {
            // What it was woken for while it was held has been forgotten.
            self.wake_by_ref();
        }
    }

    fn stop(self: &Arc<Self>, why: u8) {
        if self.end.compare_exchange(GO_ON, why, SeqCst, SeqCst).is_ok() {
            self.wake_by_ref();
        }
    }

    fn enqueue(self: &Arc<Self>) {
        if let Some(engine) = self.engine.upgrade() {
            engine.scheduler.schedule(self.clone());
        }
    }

    /// One poll. True: the run has ended.
    fn slice(self: &Arc<Self>) -> bool {
        let mut slot = self.run.lock().unwrap();
        let Some(run) = slot.as_mut() else {
            return true;
        };
        let ended = match self.end.load(SeqCst) {
            CANCEL => Some(Outcome::Cancelled),
            EXPIRE => Some(Outcome::DeadlineExceeded),
            _ if self.deadline.is_some_and(|d| Instant::now() >= d) => Some(Outcome::DeadlineExceeded),
            _ if self.held.load(SeqCst) => None,
            _ => {
                let waker = Waker::from(self.clone());
                let begun = thread_cpu_nanos();
                let polled = catch_unwind(AssertUnwindSafe(|| run.as_mut().poll(&mut Context::from_waker(&waker))));
                let nanos = thread_cpu_nanos() - begun;
                self.group.charge(nanos);
                let used = self.cpu_nanos.fetch_add(nanos, Relaxed) + nanos;
                match polled {
                    Ok(Poll::Ready(outcome)) => Some(outcome),
                    Ok(Poll::Pending) if self.max_cpu_nanos > 0 && used > self.max_cpu_nanos => Some(Outcome::CpuExceeded),
                    Ok(Poll::Pending) => None,
                    Err(panic) => Some(Outcome::Trapped(7, engine_failed(&*panic))),
                }
            }
        };
        let Some(outcome) = ended else {
            return false;
        };
        let run = slot.take();
        drop(slot);
        // Dropping a suspended guest unwinds its stack: engine code that must not take the caller with it.
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(run)));
        self.finish(match dropped {
            Ok(()) => outcome,
            Err(panic) => Outcome::Trapped(7, engine_failed(&*panic)),
        });
        true
    }

    fn finish(&self, outcome: Outcome) {
        self.group.saw_run(self.cpu_nanos());
        self.state.store(DONE, SeqCst);
        if let Some(alarm) = self.alarm.lock().unwrap().take() {
            alarm.abort();
        }
        _ = self.outcome.set(outcome);
        self.io.end();
        if let Some(engine) = self.engine.upgrade() {
            engine.ended();
        }
        self.io.signal.raise(signal::ENDED);
    }

    /// Wakes the task at its deadline, whatever it waits for.
    fn set_alarm(self: &Arc<Self>) {
        let (Some(deadline), Some(engine)) = (self.deadline, self.engine.upgrade()) else {
            return;
        };
        let mut alarm = self.alarm.lock().unwrap();
        if alarm.is_some() || self.state.load(SeqCst) == DONE {
            return;
        }
        let task = Arc::downgrade(self);
        *alarm = Some(
            engine
                .runtime
                .spawn(async move {
                    tokio::time::sleep_until(deadline.into()).await;
                    if let Some(task) = task.upgrade() {
                        task.stop(EXPIRE);
                    }
                })
                .abort_handle(),
        );
    }
}

impl Runnable for Task {
    fn group(&self) -> &Arc<Group> {
        &self.group
    }

    fn run(self: Arc<Self>) {
        if self.state.compare_exchange(QUEUED, RUNNING, SeqCst, SeqCst).is_err() || self.slice() {
            return;
        }
        if self.state.compare_exchange(RUNNING, IDLE, SeqCst, SeqCst).is_err() {
            self.state.store(QUEUED, SeqCst);
            self.enqueue();
        } else {
            self.set_alarm();
        }
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        loop {
            match self.state.load(SeqCst) {
                IDLE if self.state.compare_exchange(IDLE, QUEUED, SeqCst, SeqCst).is_ok() => return self.enqueue(),
                RUNNING if self.state.compare_exchange(RUNNING, WOKEN, SeqCst, SeqCst).is_ok() => return,
                IDLE | RUNNING => continue,
                _ => return,
            }
        }
    }
}
