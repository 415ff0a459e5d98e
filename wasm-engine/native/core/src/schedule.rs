//! Runs guests on a few threads, each group of tasks with an equal share of them.
//!
//! A task is polled until it waits or its time slice is over (the epoch ends it); then the next task of the group that
//! has used the least CPU time runs. Everything else that is asynchronous (timers, sockets, files) is tokio's.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a guest runs before the next one may.
pub const SLICE: Duration = Duration::from_millis(5);

/// Of the scheduler's threads, beside 0 of all others of the process: a tenth of the weight.
const NICE: i32 = 10;

/// What a thread of the scheduler runs.
pub trait Runnable: Send + Sync {
    fn group(&self) -> &Arc<Group>;
    /// Runs one slice; the CPU time is charged by the scheduler.
    fn run(self: Arc<Self>);
}

/// Tasks that share one share of the processors.
pub struct Group {
    id: u64,
    cpu_nanos: AtomicU64,
    /// CPU time used, brought forward while it had nothing to run: it cannot be saved up.
    virtual_nanos: AtomicU64,
    /// Whether the run that was looked at last took much of a slice, or more.
    heavy: AtomicBool,
}

impl Group {
    /// Whether its next run is likely to take much of a slice, or more.
    pub fn is_heavy(&self) -> bool {
        self.heavy.load(Relaxed)
    }

    /// A run of it has used that much CPU time by now.
    pub fn saw_run(&self, nanos: u64) {
        self.heavy.store(u128::from(nanos) > SLICE.as_nanos() / 2, Relaxed);
    }

    pub fn cpu_nanos(&self) -> u64 {
        self.cpu_nanos.load(Relaxed)
    }

    pub fn charge(&self, nanos: u64) {
        self.cpu_nanos.fetch_add(nanos, Relaxed);
        self.virtual_nanos.fetch_add(nanos, Relaxed);
    }
}

#[derive(Default)]
struct State {
    /// Groups that have something to run, the one that has had least first.
    order: BTreeSet<(u64, u64)>,
    waiting: HashMap<u64, (u64, VecDeque<Arc<dyn Runnable>>)>,
    /// No group that begins to run now is put before this.
    floor: u64,
    idle: usize,
    stopped: bool,
}

impl State {
    fn push(&mut self, task: Arc<dyn Runnable>) {
        let group = task.group();
        let (id, floor) = (group.id, self.floor);
        let (_, tasks) = self.waiting.entry(id).or_insert_with(|| {
            let at = group.virtual_nanos.fetch_max(floor, Relaxed).max(floor);
            self.order.insert((at, id));
            (at, VecDeque::new())
        });
        tasks.push_back(task);
    }

    fn pop(&mut self) -> Option<Arc<dyn Runnable>> {
        let (at, id) = self.order.pop_first()?;
        self.floor = self.floor.max(at);
        let (place, tasks) = self.waiting.get_mut(&id).expect("an ordered group waits");
        let task = tasks.pop_front().expect("a waiting group has a task");
        if tasks.is_empty() {
            self.waiting.remove(&id);
        } else {
            // Counts as one slice until its real time is known.
            let next = task.group().virtual_nanos.load(Relaxed).max(at) + 1;
            *place = next;
            self.order.insert((next, id));
        }
        Some(task)
    }

    /// A group's place follows the time it has used by now.
    fn reorder(&mut self, group: &Group) {
        if let Some((place, _)) = self.waiting.get_mut(&group.id) {
            let now = group.virtual_nanos.load(Relaxed).max(*place);
            self.order.remove(&(*place, group.id));
            self.order.insert((now, group.id));
            *place = now;
        }
    }
}

pub struct Scheduler {
    state: Mutex<State>,
    work: Condvar,
    next_group: AtomicU64,
}

impl Scheduler {
    pub fn new() -> Arc<Self> {
        Arc::new(Scheduler { state: Mutex::default(), work: Condvar::new(), next_group: AtomicU64::new(1) })
    }

    pub fn group(&self) -> Arc<Group> {
        Arc::new(Group {
            id: self.next_group.fetch_add(1, Relaxed),
            cpu_nanos: AtomicU64::new(0),
            virtual_nanos: AtomicU64::new(0),
            heavy: AtomicBool::new(false),
        })
    }

    /// Runs it soon. After `stop`, never.
    pub fn schedule(&self, task: Arc<dyn Runnable>) {
        let mut state = self.state.lock().unwrap();
        if !state.stopped {
            state.push(task);
            if state.idle > 0 {
                self.work.notify_one();
            }
        }
    }

    /// Starts threads that run until `stop`, inside the tokio runtime.
    pub fn start(self: &Arc<Self>, threads: usize, runtime: &tokio::runtime::Handle) -> Vec<JoinHandle<()>> {
        (0..threads)
            .map(|n| {
                let (this, runtime) = (self.clone(), runtime.clone());
                std::thread::Builder::new()
                    .name(format!("dunlin-guests-{n}"))
                    .spawn(move || {
                        let _inside = runtime.enter();
                        make_way();
                        this.work();
                    })
                    .expect("a thread for guests")
            })
            .collect()
    }

    pub fn stop(&self) {
        let mut state = self.state.lock().unwrap();
        state.stopped = true;
        state.waiting.clear();
        state.order.clear();
        self.work.notify_all();
    }

    fn work(&self) {
        let mut state = self.state.lock().unwrap();
        loop {
            if let Some(task) = state.pop() {
                drop(state);
                let group = task.group().clone();
                task.run();
                state = self.state.lock().unwrap();
                state.reorder(&group);
            } else if state.stopped {
                return;
            } else {
                state.idle += 1;
                state = self.work.wait(state).unwrap();
                state.idle -= 1;
            }
        }
    }
}

/// Lets the other threads of this process run before the calling one, which runs guests that use the processor for long:
/// a lower priority, and a longer slice, which wakes of others may cut short (Linux 6.12; older ones pass over it).
/// Where a sandbox refuses it, guests run on as equals of the rest.
fn make_way() {
    #[repr(C)]
    struct SchedAttr {
        size: u32,
        policy: u32,
        flags: u64,
        nice: i32,
        priority: u32,
        runtime: u64,
        deadline: u64,
        period: u64,
    }
    let attr = SchedAttr {
        size: size_of::<SchedAttr>() as u32,
        policy: libc::SCHED_OTHER as u32,
        flags: 0,
        nice: NICE,
        priority: 0,
        runtime: 4 * SLICE.as_nanos() as u64,
        deadline: 0,
        period: 0,
    };
    // SAFETY: the kernel reads size bytes of attr during the call; 0 is the calling thread.
    unsafe { libc::syscall(libc::SYS_sched_setattr, 0, &attr as *const SchedAttr, 0) };
}

/// CPU time of the calling thread.
pub fn thread_cpu_nanos() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: time is a valid timespec for the call.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Endless(Arc<Group>);
    impl Runnable for Endless {
        fn group(&self) -> &Arc<Group> {
            &self.0
        }
        fn run(self: Arc<Self>) {}
    }

    #[test]
    fn a_group_of_many_tasks_has_no_more_turns_than_a_group_of_one() {
        let scheduler = Scheduler::new();
        let (many, one) = (scheduler.group(), scheduler.group());
        let mut state = State::default();
        for _ in 0..10 {
            state.push(Arc::new(Endless(many.clone())));
        }
        state.push(Arc::new(Endless(one.clone())));
        let mut turns = HashMap::new();
        for _ in 0..100 {
            let task = state.pop().unwrap();
            let group = task.group().clone();
            group.charge(5_000_000);
            *turns.entry(group.id).or_insert(0) += 1;
            state.push(task);
            state.reorder(&group);
        }
        assert!((turns[&many.id] as i32 - turns[&one.id] as i32).abs() <= 2, "{turns:?}");
    }

    #[test]
    fn a_group_that_slept_does_not_catch_up_on_what_it_did_not_use() {
        let scheduler = Scheduler::new();
        let (busy, sleeper) = (scheduler.group(), scheduler.group());
        let mut state = State::default();
        for _ in 0..50 {
            state.push(Arc::new(Endless(busy.clone())));
            state.pop().unwrap().group().charge(5_000_000);
        }
        state.push(Arc::new(Endless(busy.clone())));
        state.push(Arc::new(Endless(sleeper.clone())));
        assert_eq!(state.pop().unwrap().group().id, sleeper.id);
        assert!(sleeper.virtual_nanos.load(Relaxed) > 0);
    }

    #[test]
    fn a_thread_that_makes_way_has_a_lower_priority_and_no_other_has() {
        // SAFETY: asks for the calling thread's.
        let nice = || unsafe { libc::getpriority(libc::PRIO_PROCESS, 0) };
        let before = nice();
        let there = std::thread::spawn(move || {
            make_way();
            nice()
        });
        assert_eq!(there.join().unwrap(), NICE);
        assert_eq!(nice(), before);
    }

    #[test]
    fn a_group_is_heavy_for_as_long_as_its_last_run_was() {
        let group = Scheduler::new().group();
        assert!(!group.is_heavy());
        group.saw_run(2_000_000_000);
        assert!(group.is_heavy());
        group.saw_run(100_000);
        assert!(!group.is_heavy());
    }
}
