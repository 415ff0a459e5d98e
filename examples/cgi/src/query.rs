//! application/x-www-form-urlencoded, as queries and forms have it.

/// The decoded names and values of a query or a form's body.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// Undoes percent-encoding; what is not UTF-8 then becomes U+FFFD.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes().iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => match hex_pair(rest.as_slice()) {
                Some(value) => {
                    rest.nth(1);
                    value
                }
                None => b'%',
            },
            other => *other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_pair(text: &[u8]) -> Option<u8> {
    let digit = |i: usize| char::from(*text.get(i)?).to_digit(16);
    Some((digit(0)? * 16 + digit(1)?) as u8)
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn decodes_names_and_values_and_keeps_what_is_not_encoded() {
        let found = pairs("a=1%202&b+c=%c3%bc&&d&e=100%&f=%g0");
        let expected = [
            ("a", "1 2"),
            ("b c", "ü"),
            ("d", ""),
            ("e", "100%"),
            ("f", "%g0"),
        ];
        assert_eq!(
            found,
            expected.map(|(name, value)| (name.into(), value.into()))
        );
    }
}
