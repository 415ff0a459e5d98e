//! The settings of wasmtime: the same for compiling and for running, or compiled code would not fit.

use sha2::{Digest, Sha256};
use std::hash::Hasher;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Result, Strategy};

/// The wasmtime that this crate is built with.
pub const WASMTIME_VERSION: &str = "48.0.8";

/// How code is made.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum How {
    /// Cranelift: takes long, runs fast.
    Optimized,
    /// Winch: takes a fraction of that, runs several times slower.
    Baseline,
}

impl How {
    /// From dunlin.h's number.
    pub fn of(number: i32) -> Option<Self> {
        match number {
            0 => Some(How::Optimized),
            1 => Some(How::Baseline),
            _ => None,
        }
    }
}

/// A guest's native stack; a deeper recursion is a trap.
const WASM_STACK_BYTES: usize = 1 << 20;
const FIBER_STACK_BYTES: usize = 2 << 20;
/// A memory may grow to what 32 bits can address: whole slots need no bounds checks.
const MEMORY_SLOT_BYTES: usize = 1 << 32;
/// Elements of a table slot; 8 bytes each, of address space until they are used.
pub const TABLE_SLOT_ELEMENTS: usize = 1 << 20;
/// Python's components link 75 core instances.
const CORE_INSTANCES_PER_COMPONENT: u32 = 1_000;

/// What a slot keeps between two guests, cleaned; of memory only in up to a hundred slots.
const RESIDENT_MEMORY_BYTES: usize = 1 << 20;
const RESIDENT_TABLE_BYTES: usize = 64 << 10;
const RESIDENT_STACK_BYTES: usize = 32 << 10;

/// `stores`: how many guests may live at once. It does not change the code.
pub fn config(how: How, stores: u32) -> Config {
    let mut config = Config::new();
    let full = how == How::Optimized;
    config
        .strategy(if full { Strategy::Cranelift } else { Strategy::Winch })
        .epoch_interruption(true)
        .max_wasm_stack(WASM_STACK_BYTES)
        .async_stack_size(FIBER_STACK_BYTES)
        // A trap on the hot path costs no walk of the stack.
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false)
        .wasm_component_model(true)
        .wasm_component_model_async(true)
        .wasm_component_model_async_stackful(full)
        .wasm_component_model_more_async_builtins(full)
        .wasm_threads(false)
        .wasm_tail_call(full)
        .wasm_relaxed_simd(full)
        .wasm_function_references(full)
        .wasm_gc(full)
        .wasm_exceptions(full)
        .wasm_memory64(full)
        .wasm_extended_const(true)
        .wasm_multi_memory(true)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(stores)));
    config
}

fn pool(stores: u32) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(stores)
        .total_core_instances(stores.saturating_mul(25))
        .total_memories(stores.saturating_mul(2))
        .total_tables(stores.saturating_mul(4))
        .total_stacks(stores)
        .total_gc_heaps(stores.min(1_000))
        .max_memory_size(MEMORY_SLOT_BYTES)
        .table_elements(TABLE_SLOT_ELEMENTS)
        .max_core_instance_size(64 << 20)
        .max_component_instance_size(64 << 20)
        .max_core_instances_per_component(CORE_INSTANCES_PER_COMPONENT)
        .max_memories_per_component(100)
        .max_tables_per_component(1_000)
        .max_memories_per_module(100)
        .max_tables_per_module(100)
        // A slot is free at once: one that waited would keep the code of a module that has gone.
        .decommit_batch_size(1);
    // With this ioctl (Linux 6.7) only the pages that a guest wrote are made new, in place. That halves the cost of a
    // fresh instance; without it (an older kernel, or a sandbox), keeping memory would mean writing all of it.
    if PoolingAllocationConfig::is_pagemap_scan_available() {
        pool.pagemap_scan(Enabled::Yes)
            .linear_memory_keep_resident(RESIDENT_MEMORY_BYTES)
            .table_keep_resident(RESIDENT_TABLE_BYTES)
            .async_stack_keep_resident(RESIDENT_STACK_BYTES);
    }
    pool
}

/// A name for all settings that compiled code depends on.
pub fn code_id(engine: &Engine) -> String {
    let mut hash = Sha(Sha256::new());
    hash.write(WASMTIME_VERSION.as_bytes());
    std::hash::Hash::hash(&engine.precompile_compatibility_hash(), &mut hash);
    hash.0.finalize()[..8].iter().map(|b| format!("{b:02x}")).collect()
}

struct Sha(Sha256);

impl Hasher for Sha {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        u64::from_le_bytes(self.0.clone().finalize()[..8].try_into().expect("eight bytes"))
    }
}

/// An engine that only compiles.
pub fn compiler(how: How) -> Result<Engine> {
    Engine::new(&config(how, 1))
}
