/**
 * What a host brings: types only.
 *
 * Values that come from the core or go to it are in its JSON form, with its names (`case_id`, `ticket_id`).
 *
 * @module
 */

/** @import { ErrorJson } from './error.js' */

/**
 * What a host gives a connector. Every function may return its value or a promise of it.
 *
 * @typedef {object} Host
 * @property {Store} store Keeps what must outlive a crash. Several connectors may share one.
 * @property {(delivery: Delivery, signal: AbortSignal) => unknown} deliver Takes over what happened to a case, and returns
 *   once that is durable. Where it throws, the delivery is offered again, now and after a restart, in order per case, with
 *   the same `id`.
 * @property {Keys} [keys] The API member's keys. Without them the transport adds the `Authorization` header.
 * @property {Transport} [transport] Sends requests; `fetchTransport()` where nothing is said.
 * @property {(token: string, signal: AbortSignal) => Content | Promise<Content>} [openAttachment] Opens an attachment by the
 *   token that the case names; and a case that was handed over by reference, as JSON, by the token `case:` with its id.
 * @property {(token: string, content: Blob, signal: AbortSignal) => unknown} [storeAttachment] Stores a file from ConnectWise
 *   under a token, in place of what may have been there, and returns once that is durable. Without it files from ConnectWise
 *   are left out, and their cases are told so.
 * @property {(finished: Finished) => unknown} [finished] Hears of every operation that is over, those included that an
 *   earlier connector left unfinished and this one took up.
 * @property {string} [clientId] The vendor's own client id, used where the configuration names none.
 * @property {string} [callbackSecret] The host's secret for its callback addresses, of at least 16 bytes; without it no callback
 *   is believed or registered.
 * @property {bigint} [seed] Seeds jitter; random where nothing is said.
 * @property {() => number} [now] Milliseconds since 1970; `Date.now` where nothing is said.
 */

/**
 * The two keys of an API member.
 *
 * @typedef {object} Keys
 * @property {string} publicKey
 * @property {string} privateKey
 */

/** @typedef {Blob | Uint8Array | ReadableStream<Uint8Array>} Content The bytes of an attachment. */

/**
 * A key-value store with revisions. `checkStore` of `casewire/conformance` tells whether one keeps its promises.
 *
 * @typedef {object} Store
 * @property {(keys: string[]) => (StoredRecord | null | undefined)[] | Promise<(StoredRecord | null | undefined)[]>} get
 *   Reads records: one entry per key, in the same order, nothing where there is no record.
 * @property {(prefix: string, after: string | undefined, limit: number) => StoredRecord[] | Promise<StoredRecord[]>} scan
 *   Reads at most `limit` records whose keys begin with `prefix` and are greater than `after`, in the order of their UTF-8
 *   bytes (`compareKeys` of `casewire/memory`; JavaScript's own order is another).
 * @property {(batch: Batch) => Committed | Promise<Committed>} commit Changes records, all or none, durably when it returns.
 */

/**
 * @typedef {object} StoredRecord
 * @property {string} key
 * @property {number} revision The revision of the commit that wrote it.
 * @property {string} value JSON text.
 */

/**
 * Changes that are made all or none.
 *
 * @typedef {object} Batch
 * @property {{ key: string, revision: number | null }[]} expect What must hold, or nothing changes: each key's revision, or
 *   `null` if it must not exist.
 * @property {[key: string, value: string][]} put Records to write. No key stands twice in a batch.
 * @property {string[]} delete Keys to delete; those that do not exist are no fault.
 */

/**
 * The revision that every record of the batch now has, or `'conflict'` where an expectation did not hold and nothing
 * changed. Revisions grow with every commit of the store and are never reused.
 *
 * @typedef {number | 'conflict'} Committed
 */

/**
 * Sends one request and reads the whole answer, whatever its status. Follows no redirect. Throws a `Failure` that says what
 * is known; anything else that it throws counts as `unanswered`.
 *
 * @callback Transport
 * @param {HttpRequest} request
 * @param {AbortSignal} signal Aborted when the answer is no longer wanted.
 * @returns {Promise<HttpAnswer>}
 */

/**
 * @typedef {object} HttpRequest
 * @property {'GET' | 'POST' | 'PATCH' | 'DELETE'} method
 * @property {string} url Absolute and already encoded.
 * @property {[name: string, value: string][]} headers To be sent as they are. `Host` and `Content-Length` are the transport's.
 * @property {Blob | Uint8Array | undefined} body
 * @property {number} timeoutMs How long the whole exchange may take.
 * @property {number} maxAnswer Largest answer to read, in bytes.
 * @property {number | undefined} notAfter A write that has not left by this time, in milliseconds since 1970, must not leave
 *   at all. It was checked right before; a transport that waits before it sends checks again and throws `not_sent`.
 */

/**
 * @typedef {object} HttpAnswer
 * @property {number} status
 * @property {[name: string, value: string][]} headers At least `content-type`, `link`, `retry-after` and `date`.
 * @property {Uint8Array} body
 */

/**
 * Something for the host to keep, at least once, with a stable `id` by which a repeat is known.
 *
 * @typedef {object} Delivery
 * @property {string} id
 * @property {string} [case_id] The case that it is about; it is about a case, a group, a system, or the instance as a whole.
 * @property {string} [group_id]
 * @property {string} [system_id]
 * @property {string} [instance]
 * @property {string} at
 * @property {{ event: string, [detail: string]: unknown }} event What happened, such as `ticket_created`. `ticket_changed` has
 *   `changes: TicketChange[]`; `comment_added` and `comment_changed` have `comment: IncomingComment`, `attachment_added` has
 *   `attachment: IncomingAttachment`; `ticket_closed` and `ticket_reopened` say `by: 'case' | 'connectwise'`; `case_requested`
 *   has `request: CaseRequest`; `mass_change_held` has `counts: MassCounts`.
 * @property {TicketState} [ticket] The ticket as it is now, where there is one.
 * @property {Alert} [alert] The alert that it is raised as, where `events.raise` of the configuration says so.
 */

/** @typedef {{ name: string, severity: 'info' | 'low' | 'medium' | 'high' | 'critical' }} Alert An alert, and how loud it is. */

/**
 * A ticket that became a case. The host hands that case over under the delivery's `case_id` like any other.
 *
 * @typedef {object} CaseRequest
 * @property {string} title Summary of the ticket.
 * @property {{ id: number, identifier: string, name: string }} company
 * @property {string[]} [groups] Ids of the groups that are mapped to that company.
 * @property {string} [contact]
 * @property {string} [contact_email]
 * @property {string} [severity] What the priority maps make of the ticket's priority.
 * @property {string} [requested_by] Identifier of the member who saved it last.
 * @property {string} [created_at]
 */

/**
 * Changes of many tickets at once, which are held back.
 *
 * @typedef {object} MassCounts
 * @property {number} deleted
 * @property {number} closed
 * @property {number} moved
 * @property {number} open Open tickets of cases, those among them.
 */

/**
 * What a poll found and did.
 *
 * @typedef {object} PollReport
 * @property {'polled'} kind
 * @property {string} [since]
 * @property {string} [until] All that changed until then was seen.
 * @property {number} listed
 * @property {number} unchanged
 * @property {number} synced
 * @property {number} reread
 * @property {number} requested Tickets that became cases now.
 * @property {number} refused Tickets that ask for a case and whose contact is not known.
 * @property {number} failed
 * @property {{ ticket_id: number, error: ErrorJson }[]} [failures]
 * @property {MassCounts} [held] Deletions, closings and moves that are held back until `release_mass_change`.
 */

/**
 * What a comparison of all links with ConnectWise found.
 *
 * @typedef {object} ReconcileReport
 * @property {'reconciled'} kind
 * @property {string} [began_at]
 * @property {number} links
 * @property {number} tickets
 * @property {{ [kind: string]: number }} found
 * @property {number} repaired
 * @property {ReconcileFinding[]} findings
 * @property {MassCounts} [held]
 * @property {{ ticket_id: number, error: ErrorJson }[]} [failures]
 */

/**
 * One difference between the store and ConnectWise.
 *
 * @typedef {object} ReconcileFinding
 * @property {'error' | 'warning' | 'info'} severity
 * @property {'unfinished_case' | 'missing_ticket' | 'merged_ticket' | 'status' | 'board' | 'company' | 'priority' | 'reference' | 'notes' | 'documents' | 'duplicate_ticket' | 'lost_link'} kind
 * @property {string} [case_id]
 * @property {number} [ticket_id]
 * @property {string} message
 * @property {string} fix
 * @property {'not_asked' | 'by_hand' | 'done' | 'held'} repair
 */

/**
 * A ticket's state as the case shows it.
 *
 * @typedef {object} TicketState
 * @property {number} ticket_id
 * @property {string} [summary]
 * @property {string} board
 * @property {string} status
 * @property {string} [case_status] What the status map makes of the status.
 * @property {boolean} [closed]
 * @property {string} [priority]
 * @property {string} [case_severity] What the priority maps make of the priority.
 * @property {string} [owner]
 * @property {string} [closed_at]
 * @property {string} [resolved_at]
 * @property {string} [resolution] Text of the newest resolution note.
 * @property {string} [sla_status]
 * @property {string} [company]
 * @property {string} [changed_by] Identifier of the member who saved it last.
 */

/**
 * One field of a ticket that was changed in ConnectWise.
 *
 * @typedef {object} TicketChange
 * @property {'summary' | 'status' | 'priority' | 'owner' | 'closed_at' | 'resolved_at' | 'resolution' | 'sla_status'} field
 * @property {string} [before]
 * @property {string} [after]
 */

/**
 * What someone wrote on a ticket. Kept as a comment of the case under this `id`, it is never sent back.
 *
 * @typedef {object} IncomingComment
 * @property {string} id
 * @property {string} text
 * @property {'internal' | 'discussion' | 'resolution'} visibility
 * @property {'note' | 'time_entry' | 'meeting'} source
 * @property {string} [author]
 * @property {string} [created_at]
 */

/**
 * A file that someone attached to a ticket. Kept as an attachment of the case under this `id`, it is never sent back.
 *
 * @typedef {object} IncomingAttachment
 * @property {string} id
 * @property {string} title
 * @property {string} file_name Not to be trusted as a path.
 * @property {string} [author]
 * @property {string} [created_at]
 * @property {{ stored: { token: string, size: number, sha256: string } } | { link: { url: string } } | { left_out: { reason: string } }} content
 */

/**
 * An operation that is over.
 *
 * @typedef {object} Finished
 * @property {number} operation
 * @property {string} [case_id]
 * @property {{ ok: Outcome } | { error: ErrorJson }} result
 */

/**
 * What came of a command.
 *
 * @typedef {CaseOutcome | ConnectionReport | CallbackOutcome | CallbacksReport | TicketOutcome | PollReport | ReconcileReport | PreflightReport | ProbeReport | { kind: 'catalog' } & Catalog | { kind: 'preview' } & Preview
 *   | { kind: 'imported' } & ImportReport | { kind: 'mappings_changed' } & MappingsChanged | { kind: 'mappings' } & MappingPage
 *   | { kind: 'auto_mapped' } & AutoMapReport | { kind: 'suggested_mappings' } & SuggestedMappings
 *   | { kind: 'customers' } & CustomersReport
 *   | { kind: 'device_plan' } & DevicePlan | { kind: 'devices_sent' } & DevicesReport
 *   | { kind: 'mapping_table', csv: string, rows: number, next?: string } | { kind: 'schedule' } & Schedule
 *   | { kind: 'resumed', cases: number }
 *   | { kind: 'accepted', case_id: string, operation?: number }
 *   | { kind: 'outbox' } & OutboxPage | { kind: 'links' } & LinkPage | { kind: 'backlog' } & Backlog
 *   | { kind: 'outbox_retried', cases: number } | { kind: 'outbox_discarded', case_ids: string[] }
 *   | { kind: 'events' } & EventPage | { kind: 'report' } & ReportPage | { kind: 'dashboard' } & Figure
 *   | { kind: 'definitions' } & Definitions | { kind: 'audit' } & AuditPage | { kind: 'health' } & HealthReport
 *   | { kind: 'forgotten', events: number, decisions: number } | { kind: 'automated' } & Automated
 *   | { kind: 'config_exported' } & PortableConfig | { kind: 'config_imported', config: object, to_set: SettingToSet[] }
 *   | { kind: 'worked', cases: number, gatherings: number }
 *   | { kind: 'companies' } & CompanyPage | { kind: 'configurations' } & ConfigurationPage
 *   | { kind: 'boards', catalog: Catalog, gaps?: string[] }
 *   | { kind: 'provision_plan' } & ProvisionPlan
 *   | { kind: 'provisioned' } & ProvisionReport
 *   | { kind: 'drift', report: DriftReport, recorded?: DriftReport }
 *   | { kind: 'instances', instances: InstanceSummary[] }
 *   | { kind: 'instance_saved', saved?: SavedConnection, connection: object }
 *   | { kind: 'records', records: StoredRecord[], next?: string }
 *   | { kind: 'deleted', records: number }} Outcome
 */

/**
 * An event as the log keeps it; `include/event.schema.json` explains each field.
 *
 * @typedef {object} EventRecord
 * @property {string} id
 * @property {string} at
 * @property {string} event
 * @property {Alert} [alert]
 * @property {'case' | 'connectwise'} [by]
 * @property {string} [case_id]
 * @property {string} [case_number]
 * @property {number} [ticket_id]
 * @property {string} [summary]
 * @property {string} [board]
 * @property {string} [status]
 * @property {string} [severity]
 * @property {string} [group]
 * @property {string} [system]
 * @property {string} [company]
 * @property {string} [user]
 * @property {string} [domain]
 * @property {string} [reason]
 */

/** @typedef {{ events: EventRecord[], next?: string }} EventPage Some of the log's events, oldest first. */

/** @typedef {{ report: string, columns: string[], rows: string[][], next?: string }} ReportPage Some rows of a report. */

/**
 * Which events of the log are meant: each choice that is given must hold.
 *
 * @typedef {object} EventFilter
 * @property {string[]} [events]
 * @property {string} [category] Its name or key, such as `reopened`.
 * @property {string} [from]
 * @property {string} [until]
 * @property {string} [case_id]
 * @property {number} [ticket_id]
 * @property {string} [group]
 * @property {string} [company]
 * @property {string} [user]
 * @property {boolean} [raised]
 */

/**
 * A dashboard's figure, ready to be drawn: for each series a count per point of time.
 *
 * @typedef {object} Figure
 * @property {string} dashboard
 * @property {string} from
 * @property {string} until
 * @property {'hour' | 'day' | 'week'} bucket
 * @property {number} total
 * @property {string[]} times When each point begins, without gaps.
 * @property {{ label: string, total: number, counts: number[] }[]} series The largest first.
 */

/**
 * What guide 000 section 11 ships for its console, by its names.
 *
 * @typedef {object} Definitions
 * @property {{ name: string, event: string, active: false }[]} alerts
 * @property {{ name: string, key: string, events: string[], columns: string[] }[]} reports
 * @property {{ name: string, key: string, events: string[] }[]} categories
 * @property {{ name: string, event: string, schema: string, fields: { name: string, about: string }[] }[]} knowledge_objects
 * @property {{ name: string, key: string, events: string[], by: string }[]} dashboards
 */

/**
 * What was decided for a case at one time.
 *
 * @typedef {object} DecisionRecord
 * @property {string} at
 * @property {string} case_id
 * @property {number} [ticket_id]
 * @property {string} [group]
 * @property {{ what: string, value?: string, reason: string }[]} decisions
 */

/** @typedef {{ decisions: DecisionRecord[], next?: string }} AuditPage Some of the decisions, oldest first. */

/**
 * How an instance does.
 *
 * @typedef {object} HealthReport
 * @property {'healthy' | 'degraded' | 'failing'} status
 * @property {{ severity: 'error' | 'warning' | 'info', code: string, pointer?: string, message: string, fix: string }[]} findings
 * @property {Backlog} backlog
 * @property {string} [oldest_undelivered]
 * @property {{ callbacks: WayHealth, polling: WayHealth }} inbound
 * @property {{ day: string, days_left: number, warn: boolean, expired: boolean }} [credentials]
 * @property {{ at: string, changes: number, breaks: boolean }} [drift]
 * @property {{ under_way: number, allowed: number, concurrency: number, requests_per_minute: number, paused_until?: string }} budget
 */

/** @typedef {{ state: 'off' | 'waiting' | 'works' | 'stalled', last?: string }} WayHealth Whether a way back works. */

/**
 * Something that happened in the host: `case_opened`, `case_updated`, `case_commented`, `case_closed`, `alert_raised`,
 * `discovery_finished` or `inventory_changed`.
 *
 * @typedef {object} HostEvent
 * @property {string} event
 * @property {string} [alert]
 * @property {Case} [case]
 * @property {string} [case_id] In place of the case: its content is asked for later.
 */

/** @typedef {{ rule?: string, then: string, reason: string, operation?: number, due?: string }} Automated What became of it. */

/** @typedef {{ pointer: string, what: string }} SettingToSet A setting that each client sets for itself. */

/** @typedef {{ portable: number, exported_from: string, left_out: SettingToSet[], configuration: object }} PortableConfig A configuration without what is one client's own. */

/**
 * How a case in the store stands: in work, to be tried again, failed for good, waiting for its group to be mapped.
 *
 * @typedef {'waiting' | 'retrying' | 'failed' | 'held'} OutboxState
 */

/**
 * A case that waits in the store.
 *
 * @typedef {object} OutboxItem
 * @property {string} case_id
 * @property {string} [number]
 * @property {string} title
 * @property {string} group
 * @property {OutboxState} state
 * @property {string} accepted_at
 * @property {string} [action] The write to ConnectWise that may be under way, such as `create_ticket`.
 * @property {FailedTry} [failure] Why the last try failed, and when the next is.
 * @property {string} [reason] Why it is held.
 */

/**
 * A try that failed; without `next_try` another one cannot help.
 *
 * @typedef {{ code: string, message: string, at: string, tries: number, next_try?: string }} FailedTry
 */

/** @typedef {{ items: OutboxItem[], next?: string }} OutboxPage Some of the cases that wait; `next` asks for those after. */

/**
 * How much waits.
 *
 * @typedef {object} Backlog
 * @property {number} waiting
 * @property {number} retrying
 * @property {number} failed
 * @property {number} held
 * @property {number} undelivered
 * @property {string} [oldest] When the oldest case that waits or is tried again was handed over.
 */

/**
 * A case and its ticket.
 *
 * @typedef {object} LinkItem
 * @property {string} case_id
 * @property {number} ticket_id
 * @property {string} reference
 * @property {string} board
 * @property {string} status
 * @property {boolean} closed
 * @property {number} company_id
 * @property {string} company
 * @property {string} route
 * @property {boolean} in_step Whether the ticket holds all that was handed over of the case.
 * @property {number} notes
 * @property {number} documents
 * @property {number} refused_documents
 * @property {number[]} [configurations]
 */

/** @typedef {{ links: LinkItem[], next?: string }} LinkPage Some of the cases with tickets; `next` asks for those after. */

/**
 * What came of a callback.
 *
 * @typedef {(
 *     { kind: 'callback', decision: 'reread', ticket: number }
 *   | { kind: 'callback', decision: 'ignored', why: string }
 *   | { kind: 'callback', decision: 'refused', why: string, code: string })} CallbackOutcome
 */

/**
 * The callback registrations of the API member, and what was done about them.
 *
 * @typedef {object} CallbacksReport
 * @property {'callbacks'} kind
 * @property {CallbackRegistration[]} registrations
 * @property {{ act: 'registered' | 'corrected' | 'removed', object_id?: number, id?: number, why: string }[]} done
 * @property {ErrorJson[]} [warnings]
 */

/**
 * A callback registration.
 *
 * @typedef {object} CallbackRegistration
 * @property {number} id
 * @property {boolean} ours Whether it is this instance's. Others are never touched.
 * @property {string} url The receiver, without the secret.
 * @property {string} type
 * @property {string} level
 * @property {number} [object_id]
 * @property {boolean} active
 * @property {string} description
 */

/**
 * What came of reading a ticket again.
 *
 * @typedef {object} TicketOutcome
 * @property {'ticket'} kind
 * @property {number} ticket_id
 * @property {string[]} case_ids
 * @property {number} told How many deliveries its cases were told by.
 */

/**
 * A callback as the host's receiver took it in.
 *
 * @typedef {object} CallbackRequest
 * @property {string} body The received bytes, byte for byte, in base64 with padding.
 * @property {string} [signature] Value of the header `x-content-signature`.
 * @property {string} secret The last segment of the path, without the query.
 */

/**
 * What is to be made in ConnectWise, in this order, so that the configuration fits.
 *
 * @typedef {object} ProvisionPlan
 * @property {string} digest Of the boards and tables that it was made from; an instance that has changed since refuses it.
 * @property {{ create: Creation, reason: string }[]} steps
 * @property {Repair[]} [manual] What is left for a person.
 */

/**
 * A record to be made.
 *
 * @typedef {(
 *     { record: 'board', name: string, location: Place, department: Place }
 *   | { record: 'status', board: string, name: string, closed: boolean, sort_order: number }
 *   | { record: 'type' | 'item', board: string, name: string }
 *   | { record: 'subtype', board: string, name: string, types: string[] })} Creation
 */

/** @typedef {{ id?: number, name: string }} Place A location or a department. */

/** @typedef {{ pointer: string, message: string, fix: string }} Repair Something that a person has to mend. */

/**
 * What came of a plan.
 *
 * @typedef {object} ProvisionReport
 * @property {{ create: Creation, result: StepResult }[]} steps In the plan's order.
 * @property {import('./error.js').Fault[]} remaining What still does not fit.
 */

/**
 * What came of a step.
 *
 * @typedef {{ done: { id: number } } | { was_there: { id: number } } | { refused: { reason: string } }
 *   | { skipped: { reason: string } }} StepResult
 */

/**
 * What changed between two readings of an instance.
 *
 * @typedef {object} DriftReport
 * @property {string} [since] When the earlier one was made; nothing where there is none.
 * @property {string} read_at
 * @property {DriftChange[]} changes
 * @property {Repair[]} [faults] All that does not fit now.
 */

/**
 * @typedef {object} DriftChange
 * @property {string} subject Such as `status`.
 * @property {string} [board]
 * @property {string} name
 * @property {'added' | 'deactivated' | 'activated' | 'deleted' | 'closes' | 'opens' | { renamed: { from: string } }} change
 * @property {Repair[]} [breaks] What of the configuration it breaks.
 */

/**
 * What a store has of one instance.
 *
 * @typedef {object} InstanceSummary
 * @property {string} instance
 * @property {number} outbox
 * @property {number} held
 * @property {number} undelivered
 * @property {string} [catalog_read_at]
 * @property {SavedConnection} [saved] The connection that was saved after a passed test.
 * @property {boolean} [deleting]
 */

/** @typedef {{ at: string, site: string, company_id: string }} SavedConnection A connection that was tested and then saved. */

/** @typedef {{ kind: 'group' | 'system', id: string }} MappingKey Names a group or system of the host. */

/**
 * What a group or system is mapped to; the keys are as the configuration names company or device configuration.
 *
 * @typedef {object} MappingTarget
 * @property {{ id: number, identifier: string, name: string }} [company]
 * @property {{ id: number, name: string, company: number }} [configuration]
 * @property {CompanyKey} [company_key]
 * @property {ConfigurationKey} [configuration_key]
 */

/** @typedef {{ identifier: string } | { id: number } | { name: string }} CompanyKey How a company is named. */

/**
 * How a device configuration is named.
 *
 * @typedef {{ name: string } | { id: number } | { device_identifier: string } | { serial_number: string }} ConfigurationKey
 */

/**
 * What a mapping is, or was.
 *
 * @typedef {object} MappingState
 * @property {MappingTarget} [target] Nothing where it is not mapped.
 * @property {'configuration' | 'manual' | 'automatic' | 'removed'} origin Who decided it.
 * @property {string} [reason]
 * @property {string} [at]
 * @property {string} [by]
 */

/**
 * The mapping of a group to a company, or of a system to a device configuration.
 *
 * @typedef {MappingKey & MappingState & { name?: string, group?: string, history?: MappingState[] }} Mapping
 */

/**
 * A mapping that a person makes.
 *
 * @typedef {(
 *     { kind: 'group', id: string, name?: string, company: CompanyKey, reason?: string }
 *   | { kind: 'system', id: string, name?: string, group: string, configuration: ConfigurationKey, reason?: string })} NewMapping
 */

/**
 * What came of mappings that were set, removed, released, accepted or imported.
 *
 * @typedef {object} MappingsChanged
 * @property {Mapping[]} mappings The mappings as they are now, each that was named.
 * @property {number} changed How many of them are not as they were.
 * @property {number} held_cases Held cases that go on now; each is an operation of its own.
 * @property {import('./error.js').Fault[]} [left_out]
 */

/** @typedef {{ mappings: Mapping[], next?: string }} MappingPage Some of the mappings; `next` asks for those after. */

/**
 * What came of automatic mapping.
 *
 * @typedef {object} AutoMapReport
 * @property {boolean} dry_run Whether nothing was saved.
 * @property {number} mapped
 * @property {number} kept
 * @property {number} refused
 * @property {number} left_alone
 * @property {(MappingKey & { outcome: string, target?: MappingTarget, reason: string })[]} items
 * @property {ImportReport} imported
 * @property {number} held_cases
 */

/**
 * A company as it was imported.
 *
 * @typedef {object} ImportedCompany
 * @property {number} id
 * @property {string} identifier Unique short code.
 * @property {string} name Display name; not unique.
 * @property {boolean} [deleted]
 * @property {string} [status] Name of its status, such as `Active`.
 * @property {string[]} [contact_emails] E-mail addresses of its primary contact.
 */

/**
 * A device configuration as it was imported.
 *
 * @typedef {object} ImportedConfiguration
 * @property {number} id
 * @property {number} company
 * @property {string} name
 * @property {string} [type]
 * @property {boolean} [inactive]
 * @property {string} [mac_address]
 * @property {string} [serial_number]
 * @property {string} [device_identifier]
 */

/** @typedef {{ companies: ImportedCompany[], next?: number }} CompanyPage Some of the companies; `next` asks for those after. */

/**
 * Some of the device configurations; `next` asks for those after.
 *
 * @typedef {{ configurations: ImportedConfiguration[], next?: number }} ConfigurationPage
 */

/**
 * Candidates for what is not mapped, best first.
 *
 * @typedef {object} SuggestedMappings
 * @property {{ id: string, name?: string, candidates: Candidate[] }[]} groups
 * @property {{ id: string, name?: string, candidates: Candidate[] }[]} systems
 */

/**
 * How the host's groups and the companies of ConnectWise differ.
 *
 * @typedef {object} CustomersReport
 * @property {CustomerFinding[]} findings
 * @property {number} unchanged Groups of which nothing has to be said.
 * @property {ImportReport} imported
 */

/**
 * A group, a company, or both, and what is not as it was.
 *
 * @typedef {{ group?: string, group_name?: string, company?: NamedCompany, reason: string, fix: string } & (
 *     { change: 'group_new' | 'group_gone' | 'company_new' | 'company_gone' }
 *   | { change: 'group_renamed' | 'company_renamed', from: string }
 *   | { change: 'company_merged', into: NamedCompany })} CustomerFinding
 */

/** @typedef {{ id: number, identifier: string, name: string }} NamedCompany A company of ConnectWise. */

/**
 * A device of the host, which becomes a device configuration.
 *
 * @typedef {object} Device
 * @property {string} id Stable identity, that of the case's system too.
 * @property {string} group Id of the group (customer) that it belongs to.
 * @property {string} [name]
 * @property {string} [type]
 * @property {string} [os]
 * @property {string} [serial_number]
 * @property {string} [model]
 * @property {string[]} [macs]
 * @property {string[]} [ips]
 * @property {string[]} [device_groups]
 * @property {Record<string, unknown>} [fields] Whatever else the host has.
 */

/**
 * What devices would become. Nothing was sent but reads.
 *
 * @typedef {object} DevicePlan
 * @property {DeviceStep[]} steps
 * @property {number} unchanged
 * @property {number} left_out
 * @property {number} deferred
 */

/**
 * What one device would become.
 *
 * @typedef {{ device: string, name: string, company?: number } & (
 *     { action: 'create', fields: ColumnChange[] }
 *   | { action: 'update', configuration: number, matched_by: MatchedBy, changes: ColumnChange[] }
 *   | { action: 'refuse', faults: import('./error.js').Fault[] })} DeviceStep
 */

/**
 * How a device's configuration was found, the strongest first.
 *
 * @typedef {'link' | 'mapping' | 'identifier' | 'serial_number' | 'mac' | 'name'} MatchedBy
 */

/**
 * A column before and after.
 *
 * @typedef {{ column: string, kind: 'field' | 'custom_field' | 'question', before: unknown, after: unknown }} ColumnChange
 */

/**
 * What came of sending devices.
 *
 * @typedef {object} DevicesReport
 * @property {DeviceResult[]} results
 * @property {number} unchanged
 * @property {number} left_out
 * @property {number} deferred
 */

/**
 * What came of one device.
 *
 * @typedef {{ device: string, name: string } & (
 *     { result: 'created', configuration: number, not_taken?: string[] }
 *   | { result: 'updated', configuration: number, columns: string[], not_taken?: string[] }
 *   | { result: 'refused', faults: import('./error.js').Fault[] })} DeviceResult
 */

/**
 * @typedef {object} Candidate
 * @property {{ id: number, identifier: string, name: string }} [company]
 * @property {{ id: number, name: string }} [configuration]
 * @property {number} score 1 to 100.
 * @property {{ signal: string, text: string }[]} evidence
 * @property {string[]} [flags]
 */

/**
 * Which tasks are due.
 *
 * @typedef {object} Schedule
 * @property {{ task: string, every: string, last?: string, at: string, now: boolean, reason?: string }[]} tasks
 * @property {string} [next] When to ask again, at the latest.
 */

/** @typedef {{ groups: { group: Group, systems?: System[] }[] }} Inventory The host's groups and systems. */

/** @typedef {{ id: string, name?: string, email?: string }} Group A customer of the host. */

/**
 * A device of the host.
 *
 * @typedef {object} System
 * @property {string} id
 * @property {string} [name]
 * @property {string} [os]
 * @property {string[]} [macs]
 * @property {string[]} [ips]
 * @property {string} [serial_number]
 */

/**
 * What came of a case.
 *
 * @typedef {object} CaseOutcome
 * @property {'case'} kind
 * @property {string} case_id
 * @property {'opened' | 'updated' | 'closed' | 'unchanged' | 'held' | 'joined' | 'rolled_up' | 'withheld' | 'accepted'} outcome
 * @property {number} [ticket_id]
 * @property {string} [reason]
 * @property {ErrorJson[]} [warnings]
 */

/**
 * What testing a connection found, part by part.
 *
 * @typedef {object} ConnectionReport
 * @property {'connection'} kind
 * @property {boolean} ok Whether no part failed.
 * @property {{ part: string, state: string, message: string, fix?: string }[]} parts In the order in which they were tested.
 * @property {string} [version]
 * @property {string} [codebase]
 * @property {boolean} [is_cloud]
 */

/**
 * What a preflight found: everything that would go wrong with the first tickets, before the first ticket.
 *
 * @typedef {object} PreflightReport
 * @property {'preflight'} kind
 * @property {boolean} ok Whether the connection works and no finding is an error.
 * @property {Omit<ConnectionReport, 'kind'>} connection
 * @property {Finding[]} findings The worst first, then by pointer.
 * @property {RoleRight[]} role The least security role for the features switched on.
 * @property {TestTicket[]} [test_tickets] The tickets of the write probe, where there was one.
 * @property {number} boards
 * @property {number} priorities
 */

/**
 * One thing that a preflight found.
 *
 * @typedef {object} Finding
 * @property {'error' | 'warning' | 'info'} severity
 * @property {string} [pointer] Where in the configuration, as a JSON pointer.
 * @property {string} code
 * @property {string} message
 * @property {string} fix
 */

/**
 * A line of a security role.
 *
 * @typedef {object} RoleRight
 * @property {string} module
 * @property {string} right
 * @property {'none' | 'mine' | 'all'} add
 * @property {'none' | 'mine' | 'all'} edit
 * @property {'none' | 'mine' | 'all'} delete
 * @property {'none' | 'mine' | 'all'} inquire
 * @property {Feature[]} features
 * @property {string[]} sources
 * @property {string} [note]
 */

/**
 * @typedef {'companies' | 'configurations' | 'contacts' | 'tickets' | 'closing' | 'attachments' | 'catalog' | 'members'
 *   | 'provision' | 'callbacks'} Feature Something that casewire does in ConnectWise and that can be switched on.
 */

/**
 * A test ticket and how each of its steps went.
 *
 * @typedef {object} TestTicket
 * @property {string} route
 * @property {string} pointer
 * @property {number} [ticket_id]
 * @property {{ step: string, state: 'done' | 'refused' | 'unclear' | 'skipped', message: string, right?: string }[]} steps
 */

/**
 * What a probe learned about an instance.
 *
 * @typedef {object} ProbeReport
 * @property {'probe'} kind
 * @property {string} at
 * @property {string} [release]
 * @property {{ id: string, sent?: string, came: string, conclusion: string }[]} answers
 * @property {object} quirks What the client behaves by from now on.
 * @property {number[]} ended The test tickets, all of which are deleted or closed.
 */

/** @typedef {{ boards: unknown[], [part: string]: unknown }} Catalog The boards of an instance and what belongs to them. */

/**
 * What came of an import, for each kind that was asked for.
 *
 * @typedef {object} ImportReport
 * @property {ImportedPart} [companies]
 * @property {ImportedPart} [configurations]
 * @property {ImportedPart} [contacts]
 */

/**
 * What came of the import of one kind.
 *
 * @typedef {object} ImportedPart
 * @property {number} read Records that ConnectWise gave.
 * @property {number} changed Records of these that are new or not as they were held.
 * @property {number} removed Records that were held and are no more.
 * @property {number} held Records that are held now.
 * @property {number} requests Requests for pages and counts.
 * @property {'first' | 'asked' | 'filter_changed' | 'due' | 'resumed' | 'count_differs' | 'times_not_understood'
 *   | 'no_times'} [full] Why everything was read; none where only what had changed was.
 * @property {string} [until] Everything that changed in ConnectWise until then is held.
 */

/**
 * Which records are imported, where that is another choice than the configuration's.
 *
 * @typedef {object} ImportFilter
 * @property {{ name?: string[], identifier?: string[], status?: string[], type?: string[] }} [companies]
 * @property {{ company?: ({ identifier: string } | { id: number } | { name: string })[], type?: string[],
 *   active?: boolean }} [configurations]
 */

/**
 * What a case would become.
 *
 * @typedef {object} Preview
 * @property {'ticket' | 'held' | 'ignored' | 'refused'} outcome
 * @property {string} reason Why, in words for a person.
 * @property {object[]} routes What each route says of the case, in order; the first that matches is used.
 * @property {{ route: string, reference: string, fields: { field: string, value: unknown, shown?: string, reason: string }[],
 *   notes: { comment: string, kind: 'internal' | 'discussion' | 'resolution', text: string, reason?: string }[],
 *   documents: { attachment: string, title: string, file_name: string, size: number, sha256?: string }[],
 *   left_out?: { what: 'comment' | 'attachment' | 'waiting_attachment', id: string, reason: string }[],
 *   [part: string]: unknown }} [ticket] The ticket, field by field, where there would be one.
 * @property {string[]} [lookups] What the directory does not hold and a real run looks up.
 * @property {{ method: string, path: string, why: string }[]} calls The API calls of a real run, in order.
 * @property {import('./error.js').Fault[]} [faults] Every fault, where the case would be refused.
 */

/**
 * A case as it is now. `close_reason` says why it was closed, such as `false_positive`.
 *
 * @typedef {{ id: string, title: string, severity: string, close_reason?: string, comments?: CaseComment[],
 *   attachments?: CaseAttachment[], [field: string]: unknown }} Case
 */

/**
 * A comment of a case. `format` is the form of its texts, where it is not the configuration's.
 *
 * @typedef {{ id: string, text?: string, created_at: string, author?: string, format?: 'plain' | 'markdown' | 'html',
 *   visibility?: 'internal' | 'discussion' | 'resolution', [part: string]: unknown }} CaseComment
 */

/**
 * A file of a case. By its SHA-256 a file is known that the ticket holds already.
 *
 * @typedef {{ id: string, file_name: string, size: number, token: string, title?: string, created_at?: string, sha256?: string,
 *   comment?: string }} CaseAttachment
 */

/**
 * Which mappings are listed: each choice that is given must hold.
 *
 * @typedef {object} MappingFilter
 * @property {'group' | 'system'} [kind]
 * @property {'configuration' | 'manual' | 'automatic' | 'removed'} [origin]
 * @property {boolean} [mapped]
 * @property {string} [group]
 * @property {string} [text]
 */

/**
 * What a host can ask.
 *
 * @typedef {(
 *     { command: 'submit_case' | 'accept_case' | 'preview_case', case: Case }
 *   | { command: 'continue_case' | 'submit_reference', case_id: string }
 *   | { command: 'list_outbox', after?: string, limit?: number, state?: OutboxState, case_id?: string }
 *   | { command: 'retry_outbox', case_ids?: string[], due?: boolean }
 *   | { command: 'discard_outbox', case_ids: string[], reason: string, by?: string, force?: boolean }
 *   | { command: 'list_links', after?: string, limit?: number, case_id?: string, ticket?: number }
 *   | { command: 'list_companies', after?: number, limit?: number, text?: string }
 *   | { command: 'list_configurations', after?: number, limit?: number, company?: number, group?: string, text?: string }
 *   | { command: 'list_events', after?: string, limit?: number, filter?: EventFilter }
 *   | { command: 'report', report: string, after?: string, limit?: number, filter?: EventFilter }
 *   | { command: 'dashboard', dashboard: string, bucket?: 'hour' | 'day' | 'week', filter?: EventFilter }
 *   | { command: 'audit', after?: string, limit?: number, case_id?: string, from?: string, until?: string }
 *   | { command: 'host_event', event: HostEvent }
 *   | { command: 'definitions' | 'health' | 'forget_old' | 'export_config' | 'save_instance' }
 *   | { command: 'import_config', exported: PortableConfig, target: { instance: string, connection: object, groups?: object[], catch_all?: object } }
 *   | { command: 'preflight', write_probe?: { company?: object, every_route?: boolean } | null, also?: Feature[] }
 *   | { command: 'probe', sandbox: boolean, company?: object | null }
 *   | { command: 'import', what: ('companies' | 'configurations' | 'contacts')[], filter?: ImportFilter, full?: boolean }
 *   | { command: 'set_mapping', mappings: NewMapping[], by?: string }
 *   | { command: 'remove_mapping' | 'release_mapping', mappings: MappingKey[], by?: string }
 *   | { command: 'list_mappings', after?: string, limit?: number, filter?: MappingFilter }
 *   | { command: 'auto_map', inventory: Inventory, groups?: string[], dry_run?: boolean }
 *   | { command: 'suggest_mappings' | 'sync_customers', inventory: Inventory }
 *   | { command: 'preview_devices' | 'send_devices', devices: Device[] }
 *   | { command: 'accept_suggestions', inventory: Inventory, only?: MappingKey[], at_least?: number, by?: string }
 *   | { command: 'import_mappings', csv: string, good_rows?: boolean, by?: string }
 *   | { command: 'export_mappings', after?: string, limit?: number }
 *   | { command: 'test_connection' | 'read_catalog' | 'due_tasks' | 'backlog' | 'work_queue' | 'resume' | 'plan_provision' | 'drift' | 'list_instances' | 'list_callbacks' | 'remove_callbacks' | 'poll' | 'devices_discovered' }
 *   | { command: 'read_boards', boards?: string[] }
 *   | { command: 'apply_provision', plan: ProvisionPlan }
 *   | { command: 'export_instance', after?: string }
 *   | { command: 'delete_instance', confirm: string, force?: boolean }
 *   | { command: 'take_callback', callback: CallbackRequest }
 *   | { command: 'ensure_callbacks', url?: string }
 *   | { command: 'release_mass_change', confirm: string }
 *   | { command: 'reconcile', repair?: boolean }
 *   | { command: 'sync_ticket', ticket: number, reason?: 'asked' | 'callback' | 'poll' | 'reconcile' })} Command
 */

export {};
