//! What goes back to the host, in a table that many may read from a place of their own.

use super::tables;
use crate::{driver::Handover, store::Desk};
use casewire::Delivery;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// How often it is looked for what other nodes added.
const GLANCE: Duration = Duration::from_millis(200);

/// The feed.
#[derive(Clone, Debug)]
pub(super) struct Feed {
    pub(super) desk: Desk,
    latest: watch::Sender<i64>,
    ended: Arc<AtomicBool>,
}

impl Feed {
    /// Begins where the table ends.
    pub(super) fn open(desk: &Desk) -> Result<Self, String> {
        let (last, _) = desk.wait(tables::ends)?;
        Ok(Self {
            desk: desk.clone(),
            latest: watch::Sender::new(last),
            ended: Arc::new(AtomicBool::new(false)),
        })
    }

    /// Adds a delivery and says so once it is on the disk.
    pub(super) fn append(&self, instance: &str, delivery: Delivery, handover: Handover) {
        tracing::info!(instance, subject = ?delivery.subject, event = ?delivery.event, "delivered");
        let latest = self.latest.clone();
        let instance = instance.to_owned();
        self.desk.run(
            move |sql| tables::append(sql, &instance, &delivery),
            move |result| {
                if let Ok(seq) = &result {
                    latest.send_modify(|latest| *latest = (*latest).max(*seq));
                }
                handover.done(result.map(drop));
            },
        );
    }

    /// Looks again and again for what other nodes added, where there may be others.
    pub(super) async fn follow(self) {
        while self.desk.is_shared() && !self.is_over() {
            if let Ok((last, _)) = self.desk.ask(tables::ends).await {
                self.latest.send_if_modified(|latest| {
                    let is_new = *latest < last;
                    *latest = last.max(*latest);
                    is_new
                });
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// The last place that is on the disk, to be watched.
    pub(super) fn watch(&self) -> watch::Receiver<i64> {
        self.latest.subscribe()
    }

    /// Sends those home who wait.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Release);
        self.latest.send_modify(|_| {});
    }

    /// Whether nobody should wait any more.
    pub(super) fn is_over(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }
}
