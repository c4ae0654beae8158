//! Watches a connection from above TLS, to know whether a byte of the request has left.

use casewire::Timestamp;
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};

/// What is known about the exchange that a client is in; it is in one at a time.
#[derive(Debug, Default)]
pub(super) struct Watch {
    sent: AtomicBool,
    expired: AtomicBool,
    /// Milliseconds since 1970; the largest number for no limit.
    not_after: AtomicI64,
}

impl Watch {
    pub(super) fn begin(&self, not_after: Option<Timestamp>) {
        let not_after = not_after.map_or(i64::MAX, Timestamp::millis);
        self.not_after.store(not_after, Ordering::Release);
        self.sent.store(false, Ordering::Release);
        self.expired.store(false, Ordering::Release);
    }

    pub(super) fn sent(&self) -> bool {
        self.sent.load(Ordering::Acquire)
    }

    pub(super) fn expired(&self) -> bool {
        self.expired.load(Ordering::Acquire)
    }

    /// Called right before bytes leave: the first ones only within their time.
    fn leave(&self) -> io::Result<()> {
        if !self.sent() {
            if crate::clock::now().millis() > self.not_after.load(Ordering::Acquire) {
                self.expired.store(true, Ordering::Release);
                return Err(io::Error::other("its time to be sent has passed"));
            }
            self.sent.store(true, Ordering::Release);
        }
        Ok(())
    }
}

/// Connects as `ureq` does and watches what is sent.
#[derive(Debug)]
pub(super) struct WatchedConnector {
    inner: DefaultConnector,
    watch: Arc<Watch>,
}

impl WatchedConnector {
    pub(super) fn new(watch: Arc<Watch>) -> Self {
        Self {
            inner: DefaultConnector::new(),
            watch,
        }
    }
}

impl Connector for WatchedConnector {
    type Out = WatchedTransport;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let result = self.inner.connect(details, chained);
        // What a proxy was told to open the connection is not yet the request.
        self.watch.sent.store(false, Ordering::Release);
        Ok(result?.map(|inner| WatchedTransport {
            inner,
            watch: Arc::clone(&self.watch),
        }))
    }
}

#[derive(Debug)]
pub(super) struct WatchedTransport {
    inner: Box<dyn Transport>,
    watch: Arc<Watch>,
}

impl Transport for WatchedTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.watch.leave()?;
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
