//! wasmtime behind a narrow C interface: `include/dunlin.h` says what it promises, [`abi`] keeps it.

pub mod abi;
pub mod abi_task;
mod border;
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
mod outgoing;
mod pipe;
mod preview1;
mod task;
