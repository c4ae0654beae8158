use super::{announce, forget::next_forgetting, work_queue::next_work};
use crate::{
    catalog::Catalog,
    environment::Environment,
    error::Result,
    runtime::Context,
    schedule::{Due, Schedule, Task, TaskRecords, due, due_queue},
    store::{records::TaskRun, session},
};

/// Says which tasks are due, from the records of their last runs, and warns of keys that end.
pub(crate) async fn due_tasks(cx: &Context, env: &Environment) -> Result<Schedule> {
    announce::tell_credential_expiry(cx, env).await?;
    let mut tasks = Vec::new();
    for task in Task::ALL {
        if *task == Task::WorkQueue {
            let first = next_work(cx, env).await?;
            tasks.extend(first.map(|first| due_queue(first, cx.now())));
            continue;
        }
        if *task == Task::ForgetOld {
            tasks.extend(next_forgetting(cx, env).await?);
            continue;
        }
        let keys = vec![env.keys.run(*task), env.keys.wanted(*task)];
        let mut records = session::get_many::<TaskRun>(cx, keys).await?.into_iter();
        let mut next = || records.next().and_then(|stored| stored.value);
        let (run, wanted) = (next(), next());
        let last = match task {
            Task::ReadCatalog => session::get_one::<Catalog>(cx, env.keys.catalog())
                .await?
                .value
                .map(|catalog| catalog.read_at),
            Task::AutoMap
            | Task::EnsureCallbacks
            | Task::Poll
            | Task::RetryOutbox
            | Task::SendDevices
            | Task::ForgetOld
            | Task::Reconcile
            | Task::WorkQueue => run.map(|run| run.at),
        };
        let records = TaskRecords {
            last,
            wanted: wanted.map(|wanted| (wanted.at, wanted.reason)),
        };
        tasks.extend(due(*task, env.settings.config(), records, cx.now()));
    }
    let retry = *env.next_try.lock();
    tasks.extend(retry.map(|at| Due::of_retry(at, cx.now())));
    Ok(Schedule::of(tasks))
}
