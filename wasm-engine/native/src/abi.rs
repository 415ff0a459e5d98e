//! The functions of dunlin.h, but those of tasks. Here, in [`crate::abi_task`] and in [`crate::border`], and nowhere
//! else, are pointers of the caller's read and written.

use crate::border::*;
use crate::compile::{self, be_modest};
use crate::config;
use crate::engine::Engine;
use crate::guest::{Grants, Walls};
use crate::handles::{self, Object};
use crate::http::{self, HttpGuest};
use crate::module::Module;
use crate::task::{Task, Times};
use dunlin_core::blob::Reader;
use dunlin_core::network::Policy;
use dunlin_core::outbound::Outbound;
use dunlin_core::schedule::Group;
use std::ffi::{CStr, c_char};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

pub const ABI_VERSION: i32 = 3;

#[repr(C)]
pub struct Event {
    token: u64,
    bits: u64,
}

#[repr(C)]
pub struct Usage {
    pub cpu_nanos: u64,
    pub memory_bytes: u64,
}

#[repr(C)]
pub struct Stats {
    memory_bytes: u64,
    instances: u64,
    tasks: u64,
    modules: u64,
}

#[repr(C)]
pub struct CConfig {
    guest_memory_bytes: u64,
    max_instances: u32,
    workers: u32,
}

#[unsafe(no_mangle)]
pub extern "C" fn dunlin_abi_version() -> i32 {
    ABI_VERSION
}

/// # Safety
/// See dunlin.h: pointers are valid for the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_engine_new(config: *const CConfig, err: *mut u8, err_cap: u32) -> i64 {
    border(err, err_cap, || {
        // SAFETY: null or a valid dunlin_config.
        let config = unsafe { config.as_ref() }.ok_or(BAD_ARGUMENT)?;
        let engine = Engine::new(config.guest_memory_bytes, config.max_instances, config.workers)?;
        Ok(handles::add(Object::Engine(engine)))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn dunlin_engine_free(engine: u64) -> i32 {
    plain(|| {
        let engine = named::<Engine>(engine)?;
        let objects = handles::take_all(&engine);
        for object in &objects {
            if let Object::Task(_, task) = object {
                task.cancel();
            }
        }
        engine.stop();
        Ok(OK.into())
    }) as i32
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_engine_info(engine: u64, target: *mut u8, cap: u32) -> i64 {
    plain(|| {
        named::<Engine>(engine)?;
        let features = [
            "wasi:p1",
            "simd",
            "relaxed-simd",
            "tail-call",
            "exceptions",
            "gc",
            "memory64",
            "multi-memory",
            "component",
            "wasi:cli@0.2",
            "wasi:http@0.2",
            "wasi:cli@0.3",
            "wasi:http@0.3",
        ];
        let text = format!("wasmtime {}\n{}\n", config::WASMTIME_VERSION, features.join("\n"));
        Ok(put_whole(unsafe { buffer(target, cap) }?, text.as_bytes()))
    })
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_engine_code_id(engine: u64, by: i32, target: *mut u8, cap: u32) -> i64 {
    plain(|| {
        let engine = named::<Engine>(engine)?;
        let id = config::code_id(&engine.wasmtime(how(by)?)?.engine);
        Ok(put_whole(unsafe { buffer(target, cap) }?, id.as_bytes()))
    })
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_engine_events(engine: u64, events: *mut Event, cap: u32, timeout_millis: i64) -> i32 {
    plain(|| {
        let found = named::<Engine>(engine)?.events.clone();
        if events.is_null() || cap == 0 {
            return Err(BAD_ARGUMENT.into());
        }
        let timeout = Duration::from_millis(timeout_millis.clamp(0, 3_600_000) as u64);
        // SAFETY: i < cap, and the caller gave room for cap events.
        let n = found.wait(cap as usize, timeout, |i, token, bits| unsafe { events.add(i).write(Event { token, bits }) });
        Ok(n.map_or(CLOSED.into(), |n| n as i64))
    }) as i32
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_engine_stats(engine: u64, stats: *mut Stats) -> i32 {
    plain(|| {
        let engine = named::<Engine>(engine)?;
        let (tasks, modules) = handles::count(&engine);
        let found = Stats { memory_bytes: engine.budget.used(), instances: engine.instances(), tasks, modules };
        unsafe { put(stats, found) }.map(|()| OK.into())
    }) as i32
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_inspect(wasm: *const u8, len: u64, err: *mut u8, err_cap: u32) -> i32 {
    border(err, err_cap, || Ok(crate::inspect::inspect(unsafe { bytes(wasm, len) }?)? as i64)) as i32
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_compile(
    wasm_path: *const u8,
    wasm_len: u32,
    code_path: *const u8,
    code_len: u32,
    by: i32,
    err: *mut u8,
    err_cap: u32,
) -> i32 {
    border(err, err_cap, || {
        let (wasm, code) = unsafe { (path(wasm_path, wasm_len)?, path(code_path, code_len)?) };
        compile::compile(wasm, code, how(by)?)?;
        Ok(OK.into())
    }) as i32
}

/// # Safety
/// `argv` points to `argc` strings that end with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_compile_main(argc: i32, argv: *const *const c_char) -> i32 {
    let mut message = [0u8; 64 * 1024];
    let status = border(message.as_mut_ptr(), message.len() as u32, || {
        let args = (0..argc.max(0) as usize)
            // SAFETY: as this function demands.
            .map(|i| {
                unsafe { CStr::from_ptr(*argv.add(i)) }.to_str().map_err(|e| Fault(BAD_ARGUMENT, format!("argument {i}: {e}")))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let [wasm, code, by] = args[..] else {
            return Err(Fault(BAD_ARGUMENT, format!("expected WASM CODE HOW, found {} arguments", args.len())));
        };
        be_modest();
        let by = by.parse().map_err(|_| Fault(BAD_ARGUMENT, format!("expected 0 or 1, found {by:?}")))?;
        compile::compile(Path::new(wasm), Path::new(code), how(by)?)?;
        Ok(OK.into())
    });
    if status < 0 {
        let n = u32::from_le_bytes(message[..4].try_into().expect("four bytes")) as usize;
        eprintln!("{}", String::from_utf8_lossy(&message[4..4 + n]));
    }
    -status as i32
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_module_load(engine: u64, code: *const u8, len: u32, by: i32, err: *mut u8, err_cap: u32) -> i64 {
    border(err, err_cap, || {
        let engine = running(engine)?;
        let module = Module::load(&engine, unsafe { path(code, len) }?, how(by)?)?;
        Ok(handles::add(Object::Module(Arc::new(module))))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn dunlin_module_free(module: u64) -> i32 {
    plain(|| handles::take::<Module>(module).map(|_| OK.into()).ok_or(BAD_HANDLE.into())) as i32
}

#[unsafe(no_mangle)]
pub extern "C" fn dunlin_group_new(engine: u64) -> i64 {
    plain(|| {
        let engine = running(engine)?;
        let group = engine.scheduler.group();
        Ok(handles::add(Object::Group(engine, group)))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn dunlin_group_free(group: u64) -> i32 {
    plain(|| handles::take::<Group>(group).map(|_| OK.into()).ok_or(BAD_HANDLE.into())) as i32
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_start(
    module: u64,
    group: u64,
    spec: *const u8,
    len: u32,
    token: u64,
    err: *mut u8,
    err_cap: u32,
) -> i64 {
    border(err, err_cap, || {
        let module = named::<Module>(module)?;
        let engine = module.engine.clone();
        let group = group_of(&engine, group)?;
        let mut reader = Reader::new(unsafe { bytes(spec, len.into()) }?);
        let grants = read_grants(&mut reader)?;
        let (walls, times) = read_limits(&mut reader)?;
        reader.end()?;
        let task = Task::new(&engine, group, token, false, &times);
        _ = task.outbound.set(grants.outbound.clone());
        let handle = handles::add(Object::Task(engine, task.clone()));
        task.spawn(Box::pin(crate::command::run(module, grants, walls, task.io.clone())));
        Ok(handle)
    })
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_http_new(module: u64, group: u64, spec: *const u8, len: u32, err: *mut u8, err_cap: u32) -> i64 {
    border(err, err_cap, || {
        let module = named::<Module>(module)?;
        let group = group_of(&module.engine, group)?;
        let mut reader = Reader::new(unsafe { bytes(spec, len.into()) }?);
        let grants = read_grants(&mut reader)?;
        let (walls, times) = read_limits(&mut reader)?;
        let requests = reader.u32("requests per instance")?;
        reader.end()?;
        let guest = HttpGuest::new(module, group, grants, walls, times, requests);
        Ok(handles::add(Object::Guest(Arc::new(guest))))
    })
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_http_usage(guest: u64, usage: *mut Usage) -> i32 {
    plain(|| {
        let guest = named::<HttpGuest>(guest)?;
        let found = Usage { cpu_nanos: guest.group.cpu_nanos(), memory_bytes: guest.memory.0.load(Relaxed) };
        unsafe { put(usage, found) }.map(|()| OK.into())
    }) as i32
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_http_outbound(guest: u64, counts: *mut u8, cap: u32) -> i64 {
    plain(|| {
        let guest = named::<HttpGuest>(guest)?;
        Ok(put_whole(unsafe { buffer(counts, cap) }?, &counts_of(&guest.grants.outbound)))
    })
}

/// dunlin.h's `outbound`.
pub fn counts_of(outbound: &Outbound) -> Vec<u8> {
    outbound.read().flat_map(u64::to_le_bytes).collect()
}

#[unsafe(no_mangle)]
pub extern "C" fn dunlin_http_free(guest: u64) -> i32 {
    plain(|| handles::take::<HttpGuest>(guest).map(|_| OK.into()).ok_or(BAD_HANDLE.into())) as i32
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_http_start(
    guest: u64,
    request: *const u8,
    len: u32,
    token: u64,
    bits: *mut u64,
    err: *mut u8,
    err_cap: u32,
) -> i64 {
    border(err, err_cap, || {
        let guest = named::<HttpGuest>(guest)?;
        let engine = guest.module.engine.clone();
        let _inside = engine.runtime.enter();
        let task = Task::new(&engine, guest.group.clone(), token, true, &guest.times);
        let request = match http::decode(unsafe { bytes(request, len.into()) }?, &task.io) {
            Ok(request) => request,
            Err(e) => {
                engine.ended();
                return Err(e.into());
            }
        };
        let handle = handles::add(Object::Task(engine.clone(), task.clone()));
        let raised = task.run_inline(Box::pin(http::answer(guest, request, task.io.clone())));
        unsafe { put(bits, raised) }?;
        Ok(handle)
    })
}

/// The engine, as long as it takes new work.
fn running(engine: u64) -> Result<Arc<Engine>, Fault> {
    let engine = named::<Engine>(engine)?;
    if engine.is_stopped() { Err(CLOSED.into()) } else { Ok(engine) }
}

fn group_of(engine: &Arc<Engine>, group: u64) -> Result<Arc<Group>, Fault> {
    if group == 0 { Ok(engine.scheduler.group()) } else { named(group) }
}

fn read_grants(r: &mut Reader<'_>) -> Result<Grants, Fault> {
    let args = r.list("arguments", |r| r.text("argument").map(str::to_owned))?;
    let env = r.list("variables", |r| Ok((r.text("name")?.to_owned(), r.text("value")?.to_owned())))?;
    let directories = r.list("directories", |r| {
        Ok((r.text("host folder")?.into(), r.text("guest folder")?.to_owned(), r.u32("read only")? != 0))
    })?;
    let hosts = r.list("allowed hosts", |r| r.text("allowed host"))?;
    let policy = Arc::new(Policy::parse(hosts).map_err(|e| Fault(BAD_ARGUMENT, e))?);
    let outbound = Arc::new(Outbound::new(policy.len()));
    Ok(Grants { args, env, directories, policy, outbound })
}

fn read_limits(r: &mut Reader<'_>) -> Result<(Walls, Times), Fault> {
    let memory_bytes = r.u64("memory")?;
    let times = Times { deadline: Duration::from_nanos(r.u64("deadline")?), cpu: Duration::from_nanos(r.u64("CPU time")?) };
    Ok((Walls { memory_bytes, open_files: r.u32("open files")?, instances: r.u32("instances")? }, times))
}
