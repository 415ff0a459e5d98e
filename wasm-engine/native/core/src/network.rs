//! What a guest may reach: the hosts that its app was granted, by every way out (sockets, names, wasi:http).

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Mutex;

/// `HOST[:PORT]` as granted.
#[derive(Debug, PartialEq)]
struct Grant {
    host: Host,
    port: Option<u16>,
}

#[derive(Debug, PartialEq)]
enum Host {
    Any,
    /// `*.suffix`, kept with its dot.
    Below(String),
    Name(String),
    /// An address is a network of one.
    Network(IpAddr, u8),
}

/// The grants of one app. Nothing granted, nothing allowed.
#[derive(Debug, Default)]
pub struct Policy {
    grants: Vec<Grant>,
}

impl Policy {
    /// Errors name the grant, and what was expected of it.
    pub fn parse<'a>(hosts: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let grants = hosts.into_iter().map(parse_grant).collect::<Result<_, _>>()?;
        Ok(Policy { grants })
    }

    pub fn is_empty(&self) -> bool {
        self.grants.is_empty()
    }

    pub fn len(&self) -> usize {
        self.grants.len()
    }

    /// The first grant that lets a guest ask this host (a name or an address) for something.
    pub fn grant(&self, host: &str, port: u16) -> Option<usize> {
        match host.parse() {
            Ok(ip) => self.grant_of_address(SocketAddr::new(ip, port)),
            Err(_) => self.grant_of_name(host, Some(port)),
        }
    }

    /// Whether this name may be looked up, for any port (`None`) or to connect to this one.
    pub fn allows_name(&self, name: &str, port: Option<u16>) -> bool {
        self.grant_of_name(name, port).is_some()
    }

    fn grant_of_name(&self, name: &str, port: Option<u16>) -> Option<usize> {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        self.grants.iter().position(|g| {
            let host = match &g.host {
                Host::Any => name != "localhost" && !name.ends_with(".localhost"),
                Host::Below(suffix) => name.len() > suffix.len() && name.ends_with(suffix.as_str()),
                Host::Name(granted) => *granted == name,
                Host::Network(..) => false,
            };
            host && matches(g.port, port)
        })
    }

    /// Whether this address may be connected to when no name led to it.
    pub fn allows_address(&self, to: SocketAddr) -> bool {
        self.grant_of_address(to).is_some()
    }

    fn grant_of_address(&self, to: SocketAddr) -> Option<usize> {
        let ip = to.ip().to_canonical();
        self.grants.iter().position(|g| {
            let host = match &g.host {
                Host::Any => !is_special(ip),
                Host::Network(network, bits) => {
                    within(ip, *network, *bits) && (!is_special(ip) || names_special(*network, *bits))
                }
                Host::Below(_) | Host::Name(_) => false,
            };
            host && matches(g.port, Some(to.port()))
        })
    }

    /// Whether an allowed name may lead to this address: a name cannot open what only an address can.
    pub fn allows_resolved(&self, name: &str, to: SocketAddr) -> bool {
        let ip = to.ip().to_canonical();
        let plain = !is_special(ip) || (ip.is_loopback() && name.eq_ignore_ascii_case("localhost"));
        (plain && self.allows_name(name, Some(to.port()))) || self.allows_address(to)
    }

    /// Whether a guest may listen here: on the loopback, where that was granted as an address.
    pub fn allows_listening(&self, on: SocketAddr) -> bool {
        on.ip().is_loopback() && self.allows_address(on)
    }
}

fn matches(granted: Option<u16>, wanted: Option<u16>) -> bool {
    match (granted, wanted) {
        (Some(granted), Some(wanted)) => granted == wanted,
        _ => true,
    }
}

fn parse_grant(text: &str) -> Result<Grant, String> {
    let bad = |why: &str| format!("allowed host {text:?}: expected HOST[:PORT], {why}");
    let (host, port) = match text.rsplit_once(':') {
        // An IPv6 address has colons of its own: a port needs brackets.
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
            let port = port.parse().map_err(|_| bad(&format!("found the port {port:?}")))?;
            (host, Some(port))
        }
        _ => (text, None),
    };
    let host = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    let host = match host.split_once('/') {
        Some((network, bits)) => {
            let ip: IpAddr = network.parse().map_err(|_| bad(&format!("found the network {network:?}")))?;
            let bits: u8 = bits.parse().map_err(|_| bad(&format!("found the prefix length {bits:?}")))?;
            if bits > if ip.is_ipv4() { 32 } else { 128 } {
                return Err(bad(&format!("found the prefix length {bits}")));
            }
            Host::Network(ip, bits)
        }
        None if host == "*" => Host::Any,
        None => match (host.parse::<IpAddr>(), host.strip_prefix("*.")) {
            (Ok(ip), _) => Host::Network(ip, if ip.is_ipv4() { 32 } else { 128 }),
            (_, Some(suffix)) if is_name(suffix) => Host::Below(format!(".{}", suffix.to_ascii_lowercase())),
            (_, None) if is_name(host) => Host::Name(host.trim_end_matches('.').to_ascii_lowercase()),
            _ => return Err(bad("where HOST is a DNS name, *.suffix, *, an address or a network")),
        },
    };
    Ok(Grant { host, port })
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 253
        && text.trim_end_matches('.').split('.').all(|label| {
            !label.is_empty() && label.len() <= 63 && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        })
}

/// Loopback, link-local, cloud metadata, and what is no single host: opened only by an address of that very range.
fn is_special(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => {
            v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_multicast()
                || v4.octets()[0] == 0
                || [Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(192, 0, 0, 192), Ipv4Addr::new(168, 63, 129, 16)]
                    .contains(&v4)
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || v6.is_unicast_link_local()
                || v6 == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)
                // NAT64 and 6to4 carry an IPv4 address inside.
                || embedded_v4(v6).is_some_and(|v4| is_special(v4.into()))
        }
    }
}

fn embedded_v4(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = v6.segments();
    let v4 = |hi: u16, lo: u16| Ipv4Addr::from((u32::from(hi) << 16) | u32::from(lo));
    match s {
        [0x64, 0xff9b, 0, 0, 0, 0, hi, lo] => Some(v4(hi, lo)),
        [0x2002, hi, lo, ..] => Some(v4(hi, lo)),
        [0, 0, 0, 0, 0, 0, hi, lo] if hi != 0 => Some(v4(hi, lo)),
        _ => None,
    }
}

/// A granted network opens special addresses only if it has no others.
fn names_special(network: IpAddr, bits: u8) -> bool {
    let (first, last) = match network {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            (IpAddr::V4((u32::from(v4) & mask).into()), IpAddr::V4((u32::from(v4) | !mask).into()))
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            (IpAddr::V6((u128::from(v6) & mask).into()), IpAddr::V6((u128::from(v6) | !mask).into()))
        }
    };
    bits > 0 && is_special(first) && is_special(last)
}

fn within(ip: IpAddr, network: IpAddr, bits: u8) -> bool {
    match (ip, network.to_canonical()) {
        (IpAddr::V4(ip), IpAddr::V4(network)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits.min(32))).unwrap_or(0);
            u32::from(ip) & mask == u32::from(network) & mask
        }
        (IpAddr::V6(ip), IpAddr::V6(network)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            u128::from(ip) & mask == u128::from(network) & mask
        }
        _ => false,
    }
}

/// The network of one instance: its app's policy, and the addresses that allowed names have led it to.
pub struct Network {
    pub policy: std::sync::Arc<Policy>,
    learned: Mutex<HashSet<(String, IpAddr)>>,
    /// Lookups of 0.2 under way: by the stream that gives their addresses.
    lookups: Mutex<HashMap<u32, String>>,
}

impl Network {
    pub fn new(policy: std::sync::Arc<Policy>) -> Self {
        Network { policy, learned: Mutex::default(), lookups: Mutex::default() }
    }

    /// The stream `id` will give the addresses of `name`.
    pub fn looks_up(&self, id: u32, name: String) {
        self.lookups.lock().unwrap().insert(id, name);
    }

    /// The stream `id` has given this one.
    pub fn looked_up(&self, id: u32, ip: IpAddr) {
        if let Some(name) = self.lookups.lock().unwrap().get(&id) {
            self.learn(name, ip);
        }
    }

    pub fn learn(&self, name: &str, ip: IpAddr) {
        self.learned.lock().unwrap().insert((name.to_owned(), ip.to_canonical()));
    }

    /// Whether a socket may reach this address.
    pub fn allows(&self, to: SocketAddr) -> bool {
        let ip = to.ip().to_canonical();
        self.policy.allows_address(to)
            || self.learned.lock().unwrap().iter().any(|(name, known)| *known == ip && self.policy.allows_resolved(name, to))
    }

    /// Looks an allowed name up; only the addresses that it may lead to.
    pub async fn resolve(&self, name: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
        let found = tokio::net::lookup_host((name, port)).await?;
        Ok(found.filter(|to| self.policy.allows_resolved(name, *to)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(hosts: &[&str]) -> Policy {
        Policy::parse(hosts.iter().copied()).unwrap()
    }

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn nothing_granted_nothing_allowed() {
        let none = policy(&[]);
        assert!(!none.allows_name("example.com", None));
        assert!(!none.allows_address(at("93.184.216.34:80")));
    }

    #[test]
    fn the_first_grant_that_lets_a_host_is_named() {
        let some = policy(&["api.example.com:443", "*.example.com", "192.0.2.0/24"]);
        assert_eq!(some.len(), 3);
        assert_eq!(some.grant("api.example.com", 443), Some(0));
        assert_eq!(some.grant("API.example.com.", 80), Some(1));
        assert_eq!(some.grant("192.0.2.7", 80), Some(2));
        assert_eq!(some.grant("example.org", 443), None);
        assert_eq!(some.grant("198.51.100.1", 443), None);
    }

    #[test]
    fn a_name_is_allowed_at_its_port_only() {
        let one = policy(&["api.example.com:443"]);
        assert!(one.allows_name("API.example.com.", Some(443)));
        assert!(!one.allows_name("api.example.com", Some(80)));
        assert!(!one.allows_name("example.com", Some(443)));
        assert!(!one.allows_name("evil-api.example.com", Some(443)));
    }

    #[test]
    fn a_suffix_allows_what_is_below_it_and_not_itself() {
        let below = policy(&["*.example.com"]);
        assert!(below.allows_name("a.b.example.com", Some(1)));
        assert!(!below.allows_name("example.com", Some(1)));
        assert!(!below.allows_name("badexample.com", Some(1)));
    }

    #[test]
    fn no_name_leads_to_the_loopback_the_link_or_the_metadata() {
        let any = policy(&["*", "api.example.com", "0.0.0.0/0", "::/0"]);
        for special in [
            "127.0.0.1:80",
            "127.9.9.9:80",
            "169.254.169.254:80",
            "[::1]:80",
            "[fe80::1]:80",
            "[fd00:ec2::254]:80",
            "0.0.0.0:80",
            "[::ffff:127.0.0.1]:80",
            "[::ffff:169.254.169.254]:80",
            "[64:ff9b::7f00:1]:80",
            "[::]:80",
            "100.100.100.200:80",
            "224.0.0.1:80",
        ] {
            assert!(!any.allows_resolved("api.example.com", at(special)), "{special}");
            assert!(!any.allows_address(at(special)), "{special}");
        }
        assert!(any.allows_resolved("api.example.com", at("93.184.216.34:80")));
        assert!(!any.allows_name("localhost", None));
    }

    #[test]
    fn what_is_special_opens_by_its_own_address() {
        assert!(policy(&["127.0.0.1:8080"]).allows_address(at("127.0.0.1:8080")));
        assert!(!policy(&["127.0.0.1:8080"]).allows_address(at("127.0.0.1:80")));
        assert!(policy(&["127.0.0.0/8"]).allows_address(at("127.1.2.3:1")));
        assert!(policy(&["169.254.169.254"]).allows_address(at("169.254.169.254:80")));
        assert!(policy(&["[::1]:80"]).allows_address(at("[::1]:80")));
        assert!(policy(&["localhost"]).allows_resolved("localhost", at("127.0.0.1:5")));
        assert!(!policy(&["localhost"]).allows_resolved("localhost", at("169.254.169.254:5")));
    }

    #[test]
    fn a_socket_reaches_what_an_allowed_name_led_to() {
        let network = Network::new(std::sync::Arc::new(policy(&["db.example.com:5432"])));
        assert!(!network.allows(at("10.0.0.9:5432")));
        network.learn("db.example.com", "10.0.0.9".parse().unwrap());
        assert!(network.allows(at("10.0.0.9:5432")));
        assert!(!network.allows(at("10.0.0.9:22")));
    }

    #[test]
    fn nonsense_is_refused_with_what_was_expected() {
        for bad in ["", "a b", "host:99999", "10.0.0.0/33", "*.", "http://x", "a..b", "host:"] {
            let error = Policy::parse([bad]).unwrap_err();
            assert!(error.contains("expected HOST[:PORT]"), "{bad}: {error}");
        }
    }
}
