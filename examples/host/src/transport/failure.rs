use super::watch::Watch;
use casewire::effect::{Failure, FailureKind};
use std::io;

/// What ended an exchange before its answer was whole.
pub(super) enum Fault {
    Http(ureq::Error),
    TooLarge(u64),
    /// The host could not store the answer.
    Host(Failure),
}

impl Fault {
    /// Says what is safe to do next. Only bytes that were handed to the connection count as sent.
    pub(super) fn classify(self, watch: &Watch) -> Failure {
        match self {
            Self::TooLarge(limit) => Failure::new(
                FailureKind::TooLarge,
                format!("the answer is larger than {limit} bytes"),
            ),
            Self::Host(failure) => failure,
            Self::Http(_) if watch.expired() => expired(),
            Self::Http(error) if watch.sent() => {
                Failure::new(FailureKind::Unanswered, error.to_string())
            }
            Self::Http(error) if is_tls(&error) => {
                Failure::new(FailureKind::Tls, error.to_string())
            }
            Self::Http(error) => Failure::new(FailureKind::NotSent, error.to_string()),
        }
    }
}

impl From<ureq::Error> for Fault {
    fn from(error: ureq::Error) -> Self {
        Self::Http(error)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Http(error.into())
    }
}

/// The failure of a write whose time has passed.
pub(super) fn expired() -> Failure {
    Failure::new(FailureKind::NotSent, "its time to be sent has passed")
}

fn is_tls(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) | ureq::Error::TlsRequired => true,
        ureq::Error::Io(error) => error
            .get_ref()
            .is_some_and(|inner| inner.is::<rustls::Error>()),
        _ => false,
    }
}
