//! wasmtime behind a narrow C interface: `include/dunlin.h` says what it promises, [`abi`] keeps it.

pub mod abi;
mod blob;
mod command;
pub mod compile;
pub mod config;
pub mod engine;
mod guest;
mod handles;
mod http;
pub mod inspect;
pub mod module;
mod names;
mod network;
mod outgoing;
mod pipe;
mod preview1;
mod schedule;
mod signal;
mod task;
