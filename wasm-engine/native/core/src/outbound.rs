//! Counts what a guest sends to other hosts: by the grant that let it, and by what came of it.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What came of a request; from 0 to 4: a response of class 1xx to 5xx.
pub const DENIED: usize = 5;
pub const TIMED_OUT: usize = 6;
pub const FAILED: usize = 7;
const RESULTS: usize = 8;

/// A row for each grant, and a last one for hosts that none names.
pub struct Outbound(Vec<[AtomicU64; RESULTS]>);

impl Outbound {
    pub fn new(grants: usize) -> Self {
        Outbound((0..=grants).map(|_| Default::default()).collect())
    }

    pub fn count(&self, grant: Option<usize>, result: usize) {
        let row = grant.unwrap_or(self.0.len() - 1);
        self.0[row][result.min(FAILED)].fetch_add(1, Relaxed);
    }

    /// A response with this status.
    pub fn answered(&self, grant: Option<usize>, status: u16) {
        self.count(grant, usize::from((status / 100).clamp(1, 5)) - 1);
    }

    /// Row after row.
    pub fn read(&self) -> impl Iterator<Item = u64> {
        self.0.iter().flatten().map(|count| count.load(Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_grant_and_result() {
        let outbound = Outbound::new(1);
        outbound.answered(Some(0), 204);
        outbound.answered(Some(0), 503);
        outbound.answered(Some(0), 999);
        outbound.count(Some(0), TIMED_OUT);
        outbound.count(None, DENIED);
        assert_eq!(outbound.read().collect::<Vec<_>>(), [0, 1, 0, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
    }
}
