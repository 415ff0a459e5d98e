//! How the border is crossed: statuses, and what the caller's pointers give and take.

use crate::compile;
use crate::config::How;
use crate::handles;
use crate::inspect::Refusal;
use dunlin_core::blob::Malformed;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

pub const OK: i32 = 0;
pub const WOULD_BLOCK: i32 = -1;
pub const END: i32 = -2;
pub const BAD_HANDLE: i32 = -3;
pub const BAD_ARGUMENT: i32 = -4;
pub const PANIC: i32 = -5;
pub const FAILED: i32 = -6;
pub const CLOSED: i32 = -7;

/// A status and what to tell.
pub struct Fault(pub i32, pub String);

impl From<i32> for Fault {
    fn from(status: i32) -> Self {
        Fault(status, String::new())
    }
}

impl From<Malformed> for Fault {
    fn from(e: Malformed) -> Self {
        Fault(BAD_ARGUMENT, e.0)
    }
}

impl From<Refusal> for Fault {
    fn from(Refusal(reason, message): Refusal) -> Self {
        Fault(reason as i32, message)
    }
}

impl From<wasmtime::Error> for Fault {
    fn from(e: wasmtime::Error) -> Self {
        Fault(FAILED, format!("{e:#}"))
    }
}

impl From<compile::Fault> for Fault {
    fn from(e: compile::Fault) -> Self {
        match e {
            compile::Fault::Refused(refusal) => refusal.into(),
            compile::Fault::Failed(message) => Fault(FAILED, message),
        }
    }
}

/// What to tell of a panic.
pub fn engine_failed(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("the engine failed: {}", text.unwrap_or("panic"))
}

/// Runs a function of the border: nothing unwinds across it.
pub fn border(err: *mut u8, err_cap: u32, f: impl FnOnce() -> Result<i64, Fault>) -> i64 {
    let fault = match catch_unwind(AssertUnwindSafe(f)) {
        Ok(Ok(value)) => return value,
        Ok(Err(fault)) => fault,
        Err(panic) => Fault(PANIC, engine_failed(&*panic)),
    };
    put_text(err, err_cap, &fault.1);
    i64::from(fault.0)
}

pub fn plain(f: impl FnOnce() -> Result<i64, Fault>) -> i64 {
    border(std::ptr::null_mut(), 0, f)
}

/// Writes a length and as much of the text as there is room for.
pub fn put_text(target: *mut u8, cap: u32, text: &str) {
    if target.is_null() || cap < 4 {
        return;
    }
    let mut n = text.len().min(cap as usize - 4);
    while !text.is_char_boundary(n) {
        n -= 1;
    }
    // SAFETY: the caller gave cap bytes at target; 4 + n are at most cap.
    unsafe {
        target.cast::<[u8; 4]>().write((n as u32).to_le_bytes());
        target.add(4).copy_from_nonoverlapping(text.as_ptr(), n);
    }
}

/// # Safety
/// `at` is null or points to `len` readable bytes for `'a`.
pub unsafe fn bytes<'a>(at: *const u8, len: u64) -> Result<&'a [u8], Fault> {
    match (at.is_null(), usize::try_from(len)) {
        (_, Ok(0)) => Ok(&[]),
        (false, Ok(len)) if len <= isize::MAX as usize => Ok(unsafe { std::slice::from_raw_parts(at, len) }),
        _ => Err(Fault(BAD_ARGUMENT, format!("expected a buffer, found null or {len} bytes"))),
    }
}

/// # Safety
/// As [`bytes`], writable and not read elsewhere meanwhile.
pub unsafe fn buffer<'a>(at: *mut u8, cap: u32) -> Result<&'a mut [u8], Fault> {
    match (at.is_null(), cap) {
        (_, 0) => Ok(&mut []),
        (false, cap) => Ok(unsafe { std::slice::from_raw_parts_mut(at, cap as usize) }),
        (true, _) => Err(Fault(BAD_ARGUMENT, "expected a buffer, found null".into())),
    }
}

/// # Safety
/// `at` is null or points to a writable `T`.
pub unsafe fn put<T>(at: *mut T, value: T) -> Result<(), Fault> {
    if at.is_null() {
        return Err(Fault(BAD_ARGUMENT, "expected a place for the result, found null".into()));
    }
    unsafe { at.write(value) };
    Ok(())
}

/// # Safety
/// As [`bytes`].
pub unsafe fn path<'a>(at: *const u8, len: u32) -> Result<&'a Path, Fault> {
    let text = std::str::from_utf8(unsafe { bytes(at, len.into()) }?).map_err(|e| Fault(BAD_ARGUMENT, format!("path: {e}")))?;
    Ok(Path::new(text))
}

/// Copies it whole or not at all; the length tells.
pub fn put_whole(target: &mut [u8], source: &[u8]) -> i64 {
    if source.len() <= target.len() {
        target[..source.len()].copy_from_slice(source);
    }
    source.len() as i64
}

pub fn named<T: handles::Named>(handle: u64) -> Result<Arc<T>, Fault> {
    handles::get(handle).ok_or(Fault(BAD_HANDLE, format!("handle {handle}: expected one that is in use")))
}

pub fn how(number: i32) -> Result<How, Fault> {
    How::of(number).ok_or_else(|| Fault(BAD_ARGUMENT, format!("expected DUNLIN_OPTIMIZED or DUNLIN_BASELINE, found {number}")))
}
