use crate::{
    delivery::Delivery,
    effect::Batch,
    environment::Environment,
    error::{Code, Error, Result},
    runtime::Context,
    store::{records, session},
};

const PAGE: u32 = 64;
const TRIES: u32 = 10;

/// Offers the host, in order, what it has not yet taken over of a case. What it does not take stays in the store and is
/// offered again with the case's next delivery, or by the next connector.
pub(crate) async fn deliver(cx: &Context, env: &Environment, case_id: &str) -> Result<()> {
    let _turn = cx.lock(format!("deliver {case_id}")).await;
    let mut tries = 0;
    loop {
        match deliver_page(cx, env, case_id).await {
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

/// Offers the oldest deliveries of a case and forgets those that the host took. Says how many these were.
async fn deliver_page(cx: &Context, env: &Environment, case_id: &str) -> Result<usize> {
    let page = session::scan(cx, &env.keys.deliveries_of(case_id), None, PAGE).await?;
    let mut taken = Batch::default();
    let mut refused = None;
    for record in page {
        let delivery: Delivery = records::read(&record.key, &record.value)?;
        if let Err(failure) = cx.deliver(delivery).await {
            refused = Some(failure.message);
            break;
        }
        taken.delete.push(record.key);
    }
    let count = taken.delete.len();
    if count > 0 {
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
