//! casewire as a service: takes cases in over HTTP, works on them, takes callbacks in, and gives back what comes.

use super::{
    Instance as Named, log, session,
    stop::StopSign,
    store_choice::StoreChoice,
    terminal::{Done, Stop, say},
};
use crate::{
    clock::now,
    store::{Desk, Place},
};
use casewire::{Config, Inventory, Settings};
use clap::Args;
use std::{
    collections::BTreeMap,
    env,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

mod feed;
mod instance;
mod instances;
mod pump;
mod tables;
mod web;
mod webhooks;

use feed::Feed;
use instance::{Ask, Instance};
pub(super) use instances::Keys;
use instances::{Instances, Source};
use pump::Supplies;
pub(super) use web::Page;
use web::{App, Token, Tokens};
use webhooks::{Hook, Secret};

#[derive(Debug, Args)]
#[command(after_help = "\
Paths, all but /healthz and callbacks with 'Authorization: Bearer $CASEWIRE_TOKEN':
  POST /cases                      a case, or JSON lines; 202 once it is on the disk, ?wait=30s for what comes of it
  POST /host-events                what happened in the product; `automation` of the configuration says what it leads to
  POST /cases/{id}/comments        a comment as it stands in a case
  POST /cases/{id}/attachments     a file as the body; ?id=, file_name= and title= say what it is
  GET  /cases/{id}                 its ticket and how it stands
  GET  /operations/{id}            what came of an operation of this run
  GET  /changes?after=CURSOR       what goes back to the product: ?wait=30s, or Accept: text/event-stream
  GET  /events, /reports/{report}  what happened, oldest first; ?from=7d&until=&category=&group=&company=&user=&after=
  GET  /dashboards/{dashboard}     counts ready to be drawn; ?from=30d&bucket=day; /definitions names what there is
  GET  /audit?case=ID, GET /health what was decided and why; what waits and what is wrong, each with its fix
  GET  /metrics, GET /healthz      for Prometheus; 200 while cases are taken in
  POST .../{secret}                callbacks of ConnectWise, at any path that ends in the secret
With several configurations, name the instance: /instances/{name}/cases. The whole of it: GET /openapi.json

--dashboard gives out the page that examples/dashboard builds. What it asks for needs CASEWIRE_ADMIN_TOKEN, which may map
customers, retry cases and save the configuration; keys never reach it.

TLS is for a reverse proxy in front. Environment: CASEWIRE_TOKEN; CASEWIRE_ADMIN_TOKEN; CASEWIRE_PUBLIC_KEY and CASEWIRE_PRIVATE_KEY, or with
an instance's name behind (CASEWIRE_PUBLIC_KEY_ACME_SOC); CASEWIRE_CALLBACK_SECRET; CASEWIRE_WEBHOOK_SECRET;
PGPASSWORD for a PostgreSQL store.

Examples:
  casewire serve --config acme.json --store sqlite:acme.db
  casewire serve --config acme.json --config zen.json --store sqlite:casewire.db --listen 0.0.0.0:8480 --log-json
  casewire serve --config acme.json --store postgres://casewire@db.example/casewire --attachments /srv/casewire
  casewire serve --config acme.json --store sqlite:acme.db --inventory inventory.json --webhook https://soc.example/hook
  casewire serve --config acme.json --store sqlite:acme.db --inventory inventory.json --dashboard examples/dashboard/dist
  curl -H \"Authorization: Bearer $CASEWIRE_TOKEN\" --data-binary @case.json 'http://127.0.0.1:8480/cases?wait=30s'

Exit status: 0 stopped as asked, 2 the configuration is wrong and nothing was begun, 3 something failed.")]
pub(super) struct Arguments {
    /// The configuration of an instance, a JSON document; may be given more than once.
    #[arg(long = "config", value_name = "FILE", required = true)]
    configs: Vec<PathBuf>,
    /// Where to keep what must outlive a crash: `sqlite:PATH`, or `postgres://…` for several nodes on one database.
    #[arg(long, value_name = "STORE")]
    store: StoreChoice,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8480")]
    listen: SocketAddr,
    /// The groups and systems of the product, for automatic mapping: a file, or INSTANCE=FILE with several configurations.
    #[arg(long, value_name = "FILE")]
    inventory: Vec<String>,
    /// The devices of the product, one JSON document a line, read anew each time that they are due: a file, or INSTANCE=FILE
    /// with several configurations.
    #[arg(long, value_name = "FILE")]
    devices: Vec<String>,
    /// Post each change to this address, too: https, or loopback. May be given more than once.
    #[arg(long, value_name = "URL")]
    webhook: Vec<String>,
    /// Where uploaded files wait until their tickets hold them; beside the store where nothing is said. Over PostgreSQL it has
    /// to be named: a folder that every node of the service sees at the same path.
    #[arg(long, value_name = "FOLDER")]
    attachments: Option<PathBuf>,
    /// Most megabytes of files that wait.
    #[arg(long, value_name = "MB", default_value_t = 1024)]
    attachment_space: u64,
    /// How many days changes are kept for the feed and for webhooks; cases are kept 13 times as long for what is added later.
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=365))]
    keep: u32,
    /// From which age of the oldest case that waits on /healthz says degraded, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    max_age: u64,
    /// How many seconds a stop waits for what is under way; the rest goes on with the next start.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    grace: u64,
    /// Log as JSON lines.
    #[arg(long)]
    pub(super) log_json: bool,
    /// Give out the page in this folder at /, and what it asks for.
    #[arg(
        long,
        value_name = "FOLDER",
        conflicts_with = "allow_loopback_without_token"
    )]
    dashboard: Option<PathBuf>,
    /// Do without CASEWIRE_TOKEN where only this computer can connect.
    #[arg(long)]
    allow_loopback_without_token: bool,
}

const TOKEN: &str = "CASEWIRE_TOKEN";
const ADMIN_TOKEN: &str = "CASEWIRE_ADMIN_TOKEN";
const WEBHOOK_SECRET: &str = "CASEWIRE_WEBHOOK_SECRET";
/// How often it is looked whether to stop.
const GLANCE: Duration = Duration::from_millis(50);
/// How often what is old is forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(600);

/// Serves until it is asked to stop.
pub(super) fn serve(arguments: &Arguments) -> Done {
    let Some(place) = arguments.store.place()? else {
        return Err(Stop::refused(
            "a service needs a store that outlives it: --store sqlite:PATH or postgres://…",
        ));
    };
    let secret = webhook_secret(arguments)?;
    run(Plan {
        page: arguments.dashboard.as_deref().map(Page::read).transpose()?,
        tokens: tokens(arguments)?,
        configured: Configured::read(arguments)?,
        folder: folder(arguments, &place)?,
        store: place,
        listen: arguments.listen,
        webhooks: arguments.webhook.clone(),
        secret,
        attachment_space: arguments.attachment_space,
        keep: arguments.keep,
        max_age: arguments.max_age,
        grace: arguments.grace,
        begun: Box::new(|_| {}),
    })
}

/// All that a service is begun with.
pub(super) struct Plan {
    configured: Vec<Configured>,
    store: Place,
    folder: PathBuf,
    listen: SocketAddr,
    tokens: Tokens,
    page: Option<Page>,
    webhooks: Vec<String>,
    secret: Option<Secret>,
    attachment_space: u64,
    keep: u32,
    max_age: u64,
    grace: u64,
    /// Told once it listens.
    begun: Box<dyn FnOnce(SocketAddr)>,
}

impl Plan {
    /// A service for whoever looks at a page on this computer.
    pub(super) fn of_page(
        configured: Configured,
        folder: &Path,
        page: Page,
        token: &str,
        begun: impl FnOnce(SocketAddr) + 'static,
    ) -> Done<Self> {
        let files = folder.join("attachments");
        std::fs::create_dir_all(&files)?;
        Ok(Self {
            configured: vec![configured],
            store: Place::Sqlite(folder.join("casewire.db")),
            folder: files,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            tokens: Tokens {
                product: Some(Token::new(token)?),
                admin: Some(Token::new(token)?),
            },
            page: Some(page),
            webhooks: Vec::new(),
            secret: None,
            attachment_space: 64,
            keep: 7,
            max_age: 900,
            grace: 2,
            begun: Box::new(begun),
        })
    }
}

/// Serves until it is asked to stop.
pub(super) fn run(plan: Plan) -> Done {
    let listener = std::net::TcpListener::bind(plan.listen)
        .map_err(|error| Stop::refused(format!("--listen {}: {error}", plan.listen)))?;
    let desk = Desk::open(&plan.store, tables::TABLES).map_err(Stop::refused)?;
    let sign = StopSign::listen();
    let feed = Feed::open(&desk).map_err(Stop::failed)?;
    let instances = Instances::default();
    for configured in plan.configured {
        instances.start(configured, &desk, &feed)?;
    }
    let mut hooks = Vec::new();
    let mut posters = Vec::new();
    for url in &plan.webhooks {
        let hook = Arc::new(Hook {
            url: url.clone(),
            ..Hook::default()
        });
        if let Some(secret) = plan.secret.clone() {
            posters.push(webhooks::start(Arc::clone(&hook), secret, feed.clone())?);
        }
        hooks.push(hook);
    }
    let app = Arc::new(App {
        instances,
        desk: desk.clone(),
        feed,
        hooks,
        tokens: plan.tokens,
        page: plan.page,
        folder_used: AtomicU64::new(used(&plan.folder)?),
        folder: plan.folder,
        folder_limit: plan.attachment_space << 20,
        uploads: AtomicU64::new(0),
        run: format!("{:x}", now().millis()),
        max_age: Duration::from_secs(plan.max_age),
        grace: Duration::from_secs(plan.grace),
        saving: tokio::sync::Mutex::new(()),
        stopping: AtomicBool::new(false),
        answered: Mutex::default(),
    });
    (plan.begun)(listener.local_addr()?);
    let keep = Duration::from_secs(u64::from(plan.keep) * 86_400);
    let result = listen(listener, &app, &sign, keep);
    // Also where listening failed: the threads end and the store is closed.
    stop(&app, Instant::now());
    app.instances.join();
    for thread in posters {
        let _ = thread.join();
    }
    desk.close();
    tracing::info!("stopped");
    result
}

/// Runs the HTTP side until the sign is raised, and then as long as something is under way, at most `grace`.
fn listen(
    listener: std::net::TcpListener,
    app: &Arc<App>,
    sign: &StopSign,
    keep: Duration,
) -> Done {
    let grace = app.grace;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let result = runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        say(&format!("casewire listens on http://{address}"))?;
        tracing::info!(%address, instances = app.instances.len(), "listening");
        tokio::spawn(keep_house(Arc::clone(app), keep));
        tokio::spawn(app.feed.clone().follow());
        let raised = {
            let (app, sign) = (Arc::clone(app), sign.clone());
            async move {
                while !sign.is_raised() {
                    tokio::time::sleep(GLANCE).await;
                }
                tracing::info!("stopping");
                stop(&app, Instant::now() + grace);
            }
        };
        let (down, is_down) = tokio::sync::oneshot::channel();
        let router = web::router(Arc::clone(app));
        let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
            raised.await;
            let _ = down.send(());
        });
        let serving = tokio::spawn(serving.into_future());
        // An error of the listener ends it before anyone raises the sign.
        let ended = match is_down.await {
            Ok(()) => tokio::time::timeout(grace, serving).await,
            Err(_) => Ok(serving.await),
        };
        match ended {
            Ok(Ok(served)) => served.map_err(|error| Stop::failed(format!("listening: {error}"))),
            Ok(Err(error)) => Err(Stop::failed(error)),
            // Whoever is still connected is cut off; nothing of it was taken over.
            Err(_) => Ok(()),
        }
    });
    if result.is_ok() {
        wait_for_pumps(app, grace);
    }
    runtime.shutdown_timeout(Duration::from_secs(1));
    result
}

/// Takes nothing more in, sends those home who wait, and has the pumps finish.
fn stop(app: &App, deadline: Instant) {
    app.stopping.store(true, Ordering::Release);
    app.feed.end();
    for instance in app.instances.all() {
        instance.ask(Ask::Stop(deadline));
    }
}

fn wait_for_pumps(app: &App, grace: Duration) {
    let end = Instant::now() + grace;
    let works = || {
        let all = app.instances.all();
        all.iter()
            .any(|instance| instance.status().stopped.is_none())
    };
    while works() && Instant::now() < end {
        std::thread::sleep(GLANCE);
    }
}

/// Forgets what is old, now and then.
async fn keep_house(app: Arc<App>, keep: Duration) {
    loop {
        let forgotten = app.desk.ask(move |sql| tables::forget(sql, now(), keep));
        match forgotten.await {
            Ok(0) => {}
            Ok(lost) => tracing::error!("{lost} changes were forgotten before a webhook took them"),
            Err(error) => tracing::warn!("what is old could not be forgotten: {error}"),
        }
        web::sweep(&app).await;
        tokio::time::sleep(FORGET_EVERY).await;
    }
}

/// An instance before it is served.
pub(super) struct Configured {
    settings: Settings,
    source: Source,
}

impl Configured {
    /// One whose configuration is read from a file.
    pub(super) fn new(
        path: PathBuf,
        config: Config,
        keys: Keys,
        inventory: Option<Inventory>,
    ) -> Done<Self> {
        Ok(Self {
            settings: Settings::new(config).map_err(Stop::refused)?,
            source: Source {
                path,
                keys,
                inventory,
                devices: None,
            },
        })
    }

    fn read(arguments: &Arguments) -> Done<Vec<Self>> {
        let mut inventories = files("--inventory", &arguments.inventory, &arguments.configs)?;
        let mut devices = files("--devices", &arguments.devices, &arguments.configs)?;
        let mut all: Vec<Self> = Vec::new();
        for path in &arguments.configs {
            let config = session::configuration(&Named {
                config: path.clone(),
            })?;
            let name = config.instance.clone();
            if all
                .iter()
                .any(|other| other.settings.config().instance == name)
            {
                return Err(Stop::refused(format!(
                    "{}: another configuration names its instance '{name}', too: give each a name of its own",
                    path.display()
                )));
            }
            let own = |files: &mut BTreeMap<String, PathBuf>| {
                files.remove(&name).or_else(|| files.remove(""))
            };
            let inventory = own(&mut inventories).map(|path| session::inventory(&path));
            let devices = own(&mut devices);
            let keys = Keys::Environment;
            keys.of(&name)?;
            let mut configured = Self::new(path.clone(), config, keys, inventory.transpose()?)?;
            configured.source.devices = devices;
            all.push(configured);
        }
        for (option, left) in [("--inventory", inventories), ("--devices", devices)] {
            if let Some(name) = left.keys().next() {
                return Err(Stop::refused(format!(
                    "{option}: '{name}' is no instance of a configuration"
                )));
            }
        }
        Ok(all)
    }

    fn start(self, desk: &Desk, feed: &Feed) -> Done<(Arc<Instance>, JoinHandle<()>)> {
        let (asks, inbox) = mpsc::channel();
        let secret = session::callback_secret()?;
        let credentials = self.source.keys.of(&self.settings.config().instance)?;
        let instance = Arc::new(Instance::new(self.settings, secret, asks));
        let supplies = Supplies {
            credentials,
            desk: desk.clone(),
            feed: feed.clone(),
            inventory: self.source.inventory,
            devices: self.source.devices,
        };
        let thread = pump::start(&instance, inbox, supplies)?;
        Ok((instance, thread))
    }
}

/// The tokens that callers have to show: the product's, and the administrator's where there is a page.
fn tokens(arguments: &Arguments) -> Done<Tokens> {
    let product = token(arguments)?;
    let admin = match (&arguments.dashboard, env::var(ADMIN_TOKEN)) {
        (None, _) => None,
        (Some(_), Ok(text)) => {
            log::hide(&text);
            Some(Token::new(&text)?)
        }
        (Some(_), Err(_)) => {
            return Err(Stop::refused(format!(
                "the environment variable {ADMIN_TOKEN} is not set: set it to what administrators have to show in the \
                 page, such as 32 random bytes in hex, and another than {TOKEN}"
            )));
        }
    };
    Ok(Tokens { product, admin })
}

/// Files by the instance that they are for; by nothing where there is only one.
fn files(option: &str, given: &[String], configs: &[PathBuf]) -> Done<BTreeMap<String, PathBuf>> {
    let mut files = BTreeMap::new();
    for text in given {
        let (name, path) = text.split_once('=').unwrap_or(("", text));
        if name.is_empty() && configs.len() > 1 {
            return Err(Stop::refused(format!(
                "{option}: with several configurations write INSTANCE=FILE"
            )));
        }
        if files.insert(name.to_owned(), PathBuf::from(path)).is_some() {
            return Err(Stop::refused(format!(
                "{option}: '{text}' is a second file for one instance"
            )));
        }
    }
    Ok(files)
}

/// The token that callers have to show; nothing only where loopback may do without.
fn token(arguments: &Arguments) -> Done<Option<Token>> {
    match env::var(TOKEN) {
        Ok(text) => {
            log::hide(&text);
            Token::new(&text).map(Some)
        }
        Err(_) if arguments.allow_loopback_without_token && arguments.listen.ip().is_loopback() => {
            Ok(None)
        }
        Err(_) => Err(Stop::refused(format!(
            "the environment variable {TOKEN} is not set: set it to what callers have to show, such as 32 random bytes \
             in hex. Only on loopback, --allow-loopback-without-token does without"
        ))),
    }
}

fn webhook_secret(arguments: &Arguments) -> Done<Option<Secret>> {
    for url in &arguments.webhook {
        webhooks::check(url)?;
    }
    match env::var(WEBHOOK_SECRET) {
        Ok(text) => {
            log::hide(&text);
            Secret::new(&text).map(Some)
        }
        Err(_) if arguments.webhook.is_empty() => Ok(None),
        Err(_) => Err(Stop::refused(format!(
            "the environment variable {WEBHOOK_SECRET} is not set: webhooks are signed with it"
        ))),
    }
}

/// The folder of uploaded files, made where there is none.
fn folder(arguments: &Arguments, store: &Place) -> Done<PathBuf> {
    let folder = match (&arguments.attachments, store) {
        (Some(folder), _) => folder.clone(),
        (None, Place::Sqlite(path)) => {
            let mut name = path.as_os_str().to_owned();
            name.push(".attachments");
            PathBuf::from(name)
        }
        (None, Place::Postgres(_)) => {
            return Err(Stop::refused(
                "over PostgreSQL, name the folder for uploaded files with --attachments FOLDER: one that every node of the \
                 service sees at the same path",
            ));
        }
    };
    let refused = |error| Stop::refused(format!("the folder {}: {error}", folder.display()));
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder).map_err(refused)?;
    folder.canonicalize().map_err(refused)
}

/// How many bytes the folder holds; what an upload left unfinished is removed.
fn used(folder: &Path) -> Done<u64> {
    let mut used = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "part")
        {
            std::fs::remove_file(entry.path())?;
        } else {
            used += entry.metadata()?.len();
        }
    }
    Ok(used)
}
