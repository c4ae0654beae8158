//! What comes of an effect.

use super::Stage;
use crate::{
    BlowKind,
    simulation::{
        mutant::{Mutant, is_lost_post},
        step::{StoreTrouble, Trouble},
        watch::{Intended, entries},
    },
    world::failed,
};
use casewire::{
    EffectId, Store,
    effect::{
        Answer, Batch, BodyPart, Effect, FailureKind, HttpRequest, Method, Request, StoreAnswer,
        StoreRequest,
    },
};
use casewire_simulator::Fault;
use std::time::Duration;

impl Stage {
    pub(super) fn perform(&mut self, place: usize, effect: Effect) -> Result<Answer, String> {
        match effect.request {
            Request::Http(request) => {
                let answer = self.exchange(place, effect.id, request, effect.operation.0)?;
                self.write_all()?;
                Ok(answer)
            }
            Request::Store(request) => self.keep(&request),
            Request::Deliver(delivery) => {
                let trouble = self.trouble(|trouble| match trouble {
                    Trouble::Deliver(taken) => Some(*taken),
                    _ => None,
                });
                if trouble == Some(false) {
                    return Ok(failed(FailureKind::Other));
                }
                self.note(|| format!("    {delivery:?}"));
                if self.host.is_new(&delivery) {
                    // What was performed late may have landed with any request.
                    self.desk.look_at_statuses(&self.world);
                    self.desk.is_no_older(&delivery)?;
                    self.watch.told(&delivery, &self.desk)?;
                }
                self.host.take(delivery)?;
                self.counts.deliveries += 1;
                Ok(match trouble {
                    Some(_) => failed(FailureKind::Other),
                    None => Answer::Done,
                })
            }
            Request::Fetch { token } => Ok(Answer::Fetched(
                self.world.files.get(&token).cloned().unwrap_or_default(),
            )),
            Request::Timer { .. } | Request::Cancel { .. } => Ok(Answer::Done),
        }
    }

    /// Takes the first trouble of a kind.
    fn trouble<T>(&mut self, kind: impl Fn(&Trouble) -> Option<T>) -> Option<T> {
        let place = self.troubles.iter().position(|it| kind(it).is_some())?;
        let met = kind(&self.troubles.remove(place));
        self.counts.troubles_met += 1;
        met
    }

    fn exchange(
        &mut self,
        place: usize,
        effect: EffectId,
        request: HttpRequest,
        operation: u64,
    ) -> Result<Answer, String> {
        self.counts.requests += 1;
        let trouble = self.trouble(|trouble| match trouble {
            Trouble::Http(kind) => Some(kind.clone()),
            _ => None,
        });
        let too_large = self.trouble(|trouble| matches!(trouble, Trouble::TooLarge).then_some(()));
        let writes = request.method != Method::Get;
        let mut sets_status = None;
        if writes {
            self.counts.writes += 1;
            sets_status = self.may_write(place, &request, operation)?;
            let in_time = request
                .not_after
                .is_none_or(|time| self.clock(place) <= time);
            if in_time {
                self.is_intended(&request)?;
            }
            let dies = self.trouble(|trouble| match trouble {
                Trouble::Dies(after) if in_time => Some(*after),
                _ => None,
            });
            if let Some(after) = dies {
                self.lands_late(&request, after)?;
                self.crash(place, None)?;
                return Ok(failed(FailureKind::Unanswered));
            }
        }
        let (step, url) = (self.step, self.trace.is_some().then(|| request.url.clone()));
        let method = request.method;
        let body = self.trace.is_some().then(|| format!("{:?}", request.body));
        let clock = self.clock(place);
        let copy = self.setting.mutant.map(|_| request.clone());
        let mut answer = self
            .world
            .exchange(request, clock, None, trouble.as_ref())?;
        self.watch.answered(place, effect, &answer);
        if let Some(request) = copy {
            if self.setting.has(Mutant::BlindRetry) && is_lost_post(&request, &answer) {
                answer = self.world.exchange(request.clone(), clock, None, None)?;
            }
            answer = self.setting.tampered(&request, answer);
        }
        self.look()?;
        // A refusal to serve is small.
        if too_large.is_some() && matches!(&answer, Answer::Http(it) if it.status != 429) {
            answer = failed(FailureKind::TooLarge);
        }
        if let Some(BlowKind::Instance(Fault::Slow { ms })) = &trouble {
            let then = self.world.now.after(Duration::from_millis(*ms));
            self.pass_until(then)?;
        }
        self.note(|| {
            let came = match &answer {
                Answer::Http(response) => response.status.to_string(),
                other => format!("{other:?}"),
            };
            format!(
                "step {step}: connector {place}: {method:?} {} {} -> {came} {}",
                url.unwrap_or_default(),
                body.unwrap_or_default(),
                trouble.map(|it| format!("{it:?}")).unwrap_or_default(),
            )
        });
        if writes {
            self.desk.look_at_statuses(&self.world);
        }
        if let (Some(ticket), Answer::Http(response)) = (sets_status, &answer)
            && response.status == 200
        {
            self.desk.status_set.remove(&ticket);
        }
        Ok(answer)
    }

    /// No ticket is written to that stands for no case, or that was part of another before the work began. Says whose
    /// status is set.
    fn may_write(
        &mut self,
        place: usize,
        request: &HttpRequest,
        operation: u64,
    ) -> Result<Option<i64>, String> {
        let Some((_, path)) = request.url.split_once("/service/tickets/") else {
            if request.url.contains("/service/tickets?") {
                self.note_births();
            }
            return Ok(None);
        };
        let number = path.split(['/', '?']).next().unwrap_or_default();
        let Ok(ticket) = number.parse::<i64>() else {
            return Ok(None);
        };
        if self.desk.bystanders.contains_key(&ticket) {
            return Err(format!(
                "ticket {ticket} stands for no case and is written to"
            ));
        }
        let began = self.nodes[place]
            .as_ref()
            .and_then(|node| node.began.get(&operation).copied());
        if let (Some((parent, merged_at)), Some(began)) = (self.desk.merged.get(&ticket), began)
            && began > *merged_at
        {
            return Err(format!(
                "ticket {ticket} became part of {parent} at step {merged_at} and is written to by work that began at step {began}"
            ));
        }
        let status = br#""path":"status""#;
        let sets = request.method == Method::Patch
            && request.body.iter().any(|part| match part {
                BodyPart::Bytes(bytes) => {
                    bytes.windows(status.len()).any(|window| window == status)
                }
                BodyPart::Attachment { .. } => false,
            });
        if sets {
            self.desk.status_asked.insert(ticket);
        }
        Ok(sets.then_some(ticket))
    }

    /// Notes the status of each case whose ticket is being asked for.
    pub(super) fn note_births(&mut self) {
        for (_, entry) in entries(&mut self.world.store) {
            let action = &entry["intent"]["action"];
            if let (Some(reference), Some(status)) = (
                action["reference"].as_str(),
                action["written"]["case_status"].as_str(),
            ) {
                let born_as = self.desk.born_as.entry(reference.to_owned()).or_default();
                born_as.insert(status.to_owned());
            }
        }
    }

    /// A write that leaves is recorded before.
    pub(super) fn is_intended(&mut self, request: &HttpRequest) -> Result<(), String> {
        match self.watch.is_intended(&mut self.world.store, request)? {
            Intended::Yes => Ok(()),
            Intended::Elsewhere => self.world.intent_is_recorded(&format!(
                "{} {}",
                request.method.as_str(),
                request.url
            )),
        }
    }

    fn keep(&mut self, request: &StoreRequest) -> Result<Answer, String> {
        self.write_all()?;
        let commits = matches!(request, StoreRequest::Commit(batch) if !batch.expect.is_empty());
        let trouble = self.trouble(|trouble| match trouble {
            Trouble::Store(StoreTrouble::Conflict) if !commits => None,
            Trouble::Store(kind) => Some(*kind),
            _ => None,
        });
        match trouble {
            Some(StoreTrouble::Fails) => return Ok(failed(FailureKind::Other)),
            Some(StoreTrouble::Conflict) => return Ok(Answer::Store(StoreAnswer::Conflict)),
            Some(StoreTrouble::AnswerLost) | None => {}
        }
        let answer = match request {
            StoreRequest::Commit(batch) => self.commit(batch)?,
            _ => self.world.store.perform(request)?,
        };
        self.counts.conflicts += u64::from(answer == StoreAnswer::Conflict);
        Ok(match trouble {
            Some(_) => failed(FailureKind::Other),
            None => Answer::Store(answer),
        })
    }

    fn commit(&mut self, batch: &Batch) -> Result<StoreAnswer, String> {
        match self.setting.mutant {
            Some(Mutant::LostConflict) => self.write(&Batch {
                expect: Vec::new(),
                ..batch.clone()
            }),
            Some(Mutant::ActsFirst) => {
                let mut copy = self.world.store.clone();
                let answer = copy.perform(&StoreRequest::Commit(batch.clone()))?;
                if answer != StoreAnswer::Conflict {
                    self.unwritten.push(batch.clone());
                }
                Ok(answer)
            }
            _ => self.write(batch),
        }
    }

    fn write(&mut self, batch: &Batch) -> Result<StoreAnswer, String> {
        let store = &mut self.world.store;
        let answer = store.perform(&StoreRequest::Commit(batch.clone()))?;
        if answer != StoreAnswer::Conflict {
            self.watch.committed(store, batch, &self.desk)?;
        }
        Ok(answer)
    }

    /// Makes durable what was only said to be.
    fn write_all(&mut self) -> Result<(), String> {
        for batch in std::mem::take(&mut self.unwritten) {
            self.write(&batch)?;
        }
        Ok(())
    }
}
