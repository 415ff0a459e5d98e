//! What a store holds: a guest's WASI, and the walls around its memory.

use crate::config::TABLE_SLOT_ELEMENTS;
use crate::engine::Live;
use crate::pipe::{Input, Output};
use crate::task::Memory;
use dunlin_core::network::{Network, Policy};
use dunlin_core::outbound::Outbound;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use wasmtime::{ResourceLimiter, Result};
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::sockets::SocketAddrUse;
use wasmtime_wasi::{FsPerms, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

/// What a guest is given, with its folders opened once.
pub struct Grants {
    pub args: Vec<String>,
    pub env: Vec<(String, String)>,
    pub directories: Vec<(PathBuf, String, bool)>,
    pub policy: Arc<Policy>,
    pub outbound: Arc<Outbound>,
}

/// The walls of a run.
#[derive(Clone)]
pub struct Walls {
    pub memory_bytes: u64,
    pub open_files: u32,
    pub instances: u32,
}

/// Bytes of memory that all guests of an engine may have together.
pub struct Budget {
    used: AtomicU64,
    limit: u64,
}

impl Budget {
    pub fn new(limit: u64) -> Self {
        Budget { used: AtomicU64::new(0), limit: if limit == 0 { u64::MAX } else { limit } }
    }

    pub fn used(&self) -> u64 {
        self.used.load(Relaxed)
    }

    fn take(&self, bytes: u64) -> bool {
        self.used.fetch_update(Relaxed, Relaxed, |used| used.checked_add(bytes).filter(|sum| *sum <= self.limit)).is_ok()
    }

    fn give_back(&self, bytes: u64) {
        self.used.fetch_sub(bytes, Relaxed);
    }
}

/// Which wall refused memory.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Refused {
    ByItsLimit,
    ByTheEngine,
}

/// Counts linear memory and tables of one store against its own limit and the engine's.
pub struct Limiter {
    max_bytes: u64,
    instances: usize,
    used: u64,
    last_grant: u64,
    pub refused: Option<Refused>,
    budget: Arc<Budget>,
    /// Where the run's own use can be read.
    run: Arc<Memory>,
    /// Where the use of all runs of an app can be read.
    app: Arc<Memory>,
}

/// What a table element costs here: a pointer.
const ELEMENT_BYTES: u64 = 8;
/// Components link many small memories and tables; these only end a flood of empty ones.
const MAX_MEMORIES: usize = 1_000;
const MAX_TABLES: usize = 10_000;

impl Limiter {
    /// The next run on the same instance begins with what the instance has.
    pub fn count_for(&mut self, run: Arc<Memory>) {
        run.0.store(self.used, Relaxed);
        self.run = run;
        self.refused = None;
    }

    fn grow(&mut self, bytes: u64) -> bool {
        if self.used.saturating_add(bytes) > self.max_bytes {
            self.refused = Some(Refused::ByItsLimit);
            return false;
        }
        if !self.budget.take(bytes) {
            self.refused = Some(Refused::ByTheEngine);
            return false;
        }
        self.used += bytes;
        self.last_grant = bytes;
        self.app.0.fetch_add(bytes, Relaxed);
        self.run.0.store(self.used, Relaxed);
        true
    }

    /// The engine could not give what was granted.
    fn undo(&mut self) {
        self.used -= self.last_grant;
        self.budget.give_back(self.last_grant);
        self.app.0.fetch_sub(self.last_grant, Relaxed);
        self.last_grant = 0;
        self.run.0.store(self.used, Relaxed);
    }
}

impl Drop for Limiter {
    fn drop(&mut self) {
        self.budget.give_back(self.used);
        self.app.0.fetch_sub(self.used, Relaxed);
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        Ok(maximum.is_none_or(|max| desired <= max) && self.grow((desired - current) as u64))
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        // A table without a maximum of its own has the slot's: that is a wall, and not the module's wish.
        if desired > TABLE_SLOT_ELEMENTS && maximum.is_none_or(|max| max >= TABLE_SLOT_ELEMENTS) {
            self.refused = Some(Refused::ByItsLimit);
            return Ok(false);
        }
        Ok(maximum.is_none_or(|max| desired <= max) && self.grow((desired - current) as u64 * ELEMENT_BYTES))
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> Result<()> {
        self.undo();
        Ok(())
    }

    fn table_grow_failed(&mut self, _: wasmtime::Error) -> Result<()> {
        self.undo();
        Ok(())
    }

    fn instances(&self) -> usize {
        self.instances
    }

    fn memories(&self) -> usize {
        MAX_MEMORIES
    }

    fn tables(&self) -> usize {
        MAX_TABLES
    }
}

/// The data of a store.
pub struct Guest {
    pub wasi: WasiP1Ctx,
    http: WasiHttpCtx,
    pub hooks: crate::outgoing::Hooks,
    pub network: Arc<Network>,
    pub limiter: Limiter,
    pub stdin: Input,
    pub stdout: Output,
    pub stderr: Output,
    pub descriptors: crate::preview1::Descriptors,
    _live: Live,
}

/// Resources that a component may hold beside its open files: streams, pollables, header fields.
const MAX_OTHER_RESOURCES: usize = 4_096;

impl Guest {
    /// Errors: a granted folder that cannot be opened.
    pub fn new(
        grants: &Grants,
        walls: &Walls,
        budget: &Arc<Budget>,
        run: Arc<Memory>,
        app: Arc<Memory>,
        live: Live,
    ) -> Result<Self> {
        let (stdin, stdout, stderr) = (Input::default(), Output::default(), Output::default());
        let network = Arc::new(Network::new(grants.policy.clone()));
        let mut builder = WasiCtxBuilder::new();
        builder.args(&grants.args).envs(&grants.env).stdin(stdin.clone()).stdout(stdout.clone()).stderr(stderr.clone());
        for (host, guest, read_only) in &grants.directories {
            let perms = if *read_only { FsPerms::ReadOnly } else { FsPerms::ReadWrite };
            builder
                .preopened_dir(host, guest, perms)
                .map_err(|e| wasmtime::format_err!("granted folder {}: {e}", host.display()))?;
        }
        let open = !grants.policy.is_empty();
        builder.allow_tcp(open).allow_udp(open).allow_ip_name_lookup(open);
        if open {
            let network = network.clone();
            builder.socket_addr_check(move |address, reason| {
                let allowed = match reason {
                    SocketAddrUse::TcpConnect | SocketAddrUse::UdpSend | SocketAddrUse::UdpReceive => network.allows(address),
                    SocketAddrUse::TcpBind | SocketAddrUse::UdpBind => {
                        (address.ip().is_unspecified() && address.port() == 0) || network.policy.allows_listening(address)
                    }
                    SocketAddrUse::TcpListen => network.policy.allows_listening(address),
                    SocketAddrUse::TcpAccept => address.ip().is_loopback(),
                };
                Box::pin(std::future::ready(allowed))
            });
        }
        let mut wasi = builder.build_p1();
        wasi.ctx().table.set_max_capacity(walls.open_files as usize + MAX_OTHER_RESOURCES);
        Ok(Guest {
            wasi,
            http: WasiHttpCtx::new(),
            hooks: crate::outgoing::Hooks::new(network.clone(), grants.outbound.clone()),
            network,
            limiter: Limiter {
                max_bytes: walls.memory_bytes,
                instances: walls.instances as usize,
                used: 0,
                last_grant: 0,
                refused: None,
                budget: budget.clone(),
                run,
                app,
            },
            stdin,
            stdout,
            stderr,
            descriptors: crate::preview1::Descriptors::new(walls.open_files, grants.directories.len()),
            _live: live,
        })
    }
}

impl WasiView for Guest {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        self.wasi.ctx()
    }
}

impl WasiHttpView for Guest {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { hooks: &mut self.hooks, table: self.wasi.ctx().table, ctx: &mut self.http }
    }
}
