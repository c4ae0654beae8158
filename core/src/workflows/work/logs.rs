//! What a case under work leaves in the logs: decisions with their reasons, and the events that it tells.

use super::{Interrupt, Work};
use crate::{
    audit::{Decided, DecisionRecord},
    effect::Batch,
    error::Error,
    event_log::About,
    workflows::{audit, event_log},
};

impl Work<'_> {
    /// Keeps a decision with the next commit.
    pub(in super::super) fn decide(&mut self, what: &str, value: Option<&str>, reason: &str) {
        if audit::is_kept(self.env) {
            self.decisions.push(Decided::new(what, value, reason));
        }
    }

    /// What of the case its events name.
    pub(super) fn about(&self) -> Option<About> {
        let of_link = || self.link().and_then(|link| link.about.clone());
        self.about.clone().or_else(of_link)
    }

    /// Ends the work of a case that was over before it had a ticket, and says so.
    pub(in super::super) async fn pass_over(&mut self) -> Result<&'static str, Interrupt> {
        let reason = "the case was over before it had a ticket";
        self.decide("leave", None, reason);
        self.drop_case().await?;
        Ok(reason)
    }

    /// Adds what the host is to be told, and keeps it in the log.
    pub(super) fn keep_deliveries(&self, batch: &mut Batch) -> Result<(), Error> {
        if self.deliveries.is_empty() {
            return Ok(());
        }
        let about = self.about().unwrap_or_default();
        let summary = self.link().map(|link| link.written.summary.as_str());
        for (number, delivery) in &self.deliveries {
            let key = self.env.keys.delivery(&delivery.subject, *number);
            batch.put_record(key, delivery)?;
            event_log::keep(self.env, delivery, &about, summary, batch)?;
        }
        Ok(())
    }

    /// Adds what was decided since the last commit.
    pub(super) fn keep_decisions(&mut self, batch: &mut Batch) -> Result<(), Error> {
        if self.decisions.is_empty() {
            return Ok(());
        }
        let record = DecisionRecord {
            at: self.cx.now(),
            case_id: self.case_id.clone(),
            ticket_id: self.link().map(|link| link.ticket),
            group: self.about().map(|about| about.group),
            decisions: std::mem::take(&mut self.decisions),
        };
        audit::keep(self.cx, self.env, &record, batch)
    }
}
