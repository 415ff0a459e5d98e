//! What a module is, and whether it can run here: told before anything is compiled.

use std::borrow::Cow;
use wasmparser::{ComponentExternalKind, Encoding, ExternalKind, Parser, Payload, TypeRef, Validator, WasmFeatures};

/// Larger modules are refused unseen.
const MAX_BYTES: usize = 256 << 20;
/// The functions of `wasi_snapshot_preview1`: a letter a parameter, i32 or I64; all but `proc_exit` give an i32.
const PREVIEW1: &[(&str, &str)] = &[
    ("args_get", "ii"),
    ("args_sizes_get", "ii"),
    ("clock_res_get", "ii"),
    ("clock_time_get", "iIi"),
    ("environ_get", "ii"),
    ("environ_sizes_get", "ii"),
    ("fd_advise", "iIIi"),
    ("fd_allocate", "iII"),
    ("fd_close", "i"),
    ("fd_datasync", "i"),
    ("fd_fdstat_get", "ii"),
    ("fd_fdstat_set_flags", "ii"),
    ("fd_fdstat_set_rights", "iII"),
    ("fd_filestat_get", "ii"),
    ("fd_filestat_set_size", "iI"),
    ("fd_filestat_set_times", "iIIi"),
    ("fd_pread", "iiiIi"),
    ("fd_prestat_dir_name", "iii"),
    ("fd_prestat_get", "ii"),
    ("fd_pwrite", "iiiIi"),
    ("fd_read", "iiii"),
    ("fd_readdir", "iiiIi"),
    ("fd_renumber", "ii"),
    ("fd_seek", "iIii"),
    ("fd_sync", "i"),
    ("fd_tell", "ii"),
    ("fd_write", "iiii"),
    ("path_create_directory", "iii"),
    ("path_filestat_get", "iiiii"),
    ("path_filestat_set_times", "iiiiIIi"),
    ("path_link", "iiiiiii"),
    ("path_open", "iiiiiIIii"),
    ("path_readlink", "iiiiii"),
    ("path_remove_directory", "iii"),
    ("path_rename", "iiiiii"),
    ("path_symlink", "iiiii"),
    ("path_unlink_file", "iii"),
    ("poll_oneoff", "iiii"),
    ("proc_exit", "i"),
    ("proc_raise", "i"),
    ("random_get", "ii"),
    ("sched_yield", ""),
    ("sock_accept", "iii"),
    ("sock_recv", "iiiiii"),
    ("sock_send", "iiiii"),
    ("sock_shutdown", "ii"),
];
const PACKAGES: &[&str] =
    &["wasi:cli/", "wasi:io/", "wasi:clocks/", "wasi:random/", "wasi:filesystem/", "wasi:sockets/", "wasi:http/"];

/// More names than these make no message clearer.
const NAMED: usize = 10;

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
    inspect_outlined(wasm).map(|(kind, _)| kind)
}

fn inspect_outlined(wasm: &[u8]) -> Result<(Kind, Outline), Refusal> {
    if wasm.len() > MAX_BYTES {
        return Err(Refusal(Reason::TooLarge, format!("expected at most {MAX_BYTES} bytes, found {}", wasm.len())));
    }
    if !wasm.starts_with(b"\0asm") {
        let begins: Vec<_> = wasm.iter().take(8).map(|b| format!("{b:02x}")).collect();
        return Err(Refusal(
            Reason::NotWasm,
            format!(
                "expected the bytes to begin with 00 61 73 6d, found {}",
                if begins.is_empty() { "none".into() } else { begins.join(" ") }
            ),
        ));
    }
    let outline = outline(wasm)?;
    validate(wasm)?;
    if outline.component {
        return component_kind(&outline).map(|kind| (kind, outline));
    }
    if outline.component_type {
        return component_kind(&outline.as_component()).map(|kind| (kind, outline));
    }
    let missing: Vec<_> = outline.imports.iter().filter_map(|import| import.missing()).collect();
    if !missing.is_empty() {
        return Err(Refusal(
            Reason::MissingImport,
            format!(
                "the module imports what nobody here provides: {}; provided are the functions of {}",
                abridged(&missing),
                crate::preview1::MODULE
            ),
        ));
    }
    if outline.start != Some(true) {
        return Err(no_command(&outline));
    }
    Ok((Kind::Command, outline))
}

/// The bytes to compile: a core module that says which component it is becomes that component.
pub fn to_compile(wasm: &[u8]) -> Result<(Kind, Cow<'_, [u8]>), Refusal> {
    let (kind, outline) = inspect_outlined(wasm)?;
    if outline.component || !outline.component_type {
        return Ok((kind, Cow::Borrowed(wasm)));
    }
    componentize(wasm, outline.exports.iter().any(|e| e == "_start")).map(|component| (kind, Cow::Owned(component)))
}

fn no_command(outline: &Outline) -> Refusal {
    let message = match outline.start {
        Some(_) => "expected the export _start to be a function without parameters and results".into(),
        None if outline.exports.is_empty() => "expected an exported function _start (a WASI command), found no exported function at all".into(),
        None if outline.exports.iter().any(|e| e == "_initialize") => {
            "expected an exported function _start (a WASI command), found _initialize: this is a reactor (a library); build it as a command".into()
        }
        None => format!(
            "expected an exported function _start (a WASI command), found only {}: this is a library; build it as a command",
            abridged(&outline.exports)
        ),
    };
    Refusal(Reason::NoEntryPoint, message)
}

#[derive(Default)]
struct Outline {
    component: bool,
    component_type: bool,
    /// Whether the export `_start`, if there is one, is a function without parameters and results.
    start: Option<bool>,
    imports: Vec<Import>,
    exports: Vec<String>,
}

/// An import of a core module; of a component only the name, which is the interface's.
struct Import {
    module: String,
    name: String,
    kind: &'static str,
    /// Of a function: as in [`PREVIEW1`], then `->` and the results.
    signature: String,
}

impl Import {
    fn interface(name: &str) -> Self {
        Import { module: String::new(), name: name.to_owned(), kind: "instance", signature: String::new() }
    }

    /// What to say of it when preview 1 has none such.
    fn missing(&self) -> Option<String> {
        let name = format!("{} {}.{}", self.kind, self.module, self.name);
        if self.module != crate::preview1::MODULE || self.kind != "function" {
            return Some(name);
        }
        let Some((_, parameters)) = PREVIEW1.iter().find(|(known, _)| *known == self.name) else {
            return Some(format!("{name} (no such function in preview 1)"));
        };
        let expected = format!("{parameters}->{}", if self.name == "proc_exit" { "" } else { "i" });
        (self.signature != expected).then(|| format!("{name} (as {}, it is {expected}; i: i32, I: i64)", self.signature))
    }
}

fn signature(function: &wasmparser::FuncType) -> String {
    let letters = |types: &[wasmparser::ValType]| -> String {
        types
            .iter()
            .map(|t| match t {
                wasmparser::ValType::I32 => 'i',
                wasmparser::ValType::I64 => 'I',
                _ => '?',
            })
            .collect()
    };
    format!("{}->{}", letters(function.params()), letters(function.results()))
}

impl Outline {
    /// As the component that this core module will be: the interfaces are in its functions' names (`INTERFACE#FUNCTION`).
    fn as_component(&self) -> Outline {
        let mut exports: Vec<_> =
            self.exports.iter().filter_map(|e| e.split_once('#')).map(|(interface, _)| interface.to_owned()).collect();
        if self.exports.iter().any(|e| e == "_start") {
            exports.push("wasi:cli/run@0.2.0".into());
        }
        let interfaces = self.imports.iter().filter(|import| import.module.contains(':') && import.module.contains('/'));
        let imports = interfaces.map(|import| Import::interface(&import.module)).collect();
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
                            types.push(match &ty.composite_type.inner {
                                wasmparser::CompositeInnerType::Func(function) => signature(function),
                                _ => String::new(),
                            });
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
                        let (kind, signature) = match import.ty {
                            TypeRef::Func(ty) => {
                                functions.push(ty);
                                ("function", types.get(ty as usize).cloned().unwrap_or_default())
                            }
                            TypeRef::Table(_) => ("table", String::new()),
                            TypeRef::Memory(_) => ("memory", String::new()),
                            TypeRef::Global(_) => ("global", String::new()),
                            _ => ("tag", String::new()),
                        };
                        let (module, name) = (import.module.to_owned(), import.name.to_owned());
                        found.imports.push(Import { module, name, kind, signature });
                    }
                }
                Payload::ExportSection(section) if depth == 1 => {
                    for export in section {
                        let export = export?;
                        let function = export.kind == ExternalKind::Func;
                        if export.name == "_start" {
                            let ty = functions.get(export.index as usize).and_then(|ty| types.get(*ty as usize));
                            found.start = Some(function && ty.is_some_and(|ty| ty == "->"));
                        }
                        if function {
                            found.exports.push(export.name.to_owned());
                        }
                    }
                }
                Payload::ComponentImportSection(section) if depth == 1 => {
                    for import in section {
                        found.imports.push(Import::interface(import?.name.name));
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
    let missing: Vec<_> = outline.imports.iter().map(|import| &import.name).filter(|name| !is_linked(name)).cloned().collect();
    if !missing.is_empty() {
        return Err(Refusal(
            Reason::MissingImport,
            format!(
                "the component imports what nobody here provides: {}; provided are the interfaces of WASI 0.2 and 0.3",
                abridged(&missing)
            ),
        ));
    }
    let exports = |interface: &str| outline.exports.iter().any(|e| e.starts_with(interface));
    if exports("wasi:http/incoming-handler@0.2.") || exports("wasi:http/handler@0.3.") {
        Ok(Kind::HttpComponent)
    } else if exports("wasi:cli/run@0.2.") || exports("wasi:cli/run@0.3.") {
        Ok(Kind::CommandComponent)
    } else {
        Err(Refusal(
            Reason::NoEntryPoint,
            format!(
                "expected an export wasi:cli/run, wasi:http/incoming-handler (0.2) or wasi:http/handler (0.3), found {}",
                abridged(&outline.exports)
            ),
        ))
    }
}

fn is_linked(interface: &str) -> bool {
    let version = interface.split_once('@').map_or("", |(_, version)| version);
    let track = version.starts_with("0.2.") || version.starts_with("0.3.");
    track && PACKAGES.iter().any(|package| interface.starts_with(package))
}

fn abridged(names: &[String]) -> String {
    match names.len() {
        0 => "none".into(),
        n if n > NAMED => format!("{} and {} more", names[..NAMED].join(", "), n - NAMED),
        _ => names.join(", "),
    }
}

/// As Spin's SDKs up to 5 leave it to their host: a core module of preview 1 with the component's type beside it.
fn componentize(wasm: &[u8], command: bool) -> Result<Vec<u8>, Refusal> {
    use wasi_preview1_component_adapter_provider as adapter;
    let bytes =
        if command { adapter::WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER } else { adapter::WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER };
    wit_component::ComponentEncoder::default()
        .module(wasm)
        .and_then(|e| e.adapter(adapter::WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, bytes))
        .and_then(|mut e| e.encode())
        .map_err(|e| Refusal(Reason::Invalid, format!("its component-type section does not make it a component: {e:#}")))
}
