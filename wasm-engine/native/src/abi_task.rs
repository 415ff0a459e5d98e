//! The functions of dunlin.h that begin with dunlin_task: streams, the end and the use of a run.

use crate::abi::{Usage, counts_of};
use crate::border::*;
use crate::handles;
use crate::pipe::{Outlet, Taken};
use crate::task::{Outcome, Task};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

const INPUT: i32 = 0;
const OUTPUT: i32 = 1;
const ERRORS: i32 = 2;
const BODY: i32 = 3;

#[repr(C)]
pub struct COutcome {
    kind: i32,
    code: i32,
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_task_response(task: u64, target: *mut u8, cap: u32) -> i64 {
    plain(|| {
        let task = named::<Task>(task)?;
        let head = task.io.response.lock().unwrap();
        let head = head.as_ref().ok_or(WOULD_BLOCK)?;
        Ok(put_whole(unsafe { buffer(target, cap) }?, head))
    })
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_task_read(task: u64, stream: i32, target: *mut u8, cap: u32) -> i64 {
    plain(|| {
        let task = named::<Task>(task)?;
        match outlet(&task, stream)?.take(unsafe { buffer(target, cap) }?) {
            Taken::Bytes(n) => Ok(n as i64),
            Taken::Nothing => Ok(WOULD_BLOCK.into()),
            Taken::End => Ok(END.into()),
        }
    })
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_task_write(task: u64, stream: i32, source: *const u8, len: u32) -> i64 {
    plain(|| {
        let task = named::<Task>(task)?;
        if stream != INPUT {
            return Err(BAD_ARGUMENT.into());
        }
        let source = unsafe { bytes(source, len.into()) }?;
        Ok(match task.io.input.give(source) {
            None => END.into(),
            Some(0) if !source.is_empty() => WOULD_BLOCK.into(),
            Some(n) => n as i64,
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn dunlin_task_close(task: u64, stream: i32, failed: i32) -> i32 {
    plain(|| {
        let task = named::<Task>(task)?;
        match stream {
            INPUT => task.io.input.end(failed != 0),
            _ => outlet(&task, stream)?.close(),
        }
        Ok(OK.into())
    }) as i32
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_task_outcome(task: u64, outcome: *mut COutcome, message: *mut u8, message_cap: u32) -> i32 {
    plain(|| {
        let task = named::<Task>(task)?;
        let (kind, code, text) = match task.outcome() {
            None => (0, 0, ""),
            Some(Outcome::Exited(code)) => (1, *code, ""),
            Some(Outcome::Trapped(kind, text)) => (2, *kind, text.as_str()),
            Some(Outcome::OutOfMemory { engine_full }) => (3, i32::from(*engine_full), ""),
            Some(Outcome::DeadlineExceeded) => (4, 0, ""),
            Some(Outcome::CpuExceeded) => (5, 0, ""),
            Some(Outcome::Cancelled) => (6, 0, ""),
            Some(Outcome::BadResponse(text)) => (7, 0, text.as_str()),
            Some(Outcome::EngineBusy(text)) => (8, 0, text.as_str()),
        };
        put_text(message, message_cap, text);
        unsafe { put(outcome, COutcome { kind, code }) }.map(|()| OK.into())
    }) as i32
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_task_usage(task: u64, usage: *mut Usage) -> i32 {
    plain(|| {
        let task = named::<Task>(task)?;
        let found = Usage { cpu_nanos: task.cpu_nanos(), memory_bytes: task.io.memory.0.load(Relaxed) };
        unsafe { put(usage, found) }.map(|()| OK.into())
    }) as i32
}

/// # Safety
/// See dunlin.h.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dunlin_task_outbound(task: u64, counts: *mut u8, cap: u32) -> i64 {
    plain(|| {
        let task = named::<Task>(task)?;
        let found = task.outbound.get().map(|outbound| counts_of(outbound)).unwrap_or_default();
        Ok(put_whole(unsafe { buffer(counts, cap) }?, &found))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn dunlin_task_cancel(task: u64) -> i32 {
    plain(|| {
        named::<Task>(task)?.cancel();
        Ok(OK.into())
    }) as i32
}

#[unsafe(no_mangle)]
pub extern "C" fn dunlin_task_hold(task: u64, on: i32) -> i32 {
    plain(|| {
        named::<Task>(task)?.hold(on != 0);
        Ok(OK.into())
    }) as i32
}

#[unsafe(no_mangle)]
pub extern "C" fn dunlin_task_free(task: u64) -> i32 {
    plain(|| {
        let task = handles::take::<Task>(task).ok_or(BAD_HANDLE)?;
        task.io.signal.silence();
        task.cancel();
        Ok(OK.into())
    }) as i32
}

fn outlet(task: &Task, stream: i32) -> Result<&Arc<Outlet>, Fault> {
    match stream {
        OUTPUT => Ok(&task.io.output),
        ERRORS => Ok(&task.io.errors),
        BODY => Ok(&task.io.body),
        _ => Err(Fault(BAD_ARGUMENT, format!("expected a stream to read, found {stream}"))),
    }
}
