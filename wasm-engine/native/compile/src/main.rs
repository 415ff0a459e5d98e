//! `dunlin-compile LIBRARY WASM CODE HOW [MEMORY_BYTES CPU_SECONDS]`: opens the library and has it compile one module.
//!
//! A process of its own, so that a compilation can be ended at any time, takes no more memory than it may, gives way
//! to everything else on the machine, and is the first to go when memory is short.

use std::ffi::{CStr, CString, c_char, c_int};
use std::os::unix::fs::FileTypeExt;
use std::process::exit;

type CompileMain = unsafe extern "C" fn(c_int, *const *const c_char) -> c_int;

const USAGE: &str = "usage: dunlin-compile LIBRARY WASM CODE HOW [MEMORY_BYTES CPU_SECONDS]";
/// As /proc/self/oom_score_adj has it: before all others.
const FIRST_TO_GO: &str = "1000";
const LOWEST_PRIORITY: c_int = 19;
const BAD_ARGUMENT: c_int = 4;
const FAILED: c_int = 6;

fn main() {
    end_with_parent();
    let arguments: Vec<CString> = std::env::args_os()
        .map(|a| CString::new(std::os::unix::ffi::OsStringExt::into_vec(a)).expect("arguments have no NUL"))
        .collect();
    if arguments.len() < 5 {
        fail(BAD_ARGUMENT, USAGE);
    }
    give_way();
    for (text, resource) in arguments[5..].iter().zip([libc::RLIMIT_DATA, libc::RLIMIT_CPU]) {
        match text.to_str().ok().and_then(|t| t.parse().ok()) {
            Some(most) => limit(resource, most),
            None => fail(BAD_ARGUMENT, USAGE),
        }
    }
    limit(libc::RLIMIT_CORE, 0);
    let compile = open(&arguments[1]);
    let mut pointers: Vec<*const c_char> = arguments[2..5].iter().map(|a| a.as_ptr()).collect();
    pointers.push(std::ptr::null());
    // SAFETY: dunlin.h gives the function this type; the arguments outlive the call.
    exit(unsafe { compile(3, pointers.as_ptr()) });
}

/// Nobody waits for code once the agent has gone, and then its end of our standard input closes. (PR_SET_PDEATHSIG
/// would tell of the end of the agent's *thread* that started us, which may be any of a pool.)
fn end_with_parent() {
    if !std::fs::metadata("/proc/self/fd/0").is_ok_and(|stdin| stdin.file_type().is_fifo()) {
        return; // started by hand
    }
    std::thread::spawn(|| {
        let ended = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        fail(FAILED, &format!("whoever started this has gone: {ended:?}"));
    });
}

fn give_way() {
    // SAFETY: takes numbers only.
    unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, LOWEST_PRIORITY) };
    // Both are wishes: compiling goes on where the machine grants them not.
    if let Err(e) = std::fs::write("/proc/self/oom_score_adj", FIRST_TO_GO) {
        eprintln!("dunlin-compile: oom_score_adj stays as it is: {e}");
    }
}

/// Beyond it an allocation fails and the process aborts, or a signal ends it.
fn limit(resource: libc::__rlimit_resource_t, most: libc::rlim_t) {
    // A second above the soft limit, for a signal that says which limit it was.
    let limit = libc::rlimit { rlim_cur: most, rlim_max: most.saturating_add(1) };
    // SAFETY: the structure lives through the call.
    if unsafe { libc::setrlimit(resource, &limit) } != 0 {
        eprintln!("dunlin-compile: no limit: {}", std::io::Error::last_os_error());
    }
}

fn open(library: &CStr) -> CompileMain {
    // SAFETY: the library is the agent's own, and the symbol has the type that dunlin.h gives it.
    unsafe {
        let handle = libc::dlopen(library.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL);
        if handle.is_null() {
            fail(FAILED, &last_error());
        }
        let symbol = libc::dlsym(handle, c"dunlin_compile_main".as_ptr());
        if symbol.is_null() {
            fail(FAILED, &last_error());
        }
        std::mem::transmute::<*mut libc::c_void, CompileMain>(symbol)
    }
}

fn last_error() -> String {
    // SAFETY: dlerror gives NULL or text that lasts until the next call.
    unsafe {
        let text = libc::dlerror();
        if text.is_null() { "dlopen failed".into() } else { CStr::from_ptr(text).to_string_lossy().into_owned() }
    }
}

fn fail(code: c_int, why: &str) -> ! {
    eprintln!("dunlin-compile: {why}");
    exit(code)
}
