use super::told_status::{note_heard, number_of};
use crate::{
    delivery::{Delivery, Subject},
    effect::Batch,
    environment::Environment,
    error::{Code, Error, Result},
    runtime::{Context, join_all},
    store::{records, session},
};

const PAGE: u32 = 64;
const TRIES: u32 = 10;

/// Subjects whose deliveries are offered side by side.
const ABREAST: usize = 16;

/// Offers the host, in order, what it has not yet taken over of each subject. What it does not take stays in the store and
/// is offered again with the subject's next delivery, or by the next connector.
pub(crate) async fn deliver(cx: &Context, env: &Environment, subjects: &[Subject]) -> Result<()> {
    let mut result = Ok(());
    for subjects in subjects.chunks(ABREAST) {
        let offers = subjects.iter().map(|subject| offer(cx, env, subject));
        let failed = join_all(offers).await.into_iter().find(Result::is_err);
        if result.is_ok() {
            result = failed.unwrap_or(Ok(()));
        }
    }
    result
}

async fn offer(cx: &Context, env: &Environment, subject: &Subject) -> Result<()> {
    let prefix = env.keys.deliveries_of(subject);
    let _turn = cx.lock(format!("deliver {prefix}")).await;
    let mut tries = 0;
    loop {
        match offer_page(cx, env, &prefix).await {
            Ok(0) => return Ok(()),
            Ok(_) => tries = 0,
            Err(error) if tries == TRIES => return Err(error),
            Err(_) => {
                cx.sleep_until(cx.now().after(cx.backoff(tries))).await;
                tries += 1;
            }
        }
    }
}

/// Offers the oldest deliveries of a subject and forgets those that the host took. Says how many these were.
async fn offer_page(cx: &Context, env: &Environment, prefix: &str) -> Result<usize> {
    let page = session::scan(cx, prefix, None, PAGE).await?;
    let mut taken = Batch::default();
    let mut heard = Vec::new();
    let mut refused = None;
    for record in page {
        let delivery: Delivery = records::read(&record.key, &record.value)?;
        if let Err(failure) = cx.deliver(delivery.clone()).await {
            refused = Some(failure.message);
            break;
        }
        heard.extend(number_of(&record.key).map(|number| (number, delivery)));
        taken.delete.push(record.key);
    }
    let count = taken.delete.len();
    if count > 0 {
        note_heard(cx, env, &heard, &mut taken).await?;
        session::commit(cx, taken).await?;
    }
    match refused {
        Some(why) => Err(Error::new(
            Code::NotDelivered,
            format!("the host did not take it over: {why}"),
        )),
        None => Ok(count),
    }
}
