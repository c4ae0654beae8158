use super::mailbox::Mailbox;
use crate::transport::{Client, Transport};
use casewire::effect::{Answer, EffectId, Failure, FailureKind, HttpRequest, HttpResponse};
use std::{
    collections::VecDeque,
    fs::File,
    io::Read as _,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

/// What a worker does.
pub(super) enum Job {
    Send(HttpRequest),
    /// Read the content that a token names: the file of that path.
    Fetch(String),
}

/// Largest content that is read into memory.
const MAX_CONTENT: u64 = 64 << 20;

/// Threads that take jobs from one queue.
pub(super) struct Workers {
    queue: Arc<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<(EffectId, Job)>,
    closed: bool,
}

impl Workers {
    pub(super) fn start(transport: &dyn Transport, count: usize, answers: &Mailbox) -> Self {
        let queue = Arc::new(Queue::default());
        for _ in 0..count {
            let mut client = transport.client();
            let (queue, answers) = (Arc::clone(&queue), answers.clone());
            thread::spawn(move || {
                while let Some((id, job)) = queue.take() {
                    let answer = catch_unwind(AssertUnwindSafe(|| run(client.as_mut(), job)));
                    let answer = answer.unwrap_or_else(|_| {
                        failed(FailureKind::Unanswered, "the transport panicked")
                    });
                    if !answers.answer(id, answer) {
                        return;
                    }
                }
            });
        }
        Self { queue }
    }

    pub(super) fn perform(&self, id: EffectId, job: Job) {
        self.queue.lock().jobs.push_back((id, job));
        self.queue.changed.notify_one();
    }

    /// Keeps a job from beginning. One that is under way goes on, and its answer is ignored.
    pub(super) fn cancel(&self, id: EffectId) {
        self.queue.lock().jobs.retain(|(job, _)| *job != id);
    }
}

impl Drop for Workers {
    /// Lets the threads end; nobody waits for a request that is under way.
    fn drop(&mut self) {
        self.queue.lock().closed = true;
        self.queue.changed.notify_all();
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Option<(EffectId, Job)> {
        let mut waiting = self.lock();
        loop {
            if waiting.closed {
                return None;
            }
            if let Some(job) = waiting.jobs.pop_front() {
                return Some(job);
            }
            waiting = self
                .changed
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn run(client: &mut dyn Client, job: Job) -> Answer {
    match job {
        Job::Send(request) => {
            let result = client.send(&request);
            log(&request, &result);
            result.map_or_else(Answer::Failed, Answer::Http)
        }
        Job::Fetch(path) => match read(&path) {
            Ok(bytes) => Answer::Fetched(bytes),
            Err(error) => failed(FailureKind::Other, &format!("{path}: {error}")),
        },
    }
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(MAX_CONTENT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_CONTENT {
        return Err(format!("is larger than {MAX_CONTENT} bytes"));
    }
    Ok(bytes)
}

/// One line for a request; headers and bodies never go into the log.
fn log(request: &HttpRequest, result: &Result<HttpResponse, Failure>) {
    let (method, url) = (request.method.as_str(), &request.url);
    match result {
        Ok(response) => {
            tracing::debug!(
                status = response.status,
                bytes = response.body.len(),
                "{method} {url}"
            );
        }
        Err(failure) => {
            tracing::warn!(kind = ?failure.kind, "{method} {url}: {}", failure.message);
        }
    }
}

fn failed(kind: FailureKind, message: &str) -> Answer {
    Answer::Failed(Failure::new(kind, message))
}
