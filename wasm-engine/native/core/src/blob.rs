//! Reads and writes the blobs that dunlin.h describes.

/// What could not be read, and where.
#[derive(Debug)]
pub struct Malformed(pub String);

/// A cursor over a blob.
pub struct Reader<'a> {
    rest: &'a [u8],
    len: usize,
}

impl<'a> Reader<'a> {
    pub fn new(blob: &'a [u8]) -> Self {
        Reader { rest: blob, len: blob.len() }
    }

    fn take(&mut self, n: usize, what: &str) -> Result<&'a [u8], Malformed> {
        if n > self.rest.len() {
            let at = self.len - self.rest.len();
            return Err(Malformed(format!("blob: expected {n} bytes of {what} at {at}, found {}", self.rest.len())));
        }
        let (taken, rest) = self.rest.split_at(n);
        self.rest = rest;
        Ok(taken)
    }

    pub fn u32(&mut self, what: &str) -> Result<u32, Malformed> {
        Ok(u32::from_le_bytes(self.take(4, what)?.try_into().expect("four bytes")))
    }

    pub fn u64(&mut self, what: &str) -> Result<u64, Malformed> {
        Ok(u64::from_le_bytes(self.take(8, what)?.try_into().expect("eight bytes")))
    }

    pub fn bytes(&mut self, what: &str) -> Result<&'a [u8], Malformed> {
        let n = self.u32(what)? as usize;
        self.take(n, what)
    }

    pub fn text(&mut self, what: &str) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.bytes(what)?).map_err(|e| Malformed(format!("blob: {what} is not UTF-8: {e}")))
    }

    /// A count and that many items.
    pub fn list<T>(&mut self, what: &str, mut item: impl FnMut(&mut Self) -> Result<T, Malformed>) -> Result<Vec<T>, Malformed> {
        let n = self.u32(what)? as usize;
        let mut items = Vec::with_capacity(n.min(self.rest.len()));
        for _ in 0..n {
            items.push(item(self)?);
        }
        Ok(items)
    }

    pub fn end(&self) -> Result<(), Malformed> {
        match self.rest.len() {
            0 => Ok(()),
            n => Err(Malformed(format!("blob: expected its end at {}, found {n} bytes more", self.len - n))),
        }
    }
}

/// Appends a length and the bytes.
pub fn put_bytes(blob: &mut Vec<u8>, bytes: &[u8]) {
    blob.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    blob.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_claims_more_than_there_is_is_refused_without_allocating_it() {
        let blob = u32::MAX.to_le_bytes();
        let found = Reader::new(&blob).list("args", |r| r.text("argument").map(str::to_owned));
        assert!(found.unwrap_err().0.contains("argument"));
    }

    #[test]
    fn bytes_after_the_end_are_refused() {
        let mut r = Reader::new(&[1, 0, 0, 0, 9]);
        assert_eq!(r.u32("number").unwrap(), 1);
        assert!(r.end().is_err());
    }
}
