use super::{ask, casewire_step, casewire_step_view};
use crate::{error::casewire_error, text::casewire_text};
use casewire::{Delivery, Finished, Outcome, Poll, TicketId, effect::Request};
use std::ptr;

fn finished(step: &casewire_step) -> Option<&Finished> {
    match step.poll() {
        Poll::Finished(finished) => Some(finished),
        _ => None,
    }
}

fn delivery(step: &casewire_step) -> Option<&Delivery> {
    match &step.effect()?.request {
        Request::Deliver(delivery) => Some(delivery),
        _ => None,
    }
}

fn ticket_id(step: &casewire_step) -> Option<TicketId> {
    match finished(step) {
        Some(Finished {
            result: Ok(Outcome::Case(case)),
            ..
        }) => case.ticket_id,
        Some(_) => None,
        None => Some(delivery(step)?.ticket.as_ref()?.ticket_id),
    }
}

fn case_id(step: &casewire_step) -> Option<&str> {
    match finished(step) {
        Some(finished) => finished.case_id.as_deref(),
        None => delivery(step)?.case_id(),
    }
}

impl casewire_step {
    /// Fills in what a step of news tells.
    pub(super) fn tell(&self, view: &mut casewire_step_view) {
        view.ticket_id = ticket_id(self).map_or(0, |ticket| u64::from(ticket.0));
        view.case_id = casewire_text::of(case_id(self).unwrap_or_default());
        view.error = self.failure.as_ref().map_or(ptr::null(), ptr::from_ref);
        match self.poll() {
            Poll::Finished(_) => view.json = self.json(),
            Poll::Idle {
                operations,
                effects,
                ..
            } => {
                view.operations_left = *operations;
                view.effects_left = *effects;
            }
            Poll::Effect(effect) => match &effect.request {
                Request::Store(_) => view.json = self.json(),
                Request::Deliver(delivery) => {
                    view.json = self.json();
                    view.delivery_id = casewire_text::of(&delivery.id);
                }
                Request::Timer { deadline } => view.deadline_ms = deadline.millis(),
                Request::Fetch { token } => view.token = casewire_text::of(token),
                Request::Cancel { target } => view.cancel_target = target.0,
                Request::Http(_) => {}
            },
        }
    }
}

/// Tells why an operation that is over failed; NULL if it went well. The error is lent: it lives as long as the step and
/// is not to be freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_error(step: *const casewire_step) -> *const casewire_error {
    let error = |step: &casewire_step| step.failure.as_ref().map(ptr::from_ref);
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, ptr::null(), error) }
}

/// Tells the id of the case that a finished operation or a delivery is about; empty where it is about none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_case_id(step: *const casewire_step) -> casewire_text {
    let case = |step| Some(casewire_text::of(case_id(step)?));
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, casewire_text::EMPTY, case) }
}

/// Tells the number of the ticket that a finished operation or a delivery is about; 0 where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_ticket_id(step: *const casewire_step) -> u64 {
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, 0, |step| Some(u64::from(ticket_id(step)?.0))) }
}

/// Tells the id of a delivery, by which the host knows one that it was offered before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_delivery_id(step: *const casewire_step) -> casewire_text {
    let id = |step| Some(casewire_text::of(&delivery(step)?.id));
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, casewire_text::EMPTY, id) }
}

/// Tells when a timer is to be answered, in milliseconds since 1970.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_deadline_ms(step: *const casewire_step) -> i64 {
    let deadline = |step: &casewire_step| match &step.effect()?.request {
        Request::Timer { deadline } => Some(deadline.millis()),
        _ => None,
    };
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, 0, deadline) }
}

/// Tells which content a fetch asks for: a token that the host had given.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_token(step: *const casewire_step) -> casewire_text {
    let token = |step: &casewire_step| match &step.effect()?.request {
        Request::Fetch { token } => Some(casewire_text::of(token)),
        _ => None,
    };
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, casewire_text::EMPTY, token) }
}

/// Tells which effect a cancel is about.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_cancel_target(step: *const casewire_step) -> u64 {
    let target = |step: &casewire_step| match &step.effect()?.request {
        Request::Cancel { target } => Some(target.0),
        _ => None,
    };
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, 0, target) }
}

/// Tells how many operations are not over, of an idle step.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_operations_left(step: *const casewire_step) -> usize {
    let left = |step: &casewire_step| match step.poll() {
        Poll::Idle { operations, .. } => Some(*operations),
        _ => None,
    };
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, 0, left) }
}

/// Tells how many effects the host has and has not answered, of an idle step. With no operations and no effects left,
/// all is done.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_effects_left(step: *const casewire_step) -> usize {
    let left = |step: &casewire_step| match step.poll() {
        Poll::Idle { effects, .. } => Some(*effects),
        _ => None,
    };
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, 0, left) }
}
