use super::announce::Announcement;
use crate::{
    delivery::Event,
    effect::Batch,
    environment::Environment,
    error::{Code, Result},
    runtime::Context,
    store::{records::CatchAllCount, session},
};

/// How often another connector may count first.
const ROUNDS: u32 = 16;

/// Counts a ticket that was opened for the company that catches all, and warns once on a day that has more of them than
/// `companies.unmapped.alarm_at` (row M7). A ticket whose opening a crash interrupted may be missing from the count.
pub(super) async fn count_catch_all(cx: &Context, env: &Environment, company: &str) -> Result<()> {
    let _turn = cx.lock("catch all").await;
    let alarm_at = env.settings.config().companies.unmapped.alarm_at();
    let mut round = 0;
    loop {
        let day: String = cx.now().to_string().chars().take(10).collect();
        let mut stored = session::get_one::<CatchAllCount>(cx, env.keys.catch_all()).await?;
        let count = stored.value.get_or_insert_with(CatchAllCount::default);
        if count.day != day {
            *count = CatchAllCount {
                day: day.clone(),
                ..CatchAllCount::default()
            };
        }
        count.tickets += 1;
        let mut batch = Batch::default();
        let mut announcement = None;
        if count.tickets > alarm_at && !count.told {
            count.told = true;
            let event = Event::CatchAllGrows {
                day,
                tickets: count.tickets,
                company: company.to_owned(),
            };
            announcement = Some(Announcement::add(cx, env, event, &mut batch).await?);
        }
        batch.save(&stored)?;
        match session::commit(cx, batch).await {
            Err(error) if error.code == Code::StoreConflict && round < ROUNDS => round += 1,
            Err(error) => return Err(error),
            Ok(_) => {
                if let Some(announcement) = announcement {
                    announcement.offer(cx);
                }
                return Ok(());
            }
        }
    }
}
