use crate::{
    answer::casewire_answer,
    boundary,
    connector::casewire_connector,
    error::casewire_error,
    host::{Host, casewire_host},
    status::casewire_status,
    step::casewire_step,
};
use casewire::{
    Code, Error, Poll, Result,
    effect::{Answer, Effect, Failure, FailureKind, Request},
};
use std::sync::Arc;

/// Polls, lets the host perform one effect after the other, and answers them, until all operations are over.
///
/// `host` and what it points to are read before anything is called; the callbacks stay callable until the function
/// returns. It returns CASEWIRE_STATUS_OK also if operations failed: `finished` is told of each. Timers do not keep other
/// work waiting. Several threads may run one connector at the same time, and a callback may run it too; each takes the
/// effects that it is given, and does not wait for those that others have. A host that wants many requests under way at
/// once does without this function: it polls, and answers from its own threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_connector_run(
    connector: *mut casewire_connector,
    host: *const casewire_host,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let connector = casewire_connector::share(connector)?;
            let host = Host::read(host)?;
            Run { connector, host }.until_all_is_over()
        })
    }
}

struct Run {
    connector: Arc<casewire_connector>,
    host: Host,
}

impl Run {
    fn until_all_is_over(&self) -> Result<()> {
        loop {
            let step = self.connector.poll(self.host.now())?;
            match step.poll() {
                Poll::Effect(effect) => self.perform(&step, effect)?,
                Poll::Finished(_) => self.host.finished(&step),
                Poll::Idle { operations: 0, .. } => return Ok(()),
                Poll::Idle { .. } => {
                    if !self.wait()? {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn perform(&self, step: &casewire_step, effect: &Effect) -> Result<()> {
        let host = &self.host;
        let callback = match &effect.request {
            Request::Http(request) if request.not_after.is_some_and(|time| host.now() > time) => {
                return self.fail(effect, FailureKind::NotSent, "its time has passed");
            }
            Request::Http(_) => host.http,
            Request::Store(_) => host.store,
            Request::Deliver(_) => host.deliver,
            Request::Fetch { .. } => match host.fetch {
                Some(fetch) => fetch,
                None => {
                    return self.fail(
                        effect,
                        FailureKind::Other,
                        "the host has no callback `fetch`",
                    );
                }
            },
            Request::Timer { deadline } => {
                self.connector.keep_timer(*deadline, effect.id);
                return Ok(());
            }
            Request::Cancel { target } => {
                self.connector.drop_timer(*target);
                return self.resolve(effect, Answer::Done);
            }
        };
        let answer = casewire_answer::to(effect);
        host.perform(callback, step, &answer);
        match answer.take() {
            Some(answer) => self.resolve(effect, answer),
            None => self.fail(effect, unsure(effect), "the host's callback gave no answer"),
        }
    }

    /// Answers an effect. That it was answered or cancelled meanwhile is fine; an answer that does not fit is a failure.
    fn resolve(&self, effect: &Effect, answer: Answer) -> Result<()> {
        match self.connector.resolve(effect.id, answer, self.host.now()) {
            Err(error) if error.code == Code::WrongAnswer => {
                self.fail(effect, unsure(effect), &error.message)
            }
            Err(error) if error.code == Code::StaleEffect => Ok(()),
            other => other,
        }
    }

    fn fail(&self, effect: &Effect, kind: FailureKind, why: &str) -> Result<()> {
        self.resolve(effect, Answer::Failed(Failure::new(kind, why)))
    }

    /// Waits for the earliest timer; `false` where there is none.
    fn wait(&self) -> Result<bool> {
        let Some((deadline, timer)) = self.connector.next_timer() else {
            return Ok(false);
        };
        let mut now = self.host.now();
        if now < deadline {
            if !self.host.wait_until(deadline) {
                let message = "the host ended the run: the next one goes on where it stood";
                return Err(Error::new(Code::Cancelled, message));
            }
            now = self.host.now();
        }
        if now >= deadline {
            self.connector.drop_timer(timer);
            match self.connector.resolve(timer, Answer::Done, now) {
                Err(error) if error.code != Code::StaleEffect => return Err(error),
                _ => {}
            }
        }
        Ok(true)
    }
}

/// The failure of an effect of which nobody knows what became.
fn unsure(effect: &Effect) -> FailureKind {
    match &effect.request {
        Request::Http(_) => FailureKind::Unanswered,
        _ => FailureKind::Other,
    }
}
