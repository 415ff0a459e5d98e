//! What a module is, and whether it can run here: told before anything is compiled.

use std::borrow::Cow;
use wasmparser::{ComponentExternalKind, Encoding, ExternalKind, Parser, Payload, TypeRef, Validator, WasmFeatures};

/// Larger modules are refused unseen.
const MAX_BYTES: usize = 256 << 20;
/// What wasmtime-wasi links, of `wasi_snapshot_preview1`.
const PREVIEW1: &[&str] = &[
    "args_get", "args_sizes_get", "environ_get", "environ_sizes_get", "clock_res_get", "clock_time_get", "fd_advise",
    "fd_allocate", "fd_close", "fd_datasync", "fd_fdstat_get", "fd_fdstat_set_flags", "fd_fdstat_set_rights",
    "fd_filestat_get", "fd_filestat_set_size", "fd_filestat_set_times", "fd_pread", "fd_prestat_get",
    "fd_prestat_dir_name", "fd_pwrite", "fd_read", "fd_readdir", "fd_renumber", "fd_seek", "fd_sync", "fd_tell",
    "fd_write", "path_create_directory", "path_filestat_get", "path_filestat_set_times", "path_link", "path_open",
    "path_readlink", "path_remove_directory", "path_rename", "path_symlink", "path_unlink_file", "poll_oneoff",
    "proc_exit", "proc_raise", "sched_yield", "random_get", "sock_accept", "sock_recv", "sock_send", "sock_shutdown",
];
const PACKAGES: &[&str] = &["wasi:cli/", "wasi:io/", "wasi:clocks/", "wasi:random/", "wasi:filesystem/", "wasi:sockets/", "wasi:http/"];

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    Command = 1,
    CommandComponent = 2,
    HttpComponent = 3,
}

/// Why a module is refused; the numbers are dunlin.h's.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Reason {
    NotWasm = -20,
    Malformed = -21,
    Invalid = -22,
    MissingImport = -23,
    NoEntryPoint = -24,
    UnsupportedFeature = -25,
    TooLarge = -26,
}

#[derive(Debug)]
pub struct Refusal(pub Reason, pub String);

/// What this module is. Cheap enough, and careful enough, for the process that runs guests.
pub fn inspect(wasm: &[u8]) -> Result<Kind, Refusal> {
    if wasm.len() > MAX_BYTES {
        return Err(Refusal(Reason::TooLarge, format!("expected at most {MAX_BYTES} bytes, found {}", wasm.len())));
    }
    if !wasm.starts_with(b"\0asm") {
        let begins: Vec<_> = wasm.iter().take(8).map(|b| format!("{b:02x}")).collect();
        return Err(Refusal(
            Reason::NotWasm,
            format!("expected the bytes to begin with 00 61 73 6d, found {}", if begins.is_empty() { "none".into() } else { begins.join(" ") }),
        ));
    }
    let outline = outline(wasm)?;
    validate(wasm)?;
    if outline.component {
        return component_kind(&outline);
    }
    if outline.component_type {
        return component_kind(&outline.as_component());
    }
    for (module, name) in &outline.imports {
        if module != crate::preview1::MODULE || !PREVIEW1.contains(&name.as_str()) {
            return Err(Refusal(
                Reason::MissingImport,
                format!("import {module}.{name}: expected one of WASI preview 1 ({}), found another", crate::preview1::MODULE),
            ));
        }
    }
    if !outline.start {
        return Err(Refusal(
            Reason::NoEntryPoint,
            format!("expected an exported function _start without parameters and results, found {}", named(&outline.exports)),
        ));
    }
    Ok(Kind::Command)
}

/// The bytes to compile: a core module that says which component it is becomes that component.
pub fn to_compile(wasm: &[u8]) -> Result<(Kind, Cow<'_, [u8]>), Refusal> {
    let kind = inspect(wasm)?;
    let outline = outline(wasm)?;
    if outline.component || !outline.component_type {
        return Ok((kind, Cow::Borrowed(wasm)));
    }
    componentize(wasm, outline.exports.iter().any(|e| e == "_start")).map(|component| (kind, Cow::Owned(component)))
}

#[derive(Default)]
struct Outline {
    component: bool,
    component_type: bool,
    start: bool,
    imports: Vec<(String, String)>,
    exports: Vec<String>,
}

impl Outline {
    /// As the component that this core module will be: the interfaces are in its functions' names (`INTERFACE#FUNCTION`).
    fn as_component(&self) -> Outline {
        let mut exports: Vec<_> = self.exports.iter().filter_map(|e| e.split_once('#')).map(|(interface, _)| interface.to_owned()).collect();
        if self.exports.iter().any(|e| e == "_start") {
            exports.push("wasi:cli/run@0.2.0".into());
        }
        let interfaces = self.imports.iter().filter(|(module, _)| module.contains(':') && module.contains('/'));
        let imports = interfaces.map(|(module, _)| (String::new(), module.clone())).collect();
        Outline { component: true, imports, exports, ..Outline::default() }
    }
}

fn outline(wasm: &[u8]) -> Result<Outline, Refusal> {
    let mut found = Outline::default();
    let mut depth = 0;
    let (mut types, mut functions) = (Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        let read = || -> wasmparser::Result<()> {
            match payload? {
                Payload::Version { encoding, .. } => {
                    found.component |= depth == 0 && encoding == Encoding::Component;
                    depth += 1;
                }
                Payload::End(_) => depth -= 1,
                Payload::CustomSection(section) if depth == 1 => {
                    found.component_type |= section.name().starts_with("component-type");
                }
                Payload::TypeSection(section) if depth == 1 => {
                    for group in section {
                        for ty in group?.into_types() {
                            types.push(matches!(&ty.composite_type.inner, wasmparser::CompositeInnerType::Func(f) if f.params().is_empty() && f.results().is_empty()));
                        }
                    }
                }
                Payload::FunctionSection(section) if depth == 1 => {
                    for ty in section {
                        functions.push(ty?);
                    }
                }
                Payload::ImportSection(section) if depth == 1 => {
                    for import in section.into_imports() {
                        let import = import?;
                        if let TypeRef::Func(ty) = import.ty {
                            functions.push(ty);
                        }
                        found.imports.push((import.module.to_owned(), import.name.to_owned()));
                    }
                }
                Payload::ExportSection(section) if depth == 1 => {
                    for export in section {
                        let export = export?;
                        if export.name == "_start" && export.kind == ExternalKind::Func {
                            let ty = functions.get(export.index as usize).and_then(|ty| types.get(*ty as usize));
                            found.start = ty == Some(&true);
                        }
                        found.exports.push(export.name.to_owned());
                    }
                }
                Payload::ComponentImportSection(section) if depth == 1 => {
                    for import in section {
                        found.imports.push((String::new(), import?.name.name.to_owned()));
                    }
                }
                Payload::ComponentExportSection(section) if depth == 1 => {
                    for export in section {
                        let export = export?;
                        if export.kind == ComponentExternalKind::Instance {
                            found.exports.push(export.name.name.to_owned());
                        }
                    }
                }
                _ => {}
            }
            Ok(())
        };
        read().map_err(|e| Refusal(Reason::Malformed, e.to_string()))?;
    }
    Ok(found)
}

/// The features that [`crate::config::config`] switches on for optimized code.
fn features() -> WasmFeatures {
    let off = WasmFeatures::THREADS | WasmFeatures::SHARED_EVERYTHING_THREADS | WasmFeatures::LEGACY_EXCEPTIONS;
    (WasmFeatures::default()
        | WasmFeatures::CM_ASYNC
        | WasmFeatures::CM_ASYNC_STACKFUL
        | WasmFeatures::CM_MORE_ASYNC_BUILTINS
        | WasmFeatures::MULTI_MEMORY
        | WasmFeatures::MEMORY64
        | WasmFeatures::GC
        | WasmFeatures::EXCEPTIONS
        | WasmFeatures::FUNCTION_REFERENCES
        | WasmFeatures::TAIL_CALL
        | WasmFeatures::RELAXED_SIMD
        | WasmFeatures::EXTENDED_CONST)
        & !off
}

fn validate(wasm: &[u8]) -> Result<(), Refusal> {
    let Err(e) = Validator::new_with_features(features()).validate_all(wasm) else {
        return Ok(());
    };
    // What is valid with everything switched on, only wants something that is switched off here.
    let reason = match Validator::new_with_features(WasmFeatures::all()).validate_all(wasm) {
        Ok(_) => Reason::UnsupportedFeature,
        Err(_) => Reason::Invalid,
    };
    Err(Refusal(reason, e.to_string()))
}

fn component_kind(outline: &Outline) -> Result<Kind, Refusal> {
    for (_, name) in &outline.imports {
        let version = name.split_once('@').map_or("", |(_, version)| version);
        let track = version.starts_with("0.2.") || version.starts_with("0.3.");
        if !track || !PACKAGES.iter().any(|package| name.starts_with(package)) {
            return Err(Refusal(Reason::MissingImport, format!("import {name}: expected an interface of WASI 0.2 or 0.3, found another")));
        }
    }
    let exports = |interface: &str| outline.exports.iter().any(|e| e.starts_with(interface));
    if exports("wasi:http/incoming-handler@0.2.") || exports("wasi:http/handler@0.3.") {
        Ok(Kind::HttpComponent)
    } else if exports("wasi:cli/run@0.2.") || exports("wasi:cli/run@0.3.") {
        Ok(Kind::CommandComponent)
    } else {
        Err(Refusal(
            Reason::NoEntryPoint,
            format!("expected an export wasi:cli/run, wasi:http/incoming-handler (0.2) or wasi:http/handler (0.3), found {}", named(&outline.exports)),
        ))
    }
}

fn named(exports: &[String]) -> String {
    match exports.len() {
        0 => "no exports".into(),
        n if n > 10 => format!("{}, ... ({n} in all)", exports[..10].join(", ")),
        _ => exports.join(", "),
    }
}

/// As Spin's SDKs up to 5 leave it to their host: a core module of preview 1 with the component's type beside it.
fn componentize(wasm: &[u8], command: bool) -> Result<Vec<u8>, Refusal> {
    use wasi_preview1_component_adapter_provider as adapter;
    let bytes = if command {
        adapter::WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER
    } else {
        adapter::WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER
    };
    wit_component::ComponentEncoder::default()
        .module(wasm)
        .and_then(|e| e.adapter(adapter::WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, bytes))
        .and_then(|mut e| e.encode())
        .map_err(|e| Refusal(Reason::Invalid, format!("its component-type section does not make it a component: {e:#}")))
}
