use crate::cli::terminal::{Done, Stop};
use axum::http::{HeaderMap, header};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::fmt;

/// Fewest characters of a token.
const LEAST: usize = 16;

/// The bearer token, as what an authentication code is made with: two tokens are compared by the codes that they make, in a
/// time that does not depend on how much of one is right.
#[derive(Clone)]
pub(in crate::cli::serve) struct Token(Hmac<Sha256>);

impl Token {
    /// Takes the token that callers have to show.
    pub(in crate::cli::serve) fn new(text: &str) -> Done<Self> {
        if text.len() < LEAST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Stop::refused(format!(
                "a token has to be {LEAST} or more printable characters without spaces, such as 32 random bytes in hex"
            )));
        }
        code(text).map(Self).map_err(Stop::refused)
    }

    /// Whether the value of an Authorization header shows it.
    pub(super) fn is(&self, header: &str) -> bool {
        let Some((scheme, given)) = header.split_once(' ') else {
            return false;
        };
        let own = self.0.clone().finalize().into_bytes();
        let same = code(given.trim()).is_ok_and(|given| given.verify_slice(&own).is_ok());
        scheme.eq_ignore_ascii_case("bearer") && same
    }
}

/// Who is let in.
#[derive(Debug)]
pub(in crate::cli::serve) struct Tokens {
    /// The product's; nothing where loopback may do without.
    pub(in crate::cli::serve) product: Option<Token>,
    /// The administrator's; nothing where there is no page.
    pub(in crate::cli::serve) admin: Option<Token>,
}

impl Tokens {
    /// Whether these headers may do what a product does.
    pub(super) fn open_product(&self, headers: &HeaderMap) -> bool {
        let shown = given(headers).is_some_and(|given| {
            let tokens = [&self.product, &self.admin];
            tokens.into_iter().flatten().any(|token| token.is(given))
        });
        shown || self.product.is_none()
    }

    /// Whether these headers may do what an administrator does.
    pub(super) fn open_admin(&self, headers: &HeaderMap) -> bool {
        match (&self.admin, given(headers)) {
            (Some(token), Some(given)) => token.is(given),
            _ => false,
        }
    }
}

fn given(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()
}

fn code(text: &str) -> Result<Hmac<Sha256>, hmac::digest::InvalidLength> {
    let mut mac = Hmac::new_from_slice(text.as_bytes())?;
    mac.update(b"casewire bearer token");
    Ok(mac)
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_token_passes_and_none_is_shown() {
        let token = Token::new("0123456789abcdef").unwrap();
        assert!(token.is("Bearer 0123456789abcdef") && token.is("bearer  0123456789abcdef"));
        for wrong in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer 0123456789abcde",
            "Bearer 0123456789abcdeF",
            "Bearer 0123456789abcdef0",
            "Basic 0123456789abcdef",
            "0123456789abcdef",
        ] {
            assert!(!token.is(wrong), "{wrong}");
        }
        assert!(!format!("{token:?}").contains("0123"));
        assert!(Token::new("short").is_err() && Token::new("0123456789 abcdef").is_err());
    }
}
