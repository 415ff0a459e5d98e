//! Everything that guests share: wasmtime, threads, timers, the clock that ends time slices, the memory of all.

use crate::config::{self, How};
use crate::guest::{Budget, Guest};
use crate::module::Linkers;
use dunlin_core::schedule::{SLICE, Scheduler};
use dunlin_core::signal::Events;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex, OnceLock};
use std::thread::JoinHandle;
use wasmtime::{Result, Store};

const DEFAULT_INSTANCES: u32 = 4_000;
/// Threads that wait for files on behalf of guests.
const FILE_THREADS: usize = 64;

/// One kind of compiled code, and what it is linked with.
pub struct Wasmtime {
    pub engine: wasmtime::Engine,
    pub linkers: Linkers,
}

impl Wasmtime {
    fn new(how: How, stores: u32) -> Result<Self> {
        let engine = wasmtime::Engine::new(&config::config(how, stores))?;
        Ok(Wasmtime { linkers: Linkers::new(&engine)?, engine })
    }
}

pub struct Engine {
    pub scheduler: Arc<Scheduler>,
    pub runtime: tokio::runtime::Handle,
    pub events: Arc<Events>,
    pub budget: Arc<Budget>,
    optimized: Wasmtime,
    /// Made when the first module needs it.
    baseline: OnceLock<std::result::Result<Wasmtime, String>>,
    max_instances: u32,
    instances: Arc<AtomicU64>,
    running: Mutex<u64>,
    none_running: Condvar,
    stopped: Arc<AtomicBool>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    tokio: Mutex<Option<tokio::runtime::Runtime>>,
}

impl Engine {
    pub fn new(guest_memory_bytes: u64, max_instances: u32, workers: u32) -> Result<Arc<Self>> {
        let max_instances = if max_instances == 0 { DEFAULT_INSTANCES } else { max_instances };
        let tokio = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(FILE_THREADS)
            .thread_name("dunlin-io")
            .enable_all()
            .build()?;
        let workers = if workers == 0 { std::thread::available_parallelism().map_or(1, usize::from) } else { workers as usize };
        let engine = Arc::new(Engine {
            scheduler: Scheduler::new(),
            runtime: tokio.handle().clone(),
            events: Arc::default(),
            budget: Arc::new(Budget::new(guest_memory_bytes)),
            optimized: Wasmtime::new(How::Optimized, max_instances)?,
            baseline: OnceLock::new(),
            max_instances,
            instances: Arc::default(),
            running: Mutex::new(0),
            none_running: Condvar::new(),
            stopped: Arc::default(),
            threads: Mutex::default(),
            tokio: Mutex::new(Some(tokio)),
        });
        let mut threads = engine.scheduler.start(workers, &engine.runtime);
        threads.push(engine.tick());
        *engine.threads.lock().unwrap() = threads;
        Ok(engine)
    }

    /// wasmtime for code made in this way.
    pub fn wasmtime(&self, how: How) -> Result<&Wasmtime> {
        match how {
            How::Optimized => Ok(&self.optimized),
            How::Baseline => self
                .baseline
                .get_or_init(|| Wasmtime::new(How::Baseline, self.max_instances.min(1_000)).map_err(|e| format!("{e:#}")))
                .as_ref()
                .map_err(|e| wasmtime::format_err!("{e}")),
        }
    }

    /// A store for one guest; it counts as an instance until it is dropped. `None`: there are as many as may be.
    pub fn store(&self, wasmtime: &wasmtime::Engine, guest: impl FnOnce(Live) -> Result<Guest>) -> Result<Option<Store<Guest>>> {
        let Some(live) = Live::begin(&self.instances, u64::from(self.max_instances)) else {
            return Ok(None);
        };
        let mut store = Store::new(wasmtime, guest(live)?);
        store.limiter(|guest| &mut guest.limiter);
        store.set_epoch_deadline(1);
        store.epoch_deadline_async_yield_and_update(1);
        Ok(Some(store))
    }

    pub fn instances(&self) -> u64 {
        self.instances.load(SeqCst)
    }

    pub fn is_stopped(&self) -> bool {
        self.stopped.load(SeqCst)
    }

    pub fn began(&self) {
        *self.running.lock().unwrap() += 1;
    }

    pub fn ended(&self) {
        let mut running = self.running.lock().unwrap();
        *running -= 1;
        if *running == 0 {
            self.none_running.notify_all();
        }
    }

    /// Ends a slice every few milliseconds, for as long as the engine lives.
    fn tick(self: &Arc<Self>) -> JoinHandle<()> {
        let (this, stopped) = (Arc::downgrade(self), self.stopped.clone());
        std::thread::Builder::new()
            .name("dunlin-epoch".into())
            .spawn(move || {
                while !stopped.load(SeqCst) {
                    std::thread::sleep(SLICE);
                    let Some(engine) = this.upgrade() else { return };
                    engine.optimized.engine.increment_epoch();
                    if let Some(Ok(baseline)) = engine.baseline.get() {
                        baseline.engine.increment_epoch();
                    }
                }
            })
            .expect("a thread for the epoch")
    }

    /// Ends everything; the tasks have been cancelled before.
    pub fn stop(&self) {
        let mut running = self.running.lock().unwrap();
        while *running > 0 {
            running = self.none_running.wait(running).unwrap();
        }
        drop(running);
        self.stopped.store(true, SeqCst);
        self.scheduler.stop();
        self.events.close();
        for thread in self.threads.lock().unwrap().drain(..) {
            // A thread that panicked has said so itself.
            _ = thread.join();
        }
        if let Some(tokio) = self.tokio.lock().unwrap().take() {
            tokio.shutdown_background();
        }
    }
}

/// One live instance of an engine.
pub struct Live(Arc<AtomicU64>);

impl Live {
    fn begin(instances: &Arc<AtomicU64>, max: u64) -> Option<Self> {
        instances.fetch_update(SeqCst, SeqCst, |n| (n < max).then_some(n + 1)).ok()?;
        Some(Live(instances.clone()))
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}
