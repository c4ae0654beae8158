//! Faults on demand: which requests meet them, and what then happens.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::failure::Failure;
use crate::psa::Psa;
use crate::psa::dispatch::too_many_requests;
use crate::route;
use crate::wire::target::Target;
use crate::wire::{Request, Response};

/// A rule: requests that match meet a fault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultRule {
    /// Which requests.
    #[serde(default)]
    pub when: Match,
    /// What happens to them.
    pub fault: Fault,
    /// How often at most; without a number, always.
    #[serde(default)]
    pub times: Option<u32>,
}

/// Which requests a rule is for. Every part that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Match {
    /// The method.
    pub method: Option<String>,
    /// A template such as `service/tickets/{id}`, or the beginning of a path below
    /// `…apis/3.0/`, or of a whole path when it starts with `/`.
    pub path: Option<String>,
    /// A text that the body contains.
    pub body_contains: Option<String>,
    /// Only these of the requests that method, path and body match, counted from 1.
    pub nth: Vec<u64>,
    /// Only every so many of them.
    pub every: Option<u64>,
    /// Only with this probability, drawn from the instance's seed.
    pub probability: Option<f64>,
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Fault {
    /// Performed; the connection is cut without an answer.
    AnswerLost,
    /// The connection is cut before it is performed.
    NotPerformed,
    /// The connection is cut at once; performed so many milliseconds later.
    Late {
        /// Milliseconds.
        after_ms: i64,
    },
    /// `429` with `Retry-After`; not performed.
    Throttled {
        /// Seconds.
        retry_after: u32,
    },
    /// `502` with an HTML page; not performed.
    BadGatewayHtml,
    /// `502` with an HTML page, although performed.
    BadGatewayAfter,
    /// `500` with a text that says timeout; not performed.
    ServerError,
    /// Performed; the body ends early and the connection is cut.
    Truncated {
        /// The bytes of the body that arrive.
        bytes: usize,
    },
    /// Performed; `200` without a body.
    EmptyBody,
    /// Performed; `200` with an HTML page.
    Garbage,
    /// Performed; the answer waits.
    Slow {
        /// Milliseconds.
        ms: u64,
    },
    /// A release moves the codebase before the request is looked at.
    CodebaseChange {
        /// The new codebase, such as `v2026_1/`.
        codebase: String,
    },
    /// `302` to another address, as a proxy or a login page answers; not performed.
    Redirect {
        /// Value of `Location`.
        location: String,
    },
    /// `403`; not performed.
    Forbidden,
    /// `401`; not performed.
    Unauthorized,
    /// Performed; the answer's JSON is padded with spaces to that size.
    OversizedBody {
        /// The bytes of the body.
        bytes: usize,
    },
}

/// What a caller sees of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exchange {
    /// An answer.
    Answer(Response),
    /// An answer that comes so much later.
    Slow(Response, Duration),
    /// An answer of whose body only the first bytes arrive before the connection is cut.
    Truncated(Response, usize),
    /// The connection is cut without an answer.
    Lost,
}

/// A rule with what it has seen.
#[derive(Debug, Clone)]
pub(crate) struct Armed {
    rule: FaultRule,
    seen: u64,
    met: u32,
}

/// A request that is performed later.
#[derive(Debug, Clone)]
pub(crate) struct Late {
    due_ms: i64,
    request: Request,
}

const BAD_GATEWAY: &str = "<html><head><title>502 Bad Gateway</title></head><body>\
<center><h1>502 Bad Gateway</h1></center><hr><center>CloudFront</center></body></html>";
const MAINTENANCE: &str = "<!DOCTYPE html><html><head><title>ConnectWise</title></head><body>\
<p>We will be right back.</p></body></html>";

impl Psa {
    /// Installs a rule. The first rule that matches a request decides.
    pub fn add_fault(&mut self, rule: FaultRule) {
        self.faults.push(Armed {
            rule,
            seen: 0,
            met: 0,
        });
    }

    /// Removes all rules. What is to be performed late still is.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// How often each rule was met, in the order of installation.
    #[must_use]
    pub fn faults_met(&self) -> Vec<(FaultRule, u32)> {
        self.faults
            .iter()
            .map(|armed| (armed.rule.clone(), armed.met))
            .collect()
    }

    /// Answers a request as [`Psa::handle`] does, except that it may meet a fault.
    pub fn exchange(&mut self, request: &Request, now_ms: i64) -> Exchange {
        self.settle(now_ms);
        match self.fault_for(request) {
            None => Exchange::Answer(self.handle(request, now_ms)),
            Some(fault) => self.meet(&fault, request, now_ms),
        }
    }

    /// Performs what a [`Fault::Late`] put off until now or earlier, in the order in which it was
    /// due, and returns how many there were.
    pub fn settle(&mut self, now_ms: i64) -> usize {
        self.late.sort_by_key(|late| late.due_ms);
        let due = self.late.partition_point(|late| late.due_ms <= now_ms);
        let due: Vec<Late> = self.late.drain(..due).collect();
        for late in &due {
            self.handle(&late.request, late.due_ms);
        }
        due.len()
    }

    fn fault_for(&mut self, request: &Request) -> Option<Fault> {
        if self.faults.is_empty() {
            return None;
        }
        let path = Target::parse(&request.target).path;
        let below = path.split_once("apis/3.0/").map_or("", |(_, below)| below);
        let mut dice = self.random;
        let mut decided = None;
        for armed in &mut self.faults {
            let when = &armed.rule.when;
            if !when.is_for(request, &path, below) {
                continue;
            }
            armed.seen += 1;
            let spent = armed.rule.times.is_some_and(|times| armed.met >= times);
            dice = dice
                .wrapping_mul(0x5851_f42d_4c95_7f2d)
                .wrapping_add(armed.seen);
            if decided.is_none() && !spent && when.is_due(armed.seen, dice) {
                armed.met += 1;
                decided = Some(armed.rule.fault.clone());
            }
        }
        self.next_random();
        decided
    }

    fn meet(&mut self, fault: &Fault, request: &Request, now_ms: i64) -> Exchange {
        let page = |status, body| Response::text(status, "text/html", body);
        Exchange::Answer(match fault {
            Fault::AnswerLost => {
                self.handle(request, now_ms);
                return Exchange::Lost;
            }
            Fault::NotPerformed => return Exchange::Lost,
            Fault::Late { after_ms } => {
                self.late.push(Late {
                    due_ms: now_ms + after_ms,
                    request: request.clone(),
                });
                return Exchange::Lost;
            }
            Fault::Throttled { retry_after } => too_many_requests(i64::from(*retry_after)),
            Fault::BadGatewayHtml => page(502, BAD_GATEWAY),
            Fault::BadGatewayAfter => {
                self.handle(request, now_ms);
                page(502, BAD_GATEWAY)
            }
            Fault::ServerError => Response::text(
                500,
                "text/plain",
                "Execution Timeout Expired. The timeout period elapsed prior to completion.",
            ),
            Fault::Truncated { bytes } => {
                return Exchange::Truncated(self.handle(request, now_ms), *bytes);
            }
            Fault::EmptyBody => {
                self.handle(request, now_ms);
                Response::empty(200)
            }
            Fault::Garbage => {
                self.handle(request, now_ms);
                page(200, MAINTENANCE)
            }
            Fault::Slow { ms } => {
                let response = self.handle(request, now_ms);
                return Exchange::Slow(response, Duration::from_millis(*ms));
            }
            Fault::CodebaseChange { codebase } => {
                self.release(codebase);
                self.handle(request, now_ms)
            }
            Fault::Redirect { location } => Response::empty(302).header("location", location),
            Fault::Forbidden => Failure::forbidden("Access is denied.").response(),
            Fault::Unauthorized => {
                Failure::new(401, "Unauthorized", "UserNotAuthenticated").response()
            }
            Fault::OversizedBody { bytes } => {
                let mut response = self.handle(request, now_ms);
                let size = response.body.len().max(*bytes);
                response.body.resize(size, b' ');
                response
            }
        })
    }
}

impl Match {
    fn is_for(&self, request: &Request, path: &str, below: &str) -> bool {
        let method = self.method.as_ref();
        let method = method.is_none_or(|method| method.eq_ignore_ascii_case(&request.method));
        let starts = |text: &str, start: &str| {
            text.get(..start.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(start))
        };
        let path = self
            .path
            .as_ref()
            .is_none_or(|wanted| match wanted.strip_prefix('/') {
                Some(whole) => starts(path, whole),
                None if wanted.contains('{') => {
                    let segments: Vec<&str> = below.split('/').collect();
                    route::matches(wanted, &segments).is_some()
                }
                None => starts(below, wanted),
            });
        let body = self
            .body_contains
            .as_ref()
            .is_none_or(|wanted| String::from_utf8_lossy(&request.body).contains(wanted.as_str()));
        method && path && body
    }

    fn is_due(&self, seen: u64, dice: u64) -> bool {
        let draw = (dice >> 11) as f64 / (1_u64 << 53) as f64;
        (self.nth.is_empty() || self.nth.contains(&seen))
            && self
                .every
                .is_none_or(|every| seen.is_multiple_of(every.max(1)))
            && self
                .probability
                .is_none_or(|probability| draw < probability)
    }
}

/// What the control endpoint shows of the rules.
pub(crate) fn shown(psa: &Psa) -> serde_json::Value {
    let rules = psa.faults_met();
    rules
        .into_iter()
        .map(|(rule, met)| json!({"rule": rule, "met": met}))
        .collect()
}
