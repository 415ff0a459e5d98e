//! WASI preview 1 as wasmtime-wasi has it, with what that leaves out: a wall for open files, and every exit code.

use crate::guest::Guest;
use std::task::Poll;
use wasmtime::{Caller, Extern, Linker, Result, Trap, bail};
use wasmtime_wasi::I32Exit;
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::p1::wasi_snapshot_preview1::{self as p1, WasiSnapshotPreview1};
use wiggle::GuestMemory;

pub const MODULE: &str = "wasi_snapshot_preview1";
const SUCCESS: i32 = 0;
/// `errno.acces`, `errno.mfile`
const ACCES: i32 = 2;
const MFILE: i32 = 33;
/// `filestat`: its size, where its file type is, and the types that can be opened without waiting.
const FILESTAT_BYTES: usize = 64;
const FILESTAT_KIND: usize = 16;
const DIRECTORY: u8 = 3;
const REGULAR_FILE: u8 = 4;
const SYMBOLIC_LINK: u8 = 7;
const RANDOM_CHUNK: usize = 1 << 20;

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
                if !opens(wasi, &mut memory, fd, dirflags, path, len).await? {
                    return Ok(ACCES);
                }
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
    linker.func_wrap_async(MODULE, "random_get", |mut caller: Caller<'_, Guest>, (at, len): (i32, i32)| {
        Box::new(async move {
            let Some(Extern::Memory(memory)) = caller.get_export("memory") else {
                bail!("missing required memory export");
            };
            let (at, len) = (at as u32 as usize, len as u32 as usize);
            if memory.data(&caller).get(at..at + len).is_none() {
                return Err(Trap::MemoryOutOfBounds.into());
            }
            // In parts, so that others run and a deadline ends it in between.
            for begin in (at..at + len).step_by(RANDOM_CHUNK) {
                let end = (begin + RANDOM_CHUNK).min(at + len);
                fill_random(&mut memory.data_mut(&mut caller)[begin..end])?;
                if end < at + len {
                    yield_now().await;
                }
            }
            Ok(SUCCESS)
        })
    })?;
    linker.allow_shadowing(false);
    Ok(())
}

/// Whether a path may be opened: not a pipe, a device or a socket, whose opening can wait for ever. No guest can make
/// one, so that none can appear between this look and the opening.
async fn opens(wasi: &mut WasiP1Ctx, memory: &mut GuestMemory<'_>, fd: i32, dirflags: i32, path: i32, len: i32) -> Result<bool> {
    let GuestMemory::Unshared(bytes) = memory else {
        bail!("a shared memory has no guest here");
    };
    // The guest lends a place for the answer, and gets it back as it was.
    let path_range = path as u32 as usize..path as u32 as usize + len as u32 as usize;
    let place = [0, FILESTAT_BYTES, bytes.len().saturating_sub(FILESTAT_BYTES) & !7]
        .into_iter()
        .find(|at| at + FILESTAT_BYTES <= bytes.len() && (path_range.end <= *at || path_range.start >= at + FILESTAT_BYTES));
    let Some(place) = place else {
        return Ok(true);
    };
    let mut lent = [0; FILESTAT_BYTES];
    lent.copy_from_slice(&bytes[place..place + FILESTAT_BYTES]);
    let errno = p1::path_filestat_get(wasi, memory, fd, dirflags, path, len, place as i32).await?;
    let GuestMemory::Unshared(bytes) = memory else {
        bail!("a shared memory has no guest here");
    };
    let kind = bytes[place + FILESTAT_KIND];
    bytes[place..place + FILESTAT_BYTES].copy_from_slice(&lent);
    Ok(errno != SUCCESS || [DIRECTORY, REGULAR_FILE, SYMBOLIC_LINK].contains(&kind))
}

fn fill_random(mut target: &mut [u8]) -> Result<()> {
    while !target.is_empty() {
        // SAFETY: the pointer and the length are those of target.
        let n = unsafe { libc::getrandom(target.as_mut_ptr().cast(), target.len(), 0) };
        if n < 0 {
            let e = std::io::Error::last_os_error();
            if e.kind() != std::io::ErrorKind::Interrupted {
                return Err(e.into());
            }
        } else {
            target = &mut target[n as usize..];
        }
    }
    Ok(())
}

/// Lets the scheduler choose who runs next.
async fn yield_now() {
    let mut yielded = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
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
