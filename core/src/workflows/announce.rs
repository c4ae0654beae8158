use super::event_log;
use crate::{
    command::Command,
    delivery::{Delivery, Event, Subject},
    effect::Batch,
    environment::Environment,
    error::{Code, Result},
    event_log::About,
    preflight::credential_expiry,
    runtime::Context,
    store::{
        records::{InstanceEvents, ToldExpiry},
        session,
    },
};

/// How often others may get in first before an event is left to the next occasion.
pub(crate) const ROUNDS: u32 = 8;

/// An event of the instance as a whole, to be told with the commit that it was added to.
#[must_use]
#[derive(Debug)]
pub(crate) struct Announcement(Subject);

impl Announcement {
    /// Adds the event to a batch. The batch then fails where another event of the instance comes first.
    pub(crate) async fn add(
        cx: &Context,
        env: &Environment,
        event: Event,
        batch: &mut Batch,
    ) -> Result<Self> {
        Self::add_noting(cx, env, event, batch, |_| {}).await
    }

    /// Adds the event, and notes beside the count of events that it was told.
    async fn add_noting(
        cx: &Context,
        env: &Environment,
        event: Event,
        batch: &mut Batch,
        note: impl FnOnce(&mut InstanceEvents) + Send,
    ) -> Result<Self> {
        let subject = Subject::Instance(env.settings.config().instance.clone());
        let key = env.keys.instance_events();
        let mut events = session::get_one::<InstanceEvents>(cx, key).await?;
        let count = events.value.get_or_insert_with(InstanceEvents::default);
        count.deliveries += 1;
        note(count);
        let delivery = Delivery {
            id: env.keys.delivery_id(&subject, count.deliveries),
            subject: subject.clone(),
            at: cx.now(),
            alert: env.settings.alert(event.kind()),
            event,
            ticket: None,
        };
        let key = env.keys.delivery(&subject, count.deliveries);
        batch.put_record(key, &delivery)?;
        event_log::keep(env, &delivery, &About::default(), None, batch)?;
        batch.save(&events)?;
        Ok(Self(subject))
    }

    /// Offers the host what was added, once it is committed.
    pub(crate) fn offer(self, cx: &Context) {
        cx.spawn(Command::Deliver {
            subjects: vec![self.0],
        });
    }
}

/// Tells the host once that the API member's keys end soon, and once that they have ended (row C4).
///
/// # Errors
///
/// What the store came to.
pub(crate) async fn tell_credential_expiry(cx: &Context, env: &Environment) -> Result<()> {
    let connection = &env.settings.config().connection;
    let Some(expiry) = credential_expiry(connection, cx.now()).filter(|expiry| expiry.warn) else {
        return Ok(());
    };
    let tell = ToldExpiry {
        day: expiry.day.clone(),
        expired: expiry.expired,
    };
    let mut round = 0;
    loop {
        let events = session::get_one::<InstanceEvents>(cx, env.keys.instance_events()).await?;
        if events.value.and_then(|events| events.expiry).as_ref() == Some(&tell) {
            return Ok(());
        }
        let event = Event::CredentialExpiring {
            day: expiry.day.clone(),
            days_left: expiry.days_left,
        };
        let mut batch = Batch::default();
        let announcement = Announcement::add_noting(cx, env, event, &mut batch, |events| {
            events.expiry = Some(tell.clone());
        })
        .await?;
        match session::commit(cx, batch).await {
            Err(error) if error.code == Code::StoreConflict && round < ROUNDS => round += 1,
            Err(error) => return Err(error),
            Ok(_) => {
                announcement.offer(cx);
                return Ok(());
            }
        }
    }
}
