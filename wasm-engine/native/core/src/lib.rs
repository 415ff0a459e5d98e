//! The parts of the native engine that need no wasmtime, so that their tests are built in seconds.

pub mod blob;
pub mod network;
pub mod outbound;
pub mod schedule;
pub mod signal;
