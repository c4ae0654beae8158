//! The instance over real sockets, called by an ordinary HTTP client.

#[cfg(test)]
mod client;
#[cfg(test)]
mod control;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod sockets;
