use crate::{callback::Receiver, config::Config, error::Fault};

/// Checks the receiver's address, where one is named.
pub(super) fn check(config: &Config, faults: &mut Vec<Fault>) {
    let url = config
        .callbacks
        .as_ref()
        .and_then(|callbacks| callbacks.url.as_deref());
    if let Some(url) = url
        && let Err(fault) = Receiver::of(url, &config.connection.site, "/callbacks/url")
    {
        faults.push(fault);
    }
}
