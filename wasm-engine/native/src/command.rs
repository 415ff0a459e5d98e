//! Runs a command to its end: preview 1, 0.2 or 0.3.

use crate::guest::{Grants, Guest, Walls};
use crate::module::{Linked, Module, outcome};
use crate::task::{Io, Memory, Outcome};
use std::sync::Arc;
use wasmtime::{Result, Store};

pub async fn run(module: Arc<Module>, grants: Grants, walls: Walls, io: Arc<Io>) -> Outcome {
    let mut store = match module.store(&grants, &walls, io.memory.clone(), Arc::<Memory>::default()) {
        Ok(store) => store,
        Err(outcome) => return outcome,
    };
    let guest = store.data();
    guest.stdin.attach(Some(io.input.clone()));
    guest.stdout.attach(Some(io.output.clone()));
    guest.stderr.attach(Some(io.errors.clone()));
    let result = call(&module.linked, &mut store).await;
    outcome(&mut store, result)
}

async fn call(linked: &Linked, store: &mut Store<Guest>) -> Result<Outcome> {
    let result = match linked {
        Linked::Command(pre) => {
            let instance = pre.instantiate_async(&mut *store).await?;
            let start = instance.get_typed_func::<(), ()>(&mut *store, "_start")?;
            start.call_async(store, ()).await?;
            Ok(())
        }
        Linked::Command2(pre) => pre.instantiate_async(&mut *store).await?.wasi_cli_run().call_run(store).await?,
        Linked::Command3(pre) => {
            let command = pre.instantiate_async(&mut *store).await?;
            store.run_concurrent(async |accessor| command.wasi_cli_run().call_run(accessor).await).await??
        }
        Linked::Http2(_) | Linked::Http3(_) => wasmtime::bail!("expected a command, found a component that answers requests"),
    };
    Ok(Outcome::Exited(i32::from(result.is_err())))
}
