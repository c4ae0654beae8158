//! The contract of [`Connector`](crate::Connector), rule by rule, shown on workflows made for it. Rules 5 and 7 speak of
//! the store and of crashes: the scenarios prove them against the simulator.

use super::*;
use crate::{
    command::{Command, Finished, Outcome},
    config::Limits,
    effect::{
        Answer, Effect, EffectId, Failure, FailureKind, HttpRequest, HttpResponse, Method,
        OperationId, Request, StoreAnswer, StoreRequest,
    },
    error::Code,
    time::{Span, Timestamp},
};
use std::collections::BTreeSet;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn request(path: &str, not_after: Option<Timestamp>) -> HttpRequest {
    HttpRequest {
        method: Method::Get,
        url: format!("https://psa.example/{path}"),
        headers: Vec::new(),
        body: Vec::new(),
        timeout_ms: 1000,
        max_answer: 1000,
        not_after,
        store_as: None,
    }
}

fn answered(status: u16) -> Answer {
    Answer::Http(HttpResponse {
        status,
        headers: Vec::new(),
        body: Vec::new(),
        stored: None,
    })
}

/// What the test workflows do, by the case id of their command.
async fn act(cx: Context, command: Command) -> crate::error::Result<Outcome> {
    let id = command.case_id().unwrap_or_default().to_owned();
    let (kind, name) = id.split_once(' ').unwrap_or((&id, ""));
    match kind {
        "request" => drop(cx.http(request(name, None)).await),
        "late" => drop(cx.http(request(name, Some(at(100)))).await),
        "read" => drop(
            cx.store(StoreRequest::Get {
                keys: vec!["k".into()],
            })
            .await?,
        ),
        "sleep" => cx.sleep_until(at(5000)).await,
        "many" => drop(join_all((0..3).map(|n| cx.http(request(&n.to_string(), None)))).await),
        "write" => {
            let _turn = cx.lock("ticket 909").await;
            drop(cx.http(request(name, None)).await);
            drop(cx.http(request(name, None)).await);
        }
        "race" => {
            let slow = cx.sleep_until(at(60_000));
            let fast = cx.http(request(name, None));
            first(slow, fast).await;
        }
        _ => {}
    }
    Ok(Outcome::Resumed { cases: 0 })
}

/// Waits for either and drops the other.
async fn first(a: impl Future<Output = ()>, b: impl Future) {
    let (mut a, mut b) = (Box::pin(a), Box::pin(b));
    std::future::poll_fn(|task| {
        let over = a.as_mut().poll(task).is_ready() || b.as_mut().poll(task).is_ready();
        if over {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
}

struct Host {
    executor: Executor,
    now: Timestamp,
    effects: Vec<Effect>,
    finished: Vec<Finished>,
}

impl Host {
    fn new(concurrency: u32, requests_per_minute: u32) -> Self {
        let limits = Limits {
            concurrency,
            requests_per_minute,
            settle: Span::seconds(60),
            ..Limits::default()
        };
        let executor = Executor::new(Shell::new(&limits, 7, at(0)), 8, |cx, command| {
            Box::pin(act(cx, command))
        });
        Self {
            executor,
            now: at(0),
            effects: Vec::new(),
            finished: Vec::new(),
        }
    }

    fn submit(&mut self, what: &str) -> OperationId {
        self.executor.submit(
            Command::ContinueCase {
                case_id: what.to_owned(),
            },
            self.now,
        )
    }

    /// Polls until idle and gives the new effects.
    fn drain(&mut self) -> Vec<Effect> {
        let mut fresh = Vec::new();
        loop {
            match self.executor.poll(self.now) {
                Step::Effect(effect) => fresh.push(effect),
                Step::Finished(finished) => self.finished.push(finished),
                Step::Idle { .. } => break,
            }
        }
        self.effects.extend(fresh.clone());
        fresh
    }

    fn resolve(&mut self, id: EffectId, answer: Answer) -> crate::error::Result<()> {
        self.executor.resolve(id, answer, self.now)
    }
}

fn names(effects: &[Effect]) -> Vec<String> {
    let name = |effect: &Effect| match &effect.request {
        Request::Http(request) => request
            .url
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned(),
        Request::Timer { deadline } => format!("timer {}", deadline.millis()),
        Request::Cancel { target } => format!("cancel {}", target.0),
        other => format!("{other:?}"),
    };
    effects.iter().map(name).collect()
}

#[test]
fn rule_1_after_idle_nothing_more_comes_by_itself() {
    let mut host = Host::new(8, 600);
    host.submit("request a");
    assert_eq!(names(&host.drain()), ["a"]);
    host.now = at(10_000_000);
    assert!(host.drain().is_empty());
}

#[test]
fn rule_2_answers_in_any_order_and_each_only_once() {
    let mut host = Host::new(8, 600);
    host.submit("many");
    let effects = host.drain();
    for effect in effects.iter().rev() {
        host.resolve(effect.id, answered(200)).unwrap();
        let again = host.resolve(effect.id, answered(200)).unwrap_err();
        assert_eq!(again.code, Code::StaleEffect);
    }
    assert_eq!(
        host.resolve(EffectId(999), Answer::Done).unwrap_err().code,
        Code::StaleEffect
    );
    host.drain();
    assert_eq!(host.finished.len(), 1);
}

#[test]
fn rule_2_an_answer_of_another_kind_changes_nothing() {
    let mut host = Host::new(8, 600);
    host.submit("read");
    let id = host.drain()[0].id;
    for wrong in [
        Answer::Done,
        answered(200),
        Answer::Fetched(Vec::new()),
        Answer::Store(StoreAnswer::Page(Vec::new())),
        Answer::Store(StoreAnswer::Records(Vec::new())),
        Answer::Store(StoreAnswer::Committed { revision: 1 }),
    ] {
        assert_eq!(host.resolve(id, wrong).unwrap_err().code, Code::WrongAnswer);
    }
    host.resolve(id, Answer::Store(StoreAnswer::Records(vec![None])))
        .unwrap();
    host.drain();
    assert_eq!(host.finished.len(), 1);
}

#[test]
fn rule_2_ids_grow_and_are_never_reused() {
    let mut host = Host::new(8, 60_000);
    let mut seen = BTreeSet::new();
    for round in 0..100 {
        host.now = at(1000 * round);
        assert!(seen.insert(host.submit(&format!("request {round}")).0));
        for effect in host.drain() {
            assert!(
                seen.iter()
                    .next_back()
                    .is_none_or(|last| effect.id.0 > *last)
            );
            assert!(seen.insert(effect.id.0));
            host.resolve(effect.id, answered(200)).unwrap();
        }
        host.drain();
    }
}

#[test]
fn rule_4_a_timer_names_an_absolute_deadline_and_a_clock_set_back_does_no_harm() {
    let mut host = Host::new(8, 600);
    host.now = at(1000);
    host.submit("sleep");
    let effects = host.drain();
    assert_eq!(names(&effects), ["timer 5000"]);
    host.now = at(5000);
    host.drain();
    host.now = at(0);
    host.resolve(effects[0].id, Answer::Done).unwrap();
    host.drain();
    assert_eq!(host.finished.len(), 1);
}

#[test]
fn rule_4_a_timer_that_is_answered_early_is_asked_for_again() {
    let mut host = Host::new(8, 600);
    host.submit("sleep");
    let id = host.drain()[0].id;
    host.now = at(4999);
    host.resolve(id, Answer::Done).unwrap();
    assert_eq!(names(&host.drain()), ["timer 5000"]);
}

#[test]
fn rule_6_writes_to_one_ticket_go_one_after_the_other_in_order() {
    let mut host = Host::new(8, 60_000);
    for name in ["a", "b", "c"] {
        host.submit(&format!("write {name}"));
    }
    host.submit("request side-by-side");
    let mut order = Vec::new();
    let mut effects = host.drain();
    assert_eq!(names(&effects), ["a", "side-by-side"]);
    while !effects.is_empty() {
        order.extend(names(&effects));
        for effect in &effects {
            host.resolve(effect.id, answered(200)).unwrap();
        }
        effects = host.drain();
    }
    assert_eq!(order, ["a", "side-by-side", "a", "b", "b", "c", "c"]);
}

#[test]
fn rule_6_a_cancelled_operation_lets_the_next_one_go_on() {
    let mut host = Host::new(8, 60_000);
    let first = host.submit("write a");
    host.submit("write b");
    let waiting = host.submit("write c");
    host.drain();
    host.executor.cancel(waiting, host.now).unwrap();
    host.executor.cancel(first, host.now).unwrap();
    assert!(names(&host.drain()).contains(&"b".to_owned()));
}

#[test]
fn rule_6_no_more_requests_are_under_way_than_the_budget_allows() {
    let mut host = Host::new(2, 60_000);
    for n in 0..5 {
        host.submit(&format!("request {n}"));
    }
    let effects = host.drain();
    assert_eq!(names(&effects), ["0", "1"]);
    host.now = at(1000);
    host.resolve(effects[0].id, answered(200)).unwrap();
    assert_eq!(names(&host.drain()), ["2"]);
}

#[test]
fn rule_6_the_rate_holds_requests_back_with_one_timer() {
    let mut host = Host::new(1, 60);
    for n in 0..3 {
        host.submit(&format!("request {n}"));
    }
    let first = host.drain();
    assert_eq!(names(&first), ["0"]);
    host.resolve(first[0].id, answered(200)).unwrap();
    let timer = host.drain();
    assert_eq!(names(&timer), ["timer 1000"]);
    host.now = at(1000);
    host.resolve(timer[0].id, Answer::Done).unwrap();
    assert_eq!(names(&host.drain()), ["1"]);
}

#[test]
fn a_write_whose_time_passed_while_it_waited_is_not_sent() {
    let mut host = Host::new(1, 60_000);
    host.submit("request first");
    host.submit("late second");
    let first = host.drain();
    host.now = at(101);
    host.resolve(first[0].id, answered(200)).unwrap();
    assert!(host.drain().is_empty());
    assert_eq!(host.finished.len(), 2);
}

#[test]
fn rule_9_cancelling_an_operation_cancels_each_of_its_effects() {
    let mut host = Host::new(2, 600);
    let operation = host.submit("many");
    let effects = host.drain();
    host.executor.cancel(operation, host.now).unwrap();
    let cancels = host.drain();
    let expected: Vec<_> = effects
        .iter()
        .map(|effect| format!("cancel {}", effect.id.0))
        .collect();
    assert_eq!(
        names(&cancels),
        expected,
        "two were under way, the third had not left"
    );
    assert_eq!(
        host.resolve(effects[0].id, answered(200)).unwrap_err().code,
        Code::StaleEffect
    );
    for cancel in cancels {
        host.resolve(cancel.id, Answer::Done).unwrap();
    }
    assert_eq!(
        host.finished[0].result.as_ref().unwrap_err().code,
        Code::Cancelled
    );
    assert_eq!(
        host.executor.cancel(operation, host.now).unwrap_err().code,
        Code::UnknownOperation
    );
    host.now = at(1000);
    host.submit("request after");
    assert_eq!(
        names(&host.drain()),
        ["after"],
        "the budget has its places back"
    );
}

#[test]
fn rule_9_an_operation_that_had_not_begun_ends_without_an_effect() {
    let mut host = Host::new(1, 600);
    let operation = host.submit("request a");
    host.executor.cancel(operation, host.now).unwrap();
    assert!(host.drain().is_empty());
    assert_eq!(host.finished.len(), 1);
}

#[test]
fn a_workflow_that_stops_waiting_cancels_what_it_waited_for() {
    let mut host = Host::new(8, 600);
    host.submit("race fast");
    let effects = host.drain();
    let fast = effects
        .iter()
        .find(|effect| matches!(effect.request, Request::Http(_)))
        .unwrap();
    host.resolve(
        fast.id,
        Answer::Failed(Failure::new(FailureKind::NotSent, "")),
    )
    .unwrap();
    let timer = effects
        .iter()
        .find(|effect| matches!(effect.request, Request::Timer { .. }))
        .unwrap();
    assert_eq!(names(&host.drain()), [format!("cancel {}", timer.id.0)]);
}

#[test]
fn only_so_many_operations_are_under_way_and_the_rest_wait_in_order() {
    let mut host = Host::new(64, 60_000);
    for n in 0..20 {
        host.submit(&format!("request {n}"));
    }
    let mut effects = host.drain();
    assert_eq!(effects.len(), 8);
    let mut order = Vec::new();
    while !effects.is_empty() {
        order.extend(names(&effects));
        for effect in &effects {
            host.resolve(effect.id, answered(200)).unwrap();
        }
        effects = host.drain();
    }
    assert_eq!(order, (0..20).map(|n| n.to_string()).collect::<Vec<_>>());
}
