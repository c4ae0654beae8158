//! A desk over PostgreSQL: several connections for records, and one for tasks, which keep their order.

use super::{Desk, GROUP, Job, State, Task, lock};
use crate::store::{
    HostStore as _, PostgresAddress, PostgresStore,
    postgres::{Session, Within},
    sql::SqlError,
};
use postgres::IsolationLevel;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver},
    },
    thread,
    time::Duration,
};

/// Connections for records. While one waits for the server's disk, others read.
const CONNECTIONS: usize = 4;
/// How often a transaction is tried that others are in the way of.
const TRIES: u32 = 12;

pub(super) fn open(address: &PostgresAddress, tables: &str) -> Result<Desk, String> {
    let named = |error| format!("the store {address}: {error}");
    let mut first = PostgresStore::open(address)?;
    first.add_tables(tables).map_err(named)?;
    let state = Arc::<State>::default();
    let (records, queue) = mpsc::channel();
    let queue = Arc::new(Mutex::new(queue));
    for _ in 0..CONNECTIONS {
        let mut store = PostgresStore::open(address)?;
        let (queue, state) = (Arc::clone(&queue), Arc::clone(&state));
        start(&state.clone(), move || {
            perform_records(&mut store, &queue, &state);
        })?;
    }
    let (tasks, queue) = mpsc::channel();
    let shared = Arc::clone(&state);
    start(&state, move || perform_tasks(&mut first, &queue, &shared))?;
    Ok(Desk {
        records,
        tasks,
        state,
        shared: true,
    })
}

fn start(state: &State, work: impl FnOnce() + Send + 'static) -> Result<(), String> {
    let thread = thread::Builder::new()
        .name("casewire-store".to_owned())
        .spawn(work)
        .map_err(|error| error.to_string())?;
    lock(&state.threads).push(thread);
    Ok(())
}

/// Takes what waits; says whether to close after it.
fn take(queue: &Receiver<Job>, most: usize) -> (Vec<Job>, bool) {
    let mut jobs = Vec::new();
    let Ok(first) = queue.recv() else {
        return (jobs, true);
    };
    let others = std::iter::from_fn(|| queue.try_recv().ok()).take(most - 1);
    for job in std::iter::once(first).chain(others) {
        match job {
            Job::Close => return (jobs, true),
            job => jobs.push(job),
        }
    }
    (jobs, false)
}

fn perform_records(store: &mut PostgresStore, queue: &Mutex<Receiver<Job>>, state: &State) {
    loop {
        // One connection takes what one connector asks: those of others are performed side by side.
        let (jobs, closing) = {
            let queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
            take(&queue, 1)
        };
        for job in jobs {
            let Job::Records(requests, answers) = job else {
                continue;
            };
            let performed = store.perform_all(&requests);
            let failed = performed.iter().find_map(|answer| answer.clone().err());
            state.note(&failed.map_or(Ok(()), Err));
            let _ = answers.send(performed);
        }
        if closing {
            return;
        }
    }
}

fn perform_tasks(store: &mut PostgresStore, queue: &Receiver<Job>, state: &State) {
    loop {
        let (jobs, closing) = take(queue, GROUP);
        let mut tasks: Vec<Box<dyn Task>> = jobs
            .into_iter()
            .filter_map(|job| match job {
                Job::Task(task) => Some(task),
                _ => None,
            })
            .collect();
        let result = together(store, &mut tasks);
        // One of them may keep the others back. Where the connection is lost, all may be done.
        let undone = result.as_ref().is_err_and(|error| !error.lost);
        let alone = undone && tasks.len() > 1;
        for mut task in tasks {
            let result = match alone {
                true => together(store, std::slice::from_mut(&mut task)),
                false => result.clone(),
            };
            tell(task, result, state);
        }
        if closing {
            return;
        }
    }
}

fn tell(task: Box<dyn Task>, result: Result<(), SqlError>, state: &State) {
    let result = result.map_err(|error| error.to_string());
    state.note(&result);
    task.tell(result);
}

/// Performs tasks in one transaction that sees one state of the database, and again where another process changed what they
/// rest on.
fn together(store: &mut PostgresStore, tasks: &mut [Box<dyn Task>]) -> Result<(), SqlError> {
    if tasks.is_empty() {
        return Ok(());
    }
    let mut tried = 0;
    loop {
        match store.with_session(|session| attempt(session, tasks)) {
            Err(error) if error.again && tried < TRIES => {
                tried += 1;
                thread::sleep(Duration::from_millis(u64::from(tried * tried)));
            }
            result => return result,
        }
    }
}

fn attempt(session: &mut Session, tasks: &mut [Box<dyn Task>]) -> Result<(), (SqlError, bool)> {
    let (client, statements) = session.parts();
    let mut transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .start()
        .map_err(|error| (SqlError::from(error), false))?;
    for task in tasks {
        let mut tables = Within::new(&mut transaction, statements);
        task.perform(&mut tables).map_err(|error| (error, false))?;
    }
    transaction.commit().map_err(|error| {
        let error = SqlError::from(error);
        // A transaction that others were in the way of is undone.
        let may_be_done = !error.again;
        (error, may_be_done)
    })
}
