//! Compiled code, mapped from its file and linked: ready to be instantiated any number of times.

use crate::compile::Fault;
use crate::config::How;
use crate::engine::Engine;
use crate::guest::{Grants, Guest, Refused, Walls};
use crate::inspect::{Reason, Refusal};
use crate::task::{Memory, Outcome};
use std::path::Path;
use std::sync::Arc;
use wasmtime::component::Component;
use wasmtime::{Result, Store, Trap};
use wasmtime_wasi::{I32Exit, p2, p3};
use wasmtime_wasi_http::p2::bindings::ProxyPre;
use wasmtime_wasi_http::p3::bindings::ServicePre;

/// What imports are linked to.
pub struct Linkers {
    core: wasmtime::Linker<Guest>,
    component: wasmtime::component::Linker<Guest>,
}

impl Linkers {
    pub fn new(engine: &wasmtime::Engine) -> Result<Self> {
        let mut core = wasmtime::Linker::new(engine);
        crate::preview1::add_to_linker(&mut core)?;
        let mut component = wasmtime::component::Linker::new(engine);
        let mut options = p2::bindings::LinkOptions::default();
        options.network_error_code(true);
        p2::add_to_linker_with_options_async(&mut component, &options)?;
        p3::add_to_linker(&mut component)?;
        wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut component)?;
        wasmtime_wasi_http::p3::add_to_linker(&mut component)?;
        crate::names::add_to_linker(&mut component)?;
        Ok(Linkers { core, component })
    }
}

/// A module by what it can do.
pub enum Linked {
    Command(wasmtime::InstancePre<Guest>),
    Command2(p2::bindings::CommandPre<Guest>),
    Command3(p3::bindings::CommandPre<Guest>),
    Http2(ProxyPre<Guest>),
    Http3(ServicePre<Guest>),
}

pub struct Module {
    pub engine: Arc<Engine>,
    pub linked: Linked,
    pub how: How,
}

impl Module {
    pub fn load(engine: &Arc<Engine>, code: &Path, how: How) -> std::result::Result<Self, Fault> {
        let failed = |e: wasmtime::Error| Fault::Failed(format!("{}: {e:#}", code.display()));
        let wasmtime = engine.wasmtime(how).map_err(failed)?;
        let linkers = &wasmtime.linkers;
        let linked = match wasmtime::Engine::detect_precompiled_file(code).map_err(failed)? {
            // SAFETY: the caller promises that only our own compiler writes into its private folder (dunlin.h).
            Some(wasmtime::Precompiled::Module) => unsafe { wasmtime::Module::deserialize_file(&wasmtime.engine, code) }
                .map_err(|e| too_large(e, code))
                .and_then(|module| linkers.core.instantiate_pre(&module).map(Linked::Command).map_err(missing)),
            // SAFETY: as above.
            Some(wasmtime::Precompiled::Component) => unsafe { Component::deserialize_file(&wasmtime.engine, code) }
                .map_err(|e| too_large(e, code))
                .and_then(|component| link_component(linkers, &component)),
            None => Err(Fault::Failed(format!("{}: expected compiled code, found something else", code.display()))),
        }?;
        Ok(Module { engine: engine.clone(), linked, how })
    }

    /// A store with these grants and walls; or how the run that wanted it ends at once.
    pub fn store(
        &self,
        grants: &Grants,
        walls: &Walls,
        run: Arc<Memory>,
        app: Arc<Memory>,
    ) -> std::result::Result<Store<Guest>, Outcome> {
        let wasmtime = self.engine.wasmtime(self.how).map_err(|e| Outcome::Trapped(7, format!("{e:#}")))?;
        let store = self
            .engine
            .store(&wasmtime.engine, |live| Guest::new(grants, walls, &self.engine.budget, run, app, live))
            .map_err(|e| Outcome::Trapped(7, format!("{e:#}")))?;
        store.ok_or_else(|| Outcome::EngineBusy("expected room for one more instance, found as many as may live at once".into()))
    }
}

fn link_component(linkers: &Linkers, component: &Component) -> std::result::Result<Linked, Fault> {
    let pre = linkers.component.instantiate_pre(component).map_err(missing)?;
    ServicePre::new(pre.clone())
        .map(Linked::Http3)
        .or_else(|_| ProxyPre::new(pre.clone()).map(Linked::Http2))
        .or_else(|_| p3::bindings::CommandPre::new(pre.clone()).map(Linked::Command3))
        .or_else(|_| p2::bindings::CommandPre::new(pre).map(Linked::Command2))
        .map_err(|e| Fault::Refused(Refusal(Reason::NoEntryPoint, format!("{e:#}"))))
}

/// Sound code of a module that declares more than an instance's slots have is refused, not made anew.
fn too_large(e: wasmtime::Error, code: &Path) -> Fault {
    let message = format!("{e:#}");
    match message.rsplit_once("pooling allocator requirements: ") {
        Some((_, what)) => Fault::Refused(Refusal(Reason::TooLarge, format!("expected what fits into one instance: {what}"))),
        None => Fault::Failed(format!("{}: {message}", code.display())),
    }
}

fn missing(e: wasmtime::Error) -> Fault {
    Fault::Refused(Refusal(Reason::MissingImport, format!("{e:#}")))
}

/// How a run ended that wasmtime ended with an error, or that came to its end after its memory was refused.
pub fn outcome(store: &mut Store<Guest>, result: Result<Outcome>) -> Outcome {
    let refused = store.data().limiter.refused;
    match result {
        Ok(Outcome::Exited(0)) => Outcome::Exited(0),
        Ok(Outcome::Exited(_)) | Err(_) if refused.is_some() => {
            Outcome::OutOfMemory { engine_full: refused == Some(Refused::ByTheEngine) }
        }
        Ok(outcome) => outcome,
        Err(e) => ended_by(e),
    }
}

fn ended_by(e: wasmtime::Error) -> Outcome {
    if let Some(exit) = e.downcast_ref::<I32Exit>() {
        return Outcome::Exited(exit.0);
    }
    if let Some(trap) = e.downcast_ref::<Trap>() {
        return Outcome::Trapped(trap_number(*trap), trap.to_string());
    }
    if e.downcast_ref::<wasmtime::PoolConcurrencyLimitError>().is_some() {
        return Outcome::EngineBusy(format!("{e:#}"));
    }
    Outcome::Trapped(7, format!("{e:#}"))
}

/// dunlin.h's DUNLIN_TRAP_*
fn trap_number(trap: Trap) -> i32 {
    match trap {
        Trap::UnreachableCodeReached => 0,
        Trap::MemoryOutOfBounds | Trap::HeapMisaligned => 1,
        Trap::TableOutOfBounds => 2,
        Trap::IndirectCallToNull | Trap::BadSignature => 3,
        Trap::IntegerDivisionByZero => 4,
        Trap::IntegerOverflow | Trap::BadConversionToInteger => 5,
        Trap::StackOverflow => 6,
        _ => 7,
    }
}
