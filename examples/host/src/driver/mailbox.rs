use casewire::effect::{Answer, EffectId, Failure, FailureKind};
use std::sync::mpsc::Sender;

/// What reaches the thread that runs the driver.
pub(super) enum Mail {
    Answer(EffectId, Answer),
    Wake,
}

/// Where answers are put.
#[derive(Clone)]
pub(super) struct Mailbox(Sender<Mail>);

impl Mailbox {
    pub(super) fn new(sender: Sender<Mail>) -> Self {
        Self(sender)
    }

    /// Says whether there is still someone who reads it.
    pub(super) fn answer(&self, id: EffectId, answer: Answer) -> bool {
        self.0.send(Mail::Answer(id, answer)).is_ok()
    }

    pub(super) fn handover(&self, id: EffectId) -> Handover {
        Handover {
            mailbox: Some(self.clone()),
            id,
        }
    }

    pub(super) fn waker(&self) -> Waker {
        Waker(self.0.clone())
    }
}

/// Wakes a driver from another thread.
#[derive(Clone, Debug)]
pub struct Waker(Sender<Mail>);

impl Waker {
    /// Has [`Driver::next`](super::Driver::next) return; nothing where there is no driver any more.
    pub fn wake(&self) {
        let _ = self.0.send(Mail::Wake);
    }
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Answer(..) => "Answer",
            Self::Wake => "Wake",
        })
    }
}

/// The duty to say whether a delivery is durable. Dropped without a word, it is not.
pub struct Handover {
    mailbox: Option<Mailbox>,
    id: EffectId,
}

impl Handover {
    /// Says that the delivery is durable, or why it is not.
    pub fn done(mut self, result: Result<(), String>) {
        self.say(result);
    }

    fn say(&mut self, result: Result<(), String>) {
        if let Some(mailbox) = self.mailbox.take() {
            let answer = match result {
                Ok(()) => Answer::Done,
                Err(message) => Answer::Failed(Failure::new(FailureKind::Other, message)),
            };
            mailbox.answer(self.id, answer);
        }
    }
}

impl Drop for Handover {
    fn drop(&mut self) {
        self.say(Err("the host did not take it over".to_owned()));
    }
}

impl std::fmt::Debug for Handover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Handover").field(&self.id).finish()
    }
}
