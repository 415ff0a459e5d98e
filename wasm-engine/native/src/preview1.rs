//! WASI preview 1 as wasmtime-wasi has it, with what that leaves out: a wall for open files, and every exit code.

use crate::guest::Guest;
use wasmtime::{Caller, Extern, Linker, Result, bail};
use wasmtime_wasi::I32Exit;
use wasmtime_wasi::p1::wasi_snapshot_preview1::{self as p1, WasiSnapshotPreview1};
use wiggle::GuestMemory;

pub const MODULE: &str = "wasi_snapshot_preview1";
const SUCCESS: i32 = 0;
/// `errno.mfile`
const MFILE: i32 = 33;

/// How many descriptors a guest has open, and may have.
pub struct Descriptors {
    open: u32,
    max: u32,
}

impl Descriptors {
    /// The standard streams and the granted folders are open from the start.
    pub fn new(max: u32, folders: usize) -> Self {
        Descriptors { open: 3 + folders as u32, max }
    }
}

pub fn add_to_linker(linker: &mut Linker<Guest>) -> Result<()> {
    wasmtime_wasi::p1::add_to_linker_async(linker, |guest| &mut guest.wasi)?;
    linker.allow_shadowing(true);
    linker.func_wrap(MODULE, "proc_exit", |code: i32| -> Result<()> { Err(I32Exit(code).into()) })?;
    linker.func_wrap_async(
        MODULE,
        "path_open",
        |mut caller: Caller<'_, Guest>,
         (fd, dirflags, path, len, oflags, base, inheriting, fdflags, opened): (i32, i32, i32, i32, i32, i64, i64, i32, i32)| {
            Box::new(async move {
                let descriptors = &caller.data().descriptors;
                if descriptors.open >= descriptors.max {
                    return Ok(MFILE);
                }
                let (mut memory, guest) = parts(&mut caller)?;
                let wasi = &mut guest.wasi;
                let errno =
                    p1::path_open(wasi, &mut memory, fd, dirflags, path, len, oflags, base, inheriting, fdflags, opened).await?;
                if errno == SUCCESS {
                    guest.descriptors.open += 1;
                }
                Ok(errno)
            })
        },
    )?;
    linker.func_wrap_async(MODULE, "fd_close", |mut caller: Caller<'_, Guest>, (fd,): (i32,)| {
        Box::new(async move {
            let (mut memory, guest) = parts(&mut caller)?;
            let errno = p1::fd_close(&mut guest.wasi, &mut memory, fd).await?;
            if errno == SUCCESS {
                guest.descriptors.open -= 1;
            }
            Ok(errno)
        })
    })?;
    linker.func_wrap_async(MODULE, "fd_renumber", |mut caller: Caller<'_, Guest>, (from, to): (i32, i32)| {
        Box::new(async move {
            let (mut memory, guest) = parts(&mut caller)?;
            let errno = p1::fd_renumber(&mut guest.wasi, &mut memory, from, to).await?;
            if errno == SUCCESS && from != to {
                guest.descriptors.open -= 1;
            }
            Ok(errno)
        })
    })?;
    linker.allow_shadowing(false);
    Ok(())
}

/// The guest's memory and the guest, as wiggle's own glue takes them.
fn parts<'a>(caller: &'a mut Caller<'_, Guest>) -> Result<(GuestMemory<'a>, &'a mut Guest)> {
    let export = caller.get_export("memory");
    let fuel = wasmtime::AsContextMut::as_context_mut(&mut *caller).hostcall_fuel();
    let Some(Extern::Memory(memory)) = export else {
        bail!("missing required memory export");
    };
    let (bytes, guest) = memory.data_and_store_mut(caller);
    guest.wasi.set_hostcall_fuel(fuel);
    Ok((GuestMemory::Unshared(bytes), guest))
}
