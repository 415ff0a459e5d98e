//! The numbers by which the caller names objects. Never an address; never used twice.

use crate::engine::Engine;
use crate::http::HttpGuest;
use crate::module::Module;
use crate::task::Task;
use dunlin_core::schedule::Group;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, LazyLock, RwLock};

#[derive(Clone)]
pub enum Object {
    Engine(Arc<Engine>),
    Module(Arc<Module>),
    /// With its engine, so that both go together.
    Group(Arc<Engine>, Arc<Group>),
    Guest(Arc<HttpGuest>),
    Task(Arc<Engine>, Arc<Task>),
}

/// A kind of object that a handle can name.
pub trait Named: Sized {
    fn of(object: &Object) -> Option<&Arc<Self>>;
}

macro_rules! named {
    ($type:ty, $pattern:pat => $value:expr) => {
        impl Named for $type {
            fn of(object: &Object) -> Option<&Arc<Self>> {
                match object {
                    $pattern => Some($value),
                    _ => None,
                }
            }
        }
    };
}
named!(Engine, Object::Engine(it) => it);
named!(Module, Object::Module(it) => it);
named!(Group, Object::Group(_, it) => it);
named!(HttpGuest, Object::Guest(it) => it);
named!(Task, Object::Task(_, it) => it);

impl Object {
    fn engine(&self) -> &Arc<Engine> {
        match self {
            Object::Engine(engine) | Object::Group(engine, _) | Object::Task(engine, _) => engine,
            Object::Module(module) => &module.engine,
            Object::Guest(guest) => &guest.module.engine,
        }
    }
}

/// Looked up by many threads at once: in parts, so that they seldom meet.
const PARTS: usize = 16;
static OBJECTS: LazyLock<[RwLock<HashMap<u64, Object>>; PARTS]> = LazyLock::new(Default::default);
static NEXT: AtomicU64 = AtomicU64::new(1);

fn part(handle: u64) -> &'static RwLock<HashMap<u64, Object>> {
    &OBJECTS[handle as usize % PARTS]
}

pub fn add(object: Object) -> i64 {
    let handle = NEXT.fetch_add(1, Relaxed);
    part(handle).write().unwrap().insert(handle, object);
    handle as i64
}

pub fn get<T: Named>(handle: u64) -> Option<Arc<T>> {
    part(handle).read().unwrap().get(&handle).and_then(T::of).cloned()
}

/// Forgets the handle and gives what it named. A handle of another kind stays.
pub fn take<T: Named>(handle: u64) -> Option<Arc<T>> {
    let mut objects = part(handle).write().unwrap();
    let found = objects.get(&handle).and_then(T::of).cloned();
    let object = found.is_some().then(|| objects.remove(&handle));
    drop(objects);
    drop(object);
    found
}

/// Forgets every handle that belongs to this engine, its own too.
pub fn take_all(engine: &Arc<Engine>) -> Vec<Object> {
    let mut taken = Vec::new();
    for part in OBJECTS.iter() {
        taken
            .extend(part.write().unwrap().extract_if(|_, object| Arc::ptr_eq(object.engine(), engine)).map(|(_, object)| object));
    }
    taken
}

/// How many tasks and modules of this engine have handles.
pub fn count(engine: &Arc<Engine>) -> (u64, u64) {
    let (mut tasks, mut modules) = (0, 0);
    for part in OBJECTS.iter() {
        for object in part.read().unwrap().values().filter(|object| Arc::ptr_eq(object.engine(), engine)) {
            match object {
                Object::Task(..) => tasks += 1,
                Object::Module(_) => modules += 1,
                _ => {}
            }
        }
    }
    (tasks, modules)
}
