//! What can happen, each step by itself: leaving some out does not change what the others are.

use super::{dice::Dice, mutant::Mutant};
use crate::BlowKind;
use casewire_simulator::{CallbackSuffix, Fault, NoteKind, SelfSuppression};
use std::time::Duration;

/// Something that happens. The small numbers choose among what there is then.
#[derive(Clone, Debug)]
pub enum Step {
    /// The host changes a case, and hands it over to a connector unless it keeps that for later.
    Host {
        /// Which case.
        case: u8,
        /// What it does.
        deed: HostDeed,
        /// The connector, or none for later.
        node: Option<u8>,
    },
    /// A technician works on a ticket.
    Technician {
        /// Which ticket.
        ticket: u8,
        /// What he does.
        deed: Deed,
    },
    /// A callback reaches the host, or does not.
    Callback {
        /// Which of those under way.
        which: u8,
        /// How.
        arrival: Arrival,
        /// The connector that it is handed to.
        node: u8,
    },
    /// A connector's effects are performed and answered, in any order.
    Work {
        /// The connector.
        node: u8,
        /// How many.
        effects: u8,
        /// Which, and which answers are held back.
        dice: u64,
    },
    /// The next effect of its kind goes wrong.
    Trouble(Trouble),
    /// A connector dies with all that it has under way.
    Crash {
        /// The connector.
        node: u8,
        /// Its requests under way are performed so many seconds later; without a number they never are.
        lands_after: Option<u8>,
    },
    /// Time passes.
    Wait {
        /// In milliseconds.
        millis: u32,
    },
    /// The host reads a ticket again of its own accord.
    Sync {
        /// Which ticket.
        ticket: u8,
        /// The connector.
        node: u8,
    },
    /// A connector's clock is set, so many milliseconds ahead of the true time, or behind it.
    Clock {
        /// The connector.
        node: u8,
        /// How many.
        ahead: i64,
    },
    /// The host compares all links with ConnectWise, and has repaired what can be.
    Reconcile {
        /// The connector.
        node: u8,
    },
    /// The host looks for tickets that changed.
    Poll {
        /// The connector.
        node: u8,
    },
}

/// What the host does to a case.
#[derive(Clone, Copy, Debug)]
pub enum HostDeed {
    /// Opens another one.
    New,
    /// Sets its status.
    Status(u8),
    /// Sets its severity.
    Severity(u8),
    /// Sets its title.
    Title(u8),
    /// Adds a comment: text and visibility.
    Comment(u8, u8),
    /// Adds a file.
    Attach(u8),
    /// The source clears, or is not clear any more.
    Clear(bool),
    /// Nothing: the case is handed over as it is.
    Same,
    /// Nothing: an old state of the case is handed over once more.
    Old(u8),
}

/// What a technician does.
#[derive(Clone, Copy, Debug)]
#[allow(
    missing_docs,
    reason = "the small numbers choose; see the technicians of the simulator"
)]
pub enum Deed {
    Create,
    Status(u8),
    Reopen,
    Priority(u8),
    Owner(u8),
    Note(NoteKind, u8),
    CustomerNote(u8),
    TimeEntry(NoteKind, u8),
    Attach(u8),
    Merge(u8),
    MoveBoard(u8),
    Company(u8),
    Delete,
    Convert,
}

/// How a callback reaches the host.
#[derive(Clone, Copy, Debug)]
pub enum Arrival {
    /// Once.
    Once,
    /// And will come once more.
    Doubled,
    /// Not at all.
    Lost,
    /// With a body that someone changed.
    Forged,
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// With a request.
    Http(BlowKind),
    /// With the store.
    Store(StoreTrouble),
    /// The connector dies with its next write, which is performed so many seconds later.
    Dies(u8),
    /// The answer to a request is larger than may be read.
    TooLarge,
    /// The host does not take a delivery over; where `true`, it did and says otherwise.
    Deliver(bool),
}

/// What goes wrong with the store.
#[derive(Clone, Copy, Debug)]
pub enum StoreTrouble {
    /// It fails and changes nothing.
    Fails,
    /// It does what was asked, and the answer is lost.
    AnswerLost,
    /// Someone else was first.
    Conflict,
}

/// What holds for a whole episode.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Connectors over the one store.
    pub nodes: u8,
    /// By how many milliseconds the second one's clock is ahead.
    pub skew: i64,
    /// Whether what changes in ConnectWise comes back.
    pub inbound: bool,
    /// Whether a case's time of change moves where the host takes over what was changed in ConnectWise.
    pub touches: bool,
    /// Whether a comment's own visibility decides on the kind of its note.
    pub as_written: bool,
    /// Whether all connectors are started anew before the end.
    pub restarted: bool,
    /// What the instance appends to a callback's address.
    pub suffix: CallbackSuffix,
    /// Whose changes its callbacks keep silent about.
    pub suppression: SelfSuppression,
    /// Whether a note touches its ticket.
    pub notes_touch: bool,
    /// Requests at once, and in a minute.
    pub rate: (u32, u32),
    /// The bug that is planted, where one is.
    pub mutant: Option<Mutant>,
}

impl Setting {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        let suppression = [
            SelfSuppression::Ignored,
            SelfSuppression::WhenTrue,
            SelfSuppression::WhenFalse,
        ];
        let suffixes = [CallbackSuffix::IdAndAction, CallbackSuffix::IdOnly];
        Self {
            nodes: [1, 1, 2, 2, 3][dice.place(5)],
            skew: [0, 0, 5_000, -5_000][dice.place(4)],
            inbound: !dice.one_in(4),
            touches: dice.one_in(2),
            as_written: dice.one_in(2),
            restarted: dice.one_in(2),
            suffix: suffixes[dice.place(2)],
            suppression: suppression[dice.place(3)],
            notes_touch: !dice.one_in(4),
            rate: [(8, 60_000), (8, 600), (3, 180), (1, 60)][dice.place(4)],
            mutant: None,
        }
    }
}

/// How an episode leans: the weights of its steps.
struct Leaning {
    host: u64,
    technician: u64,
    callback: u64,
    work: u64,
    trouble: u64,
    crash: u64,
    wait: u64,
    /// Most effects of one step of work.
    burst: u64,
}

/// Draws the steps of an episode.
pub(super) fn draw(dice: &mut Dice) -> Vec<Step> {
    let leaning = Leaning {
        host: 6 + dice.below(20),
        technician: dice.below(24),
        callback: dice.below(12),
        work: 12 + dice.below(36),
        trouble: dice.below(12),
        crash: dice.below(5),
        wait: 1 + dice.below(5),
        burst: [2, 6, 12, 40][dice.place(4)],
    };
    let length = 20 + dice.below(120);
    let mut steps = vec![Step::Host {
        case: 0,
        deed: HostDeed::New,
        node: Some(0),
    }];
    steps.extend((1..length).map(|_| leaning.step(dice)));
    steps
}

impl Leaning {
    fn step(&self, dice: &mut Dice) -> Step {
        let choices = [
            (self.host, 0),
            (self.technician, 1),
            (self.callback, 2),
            (self.work, 3),
            (self.trouble, 4),
            (self.crash, 5),
            (self.wait, 6),
            (1, 7),
            (2, 8),
            (1, 9),
            (1, 10),
        ];
        match dice.weighed(&choices) {
            0 => Step::Host {
                case: dice.small(),
                deed: host_deed(dice),
                node: (!dice.one_in(4)).then(|| dice.small()),
            },
            1 => Step::Technician {
                ticket: dice.small(),
                deed: deed(dice),
            },
            2 => Step::Callback {
                which: dice.small(),
                arrival: dice.weighed(&[
                    (6, Arrival::Once),
                    (2, Arrival::Doubled),
                    (2, Arrival::Lost),
                    (1, Arrival::Forged),
                ]),
                node: dice.small(),
            },
            3 => Step::Work {
                node: dice.small(),
                effects: 1 + dice.below(self.burst) as u8,
                dice: dice.next(),
            },
            4 => Step::Trouble(trouble(dice)),
            5 => Step::Crash {
                node: dice.small(),
                lands_after: dice.one_in(2).then(|| 1 + dice.below(40) as u8),
            },
            6 => Step::Wait {
                millis: dice.weighed(&[
                    (8, 2_000),
                    (6, 20_000),
                    (4, 100_000),
                    (2, 1_000_000),
                    (1, 30_000_000),
                ]) * (1 + dice.below(3) as u32),
            },
            7 => Step::Sync {
                ticket: dice.small(),
                node: dice.small(),
            },
            8 => Step::Poll { node: dice.small() },
            9 => Step::Reconcile { node: dice.small() },
            _ => Step::Clock {
                node: dice.small(),
                ahead: [-5_000, -2_000, 0, 2_000, 5_000][dice.place(5)],
            },
        }
    }
}

fn host_deed(dice: &mut Dice) -> HostDeed {
    let choice = dice.weighed(&[
        (2, 0),
        (5, 1),
        (2, 2),
        (1, 3),
        (6, 4),
        (2, 5),
        (1, 6),
        (1, 7),
        (1, 8),
    ]);
    match choice {
        0 => HostDeed::New,
        1 => HostDeed::Status(dice.small()),
        2 => HostDeed::Severity(dice.small()),
        3 => HostDeed::Title(dice.small()),
        4 => HostDeed::Comment(dice.small(), dice.small()),
        5 => HostDeed::Attach(dice.small()),
        6 => HostDeed::Clear(!dice.one_in(3)),
        7 => HostDeed::Same,
        _ => HostDeed::Old(dice.small()),
    }
}

fn deed(dice: &mut Dice) -> Deed {
    let kind = [
        NoteKind::Internal,
        NoteKind::Discussion,
        NoteKind::Resolution,
    ][dice.place(3)];
    let choice = dice.weighed(&[
        (2, 0),
        (8, 1),
        (2, 2),
        (3, 3),
        (2, 4),
        (8, 5),
        (2, 6),
        (3, 7),
        (3, 8),
        (2, 9),
        (1, 10),
        (1, 11),
        (1, 12),
    ]);
    let which = dice.small();
    match choice {
        0 => Deed::Create,
        1 => Deed::Status(which),
        2 => Deed::Reopen,
        3 => Deed::Priority(which),
        4 => Deed::Owner(which),
        5 => Deed::Note(kind, which),
        6 => Deed::CustomerNote(which),
        7 => Deed::TimeEntry(kind, which),
        8 => Deed::Attach(which),
        9 => Deed::Merge(which),
        10 => Deed::MoveBoard(which),
        11 => Deed::Company(which),
        _ if which.is_multiple_of(4) => Deed::Convert,
        _ => Deed::Delete,
    }
}

fn trouble(dice: &mut Dice) -> Trouble {
    let late = Duration::from_millis(1_000 + dice.below(44_000));
    let after_ms = 1_000 + i64::try_from(dice.below(44_000)).unwrap_or(0);
    let instance = |fault| Trouble::Http(BlowKind::Instance(fault));
    match dice.below(28) {
        0 => Trouble::Http(BlowKind::NotSent),
        1 => Trouble::Http(BlowKind::LandsLate(late)),
        2 => instance(Fault::AnswerLost),
        3 => instance(Fault::NotPerformed),
        4 => instance(Fault::Late { after_ms }),
        5 => instance(Fault::Throttled {
            retry_after: 1 + dice.below(20) as u32,
        }),
        6 => instance(Fault::BadGatewayHtml),
        7 => instance(Fault::BadGatewayAfter),
        8 => instance(Fault::ServerError),
        9 => instance(Fault::Truncated {
            bytes: dice.place(40),
        }),
        10 => instance(Fault::EmptyBody),
        11 => instance(Fault::Garbage),
        12 => instance(Fault::CodebaseChange {
            codebase: ["v2025_1/", "v2026_1/", "v2026_2/"][dice.place(3)].to_owned(),
        }),
        13 => instance(Fault::Forbidden),
        14 => instance(Fault::Unauthorized),
        15 => Trouble::Store(StoreTrouble::Fails),
        16 => Trouble::Store(StoreTrouble::AnswerLost),
        17 | 18 => Trouble::Store(StoreTrouble::Conflict),
        19 => Trouble::Deliver(false),
        20 => instance(Fault::Slow {
            ms: 1_000 + dice.below(60_000),
        }),
        21 => instance(Fault::Redirect {
            location: "https://login.example/".to_owned(),
        }),
        22 => Trouble::TooLarge,
        23..=25 => Trouble::Dies(1 + dice.below(40) as u8),
        _ => Trouble::Deliver(true),
    }
}
