//! Compiles a module into a file: in a process of its own, which may take long, and which may be ended.

use crate::config::{self, How};
use crate::inspect::{Reason, Refusal, to_compile};
use std::fs::{File, rename};
use std::io::Write;
use std::path::Path;

/// Why no code was made, or a file of it not taken.
#[derive(Debug)]
pub enum Fault {
    Refused(Refusal),
    /// I/O, with its path; or the engine.
    Failed(String),
}

/// Compiles the module at `wasm` to `code`. `code` is whole or not there.
pub fn compile(wasm: &Path, code: &Path, how: How) -> Result<(), Fault> {
    let at = |path: &Path| {
        let path = path.display().to_string();
        move |e: std::io::Error| Fault::Failed(format!("{path}: {e}"))
    };
    let bytes = std::fs::read(wasm).map_err(at(wasm))?;
    let serialized = serialize(&bytes, how)?;
    let partial = code.with_extension("partial");
    let mut file = File::create(&partial).map_err(at(&partial))?;
    file.write_all(&serialized).and_then(|()| file.sync_all()).map_err(at(&partial))?;
    rename(&partial, code).map_err(at(code))
}

fn serialize(bytes: &[u8], how: How) -> Result<Vec<u8>, Fault> {
    let (kind, bytes) = to_compile(bytes).map_err(Fault::Refused)?;
    let engine = config::compiler(how).map_err(|e| Fault::Failed(format!("{e:#}")))?;
    let compiled = match kind {
        crate::inspect::Kind::Command => engine.precompile_module(&bytes),
        _ => engine.precompile_component(&bytes),
    };
    // The module is valid: what remains are things that this compiler cannot do, or sizes that it will not.
    compiled.map_err(|e| {
        let message = format!("{e:#}");
        let size = message.contains("too large") || message.contains("mplementation limit");
        Fault::Refused(Refusal(if size { Reason::TooLarge } else { Reason::UnsupportedFeature }, message))
    })
}

/// A process that only compiles gives way to all others.
pub fn be_modest() {
    // SAFETY: a plain system call; its failure only makes the process less modest.
    unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, 10) };
}
