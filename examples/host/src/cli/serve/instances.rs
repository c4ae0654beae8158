//! The instances that are served, of which one may be replaced while the others go on.

use super::{
    Configured,
    feed::Feed,
    instance::{Ask, Instance},
};
use crate::{
    cli::{
        session,
        terminal::{Done, Stop},
    },
    store::Desk,
};
use casewire::{Config, Credentials, Inventory, Settings};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// How often it is looked whether an instance has stopped.
const GLANCE: Duration = Duration::from_millis(20);

/// Where an instance's keys come from. They are read anew for every connector.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) enum Keys {
    /// Environment variables.
    Environment,
    /// The simulator's own.
    Simulator,
}

impl Keys {
    /// The keys of an instance.
    pub(super) fn of(self, instance: &str) -> Done<Credentials> {
        match self {
            Self::Environment => session::credentials_of(instance),
            Self::Simulator => {
                use casewire_simulator::{PRIVATE_KEY, PUBLIC_KEY};
                Credentials::keys(PUBLIC_KEY, PRIVATE_KEY).map_err(Stop::refused)
            }
        }
    }
}

/// What an instance is made of, and made of again once its configuration is saved.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) keys: Keys,
    pub(super) inventory: Option<Inventory>,
    /// The file of devices, which is read whenever they are due.
    pub(super) devices: Option<PathBuf>,
}

/// The instances by name.
#[derive(Debug, Default)]
pub(super) struct Instances {
    served: Mutex<BTreeMap<String, (Arc<Instance>, Source)>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Instances {
    pub(super) fn get(&self, name: &str) -> Option<Arc<Instance>> {
        let served = lock(&self.served);
        served.get(name).map(|(instance, _)| Arc::clone(instance))
    }

    pub(super) fn source(&self, name: &str) -> Option<Source> {
        lock(&self.served)
            .get(name)
            .map(|(_, source)| source.clone())
    }

    /// In the order of their names.
    pub(super) fn all(&self) -> Vec<Arc<Instance>> {
        let served = lock(&self.served);
        let all = served.values().map(|(instance, _)| Arc::clone(instance));
        all.collect()
    }

    pub(super) fn len(&self) -> usize {
        lock(&self.served).len()
    }

    /// Begins to serve an instance.
    pub(super) fn start(&self, configured: Configured, desk: &Desk, feed: &Feed) -> Done {
        let source = configured.source.clone();
        let (instance, thread) = configured.start(desk, feed)?;
        lock(&self.threads).push(thread);
        let name = instance.name().to_owned();
        lock(&self.served).insert(name, (instance, source));
        Ok(())
    }

    /// Has an instance finish what is under way, at most for `grace`, and goes on with another configuration; with the old one
    /// where the new one does not start. What is handed over meanwhile is refused and may be sent again.
    pub(super) fn replace(
        &self,
        name: &str,
        config: Config,
        desk: &Desk,
        feed: &Feed,
        grace: Duration,
    ) -> Done {
        let (Some(old), Some(source)) = (self.get(name), self.source(name)) else {
            return Err(Stop::failed("there is no such instance"));
        };
        let settings = Settings::new(config).map_err(Stop::refused)?;
        let end = Instant::now() + grace;
        old.ask(Ask::Stop(end));
        while old.status().stopped.is_none() && Instant::now() < end + grace {
            std::thread::sleep(GLANCE);
        }
        let before = old.settings.config().clone();
        let before = Configured {
            settings: Settings::new(before).map_err(Stop::refused)?,
            source: source.clone(),
        };
        let next = Configured { settings, source };
        self.start(next, desk, feed).or_else(|stop| {
            self.start(before, desk, feed)?;
            Err(stop)
        })
    }

    /// Waits for the threads of all instances, those that were replaced among them.
    pub(super) fn join(&self) {
        let threads = std::mem::take(&mut *lock(&self.threads));
        for thread in threads {
            let _ = thread.join();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
