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
        let page = session::scan(cx, &env.keys.deliveries_of(case_id), None, PAGE).await?;
        if page.is_empty() {
            return Ok(());
        }
        let mut taken = Batch::default();
        let mut failure = None;
        for record in page {
            let delivery: Delivery = records::read(&record.key, &record.value)?;
            match cx.deliver(delivery).await {
                Ok(()) => taken.delete.push(record.key),
                Err(why) => {
                    failure = Some(why.message);
                    break;
                }
            }
        }
        if !taken.delete.is_empty() {
            session::commit(cx, taken).await?;
        }
        if let Some(why) = failure {
            if tries == TRIES {
                return Err(Error::new(
                    Code::NotDelivered,
                    format!("the host did not take it over: {why}"),
                ));
            }
            cx.sleep_until(cx.now().after(cx.backoff(tries))).await;
            tries += 1;
        }
    }
}
