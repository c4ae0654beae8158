//! The instance as a model: every behaviour that API.md speaks about, without a socket.

#[cfg(test)]
mod caller;
#[cfg(test)]
mod tickets;
