use crate::{
    command::Command,
    delivery::{Delivery, Event, Subject},
    effect::Batch,
    environment::Environment,
    error::Result,
    runtime::Context,
    store::{records::InstanceEvents, session},
};

/// An event of the instance as a whole, to be told with the commit that it was added to.
#[must_use]
#[derive(Debug)]
pub(super) struct Announcement(Subject);

impl Announcement {
    /// Adds the event to a batch. The batch then fails where another event of the instance comes first.
    pub(super) async fn add(
        cx: &Context,
        env: &Environment,
        event: Event,
        batch: &mut Batch,
    ) -> Result<Self> {
        let subject = Subject::Instance(env.settings.config().instance.clone());
        let key = env.keys.instance_events();
        let mut events = session::get_one::<InstanceEvents>(cx, key).await?;
        let count = events.value.get_or_insert_with(InstanceEvents::default);
        count.deliveries += 1;
        let delivery = Delivery {
            id: env.keys.delivery_id(&subject, count.deliveries),
            subject: subject.clone(),
            at: cx.now(),
            event,
            ticket: None,
        };
        let key = env.keys.delivery(&subject, count.deliveries);
        batch.put_record(key, &delivery)?;
        batch.save(&events)?;
        Ok(Self(subject))
    }

    /// Offers the host what was added, once it is committed.
    pub(super) fn offer(self, cx: &Context) {
        cx.spawn(Command::Deliver {
            subjects: vec![self.0],
        });
    }
}
