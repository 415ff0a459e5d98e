//! `wasi:sockets/ip-name-lookup` of 0.2 and 0.3, for granted names only.

use crate::guest::Guest;
use dunlin_core::network::Network;
use std::net::SocketAddr;
use std::sync::Arc;
use wasmtime::Result;
use wasmtime::component::{Accessor, HasData, Linker, Resource};
use wasmtime_wasi::p2::SocketError;
use wasmtime_wasi::p2::bindings::sockets::ip_name_lookup as p2;
use wasmtime_wasi::p2::bindings::sockets::network::{self as p2_network, ErrorCode, IpAddress, Network as P2Network};
use wasmtime_wasi::p3::bindings::sockets::ip_name_lookup as p3;
use wasmtime_wasi::p3::bindings::sockets::types as p3_types;
use wasmtime_wasi::sockets::{WasiSocketsCtxView, WasiSocketsView};

/// Replaces wasmtime-wasi's own lookup, which would find any name.
pub fn add_to_linker(linker: &mut Linker<Guest>) -> Result<()> {
    linker.allow_shadowing(true);
    p2::add_to_linker::<Guest, Lookup>(linker, view)?;
    p3::add_to_linker::<Guest, Lookup>(linker, view)?;
    linker.allow_shadowing(false);
    Ok(())
}

fn view(guest: &mut Guest) -> LookupView<'_> {
    let network = guest.network.clone();
    LookupView { network, sockets: guest.sockets() }
}

struct Lookup;

struct LookupView<'a> {
    network: Arc<Network>,
    sockets: WasiSocketsCtxView<'a>,
}

impl HasData for Lookup {
    type Data<'a> = LookupView<'a>;
}

impl p2::Host for LookupView<'_> {
    fn resolve_addresses(
        &mut self,
        network: Resource<P2Network>,
        name: String,
    ) -> Result<Resource<p2::ResolveAddressStream>, SocketError> {
        if !allowed(&self.network, &name) {
            return Err(ErrorCode::AccessDenied.into());
        }
        let stream = p2::Host::resolve_addresses(&mut self.sockets, network, name.clone())?;
        self.network.looks_up(stream.rep(), name);
        Ok(stream)
    }
}

impl p2_network::Host for LookupView<'_> {
    fn convert_error_code(&mut self, error: SocketError) -> Result<ErrorCode> {
        p2_network::Host::convert_error_code(&mut self.sockets, error)
    }

    fn network_error_code(
        &mut self,
        error: Resource<wasmtime_wasi::p2::bindings::io::error::Error>,
    ) -> Result<Option<ErrorCode>> {
        p2_network::Host::network_error_code(&mut self.sockets, error)
    }
}

impl p2_network::HostNetwork for LookupView<'_> {
    fn drop(&mut self, network: Resource<P2Network>) -> Result<()> {
        p2_network::HostNetwork::drop(&mut self.sockets, network)
    }
}

impl p2::HostResolveAddressStream for LookupView<'_> {
    fn resolve_next_address(&mut self, stream: Resource<p2::ResolveAddressStream>) -> Result<Option<IpAddress>, SocketError> {
        let rep = stream.rep();
        let found = p2::HostResolveAddressStream::resolve_next_address(&mut self.sockets, stream)?;
        if let Some(address) = &found {
            let ip = match *address {
                IpAddress::Ipv4((a, b, c, d)) => [a, b, c, d].into(),
                IpAddress::Ipv6((a, b, c, d, e, f, g, h)) => [a, b, c, d, e, f, g, h].into(),
            };
            self.network.looked_up(rep, ip);
        }
        Ok(found)
    }

    fn subscribe(&mut self, stream: Resource<p2::ResolveAddressStream>) -> Result<Resource<wasmtime_wasi::p2::DynPollable>> {
        p2::HostResolveAddressStream::subscribe(&mut self.sockets, stream)
    }

    fn drop(&mut self, stream: Resource<p2::ResolveAddressStream>) -> Result<()> {
        p2::HostResolveAddressStream::drop(&mut self.sockets, stream)
    }
}

impl p3::Host for LookupView<'_> {}

impl p3::HostWithStore<Guest> for Lookup {
    async fn resolve_addresses(
        store: &Accessor<Guest, Self>,
        name: String,
    ) -> Result<Result<Vec<p3_types::IpAddress>, p3::ErrorCode>> {
        let network = store.with(|mut access| access.get().network);
        if !allowed(&network, &name) {
            return Ok(Err(p3::ErrorCode::AccessDenied));
        }
        let found = match name.trim_matches(['[', ']']).parse() {
            Ok(ip) => vec![SocketAddr::new(ip, 0)],
            Err(_) => match tokio::net::lookup_host((name.as_str(), 0)).await {
                Ok(found) => found.collect(),
                Err(_) => return Ok(Err(p3::ErrorCode::NameUnresolvable)),
            },
        };
        Ok(Ok(found
            .into_iter()
            .map(|address| {
                network.learn(&name, address.ip());
                address.ip().to_canonical().into()
            })
            .collect()))
    }
}

/// An address is its own name: looking it up tells nothing.
fn allowed(network: &Network, name: &str) -> bool {
    name.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok() || network.policy.allows_name(name, None)
}
