//! Path and query of a request.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// A request target, taken apart and decoded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Target {
    /// The path without its first `/`, decoded.
    pub(crate) path: String,
    query: Vec<(String, String)>,
}

impl Target {
    /// Takes a target apart. A `+` in the query is a space.
    pub(crate) fn parse(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (
                    decode(&name.replace('+', " ")),
                    decode(&value.replace('+', " ")),
                )
            })
            .collect();
        Self {
            path: decode(path.trim_start_matches('/')),
            query,
        }
    }

    /// The query parameter of that name, in any case; an empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The query with some parameters replaced, encoded.
    pub(crate) fn query_with(&self, replaced: &[(&str, String)]) -> String {
        let kept = self.query.iter().filter(|(key, _)| {
            !replaced
                .iter()
                .any(|(name, _)| key.eq_ignore_ascii_case(name))
        });
        kept.map(|(key, value)| (key.as_str(), value.as_str()))
            .chain(replaced.iter().map(|(key, value)| (*key, value.as_str())))
            .map(|(key, value)| {
                format!(
                    "{}={}",
                    utf8_percent_encode(key, QUERY),
                    utf8_percent_encode(value, QUERY)
                )
            })
            .collect::<Vec<_>>()
            .join("&")
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn a_raw_plus_is_a_space_and_an_encoded_one_is_a_plus() {
        let target = Target::parse("/a/b?conditions=name%3D%22a+b%2Bc%22&page=2");
        assert_eq!(target.path, "a/b");
        assert_eq!(target.get("Conditions"), Some("name=\"a b+c\""));
        assert_eq!(
            target.query_with(&[("page", "3".to_owned())]),
            "conditions=name%3D%22a%20b%2Bc%22&page=3"
        );
    }
}
