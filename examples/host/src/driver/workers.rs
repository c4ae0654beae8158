use crate::transport::{Client, Transport};
use casewire::effect::{Answer, EffectId, Failure, FailureKind, HttpRequest};
use std::{
    collections::BTreeSet,
    fs::File,
    io::Read as _,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
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
    jobs: Sender<(EffectId, Job)>,
    answers: Sender<(EffectId, Answer)>,
    /// Jobs that nobody wants any more, where they have not begun.
    cancelled: Arc<Mutex<BTreeSet<EffectId>>>,
}

impl Workers {
    pub(super) fn start(
        transport: &dyn Transport,
        count: usize,
        answers: &Sender<(EffectId, Answer)>,
    ) -> Self {
        let (jobs, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let cancelled = Arc::new(Mutex::new(BTreeSet::new()));
        for _ in 0..count {
            let mut client = transport.client();
            let (queue, cancelled) = (Arc::clone(&queue), Arc::clone(&cancelled));
            let answers = answers.clone();
            thread::spawn(move || {
                while let Some((id, job)) = take(&queue) {
                    if lock(&cancelled).remove(&id) {
                        continue;
                    }
                    let answer = catch_unwind(AssertUnwindSafe(|| run(client.as_mut(), job)))
                        .unwrap_or_else(|_| {
                            failed(FailureKind::Unanswered, "the transport panicked")
                        });
                    lock(&cancelled).remove(&id);
                    if answers.send((id, answer)).is_err() {
                        return;
                    }
                }
            });
        }
        Self {
            jobs,
            answers: answers.clone(),
            cancelled,
        }
    }

    pub(super) fn perform(&self, id: EffectId, job: Job) {
        if self.jobs.send((id, job)).is_err() {
            let answer = failed(FailureKind::NotSent, "no worker is left");
            let _ = self.answers.send((id, answer));
        }
    }

    /// Keeps a job from beginning. One that is under way goes on, and its answer is ignored.
    pub(super) fn cancel(&self, id: EffectId) {
        lock(&self.cancelled).insert(id);
    }
}

fn take(queue: &Mutex<Receiver<(EffectId, Job)>>) -> Option<(EffectId, Job)> {
    lock(queue).recv().ok()
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
fn log(request: &HttpRequest, result: &Result<casewire::effect::HttpResponse, Failure>) {
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

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
