//! The instance as a model: every behaviour that API.md speaks about, without a socket.

#[cfg(test)]
mod access;
#[cfg(test)]
mod callbacks;
#[cfg(test)]
mod caller;
#[cfg(test)]
mod company;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod notes;
#[cfg(test)]
mod patch;
#[cfg(test)]
mod technicians;
#[cfg(test)]
mod tickets;
