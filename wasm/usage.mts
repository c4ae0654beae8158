// What a user's TypeScript looks like; it is compiled against the package's types and never run.
import { CasewireError, Connector, Deliveries, Failure, MemoryStore, load, preview, suggestMappings, validateConfig } from 'casewire';
import { checkStore } from 'casewire/conformance';
import { fetchTransport } from 'casewire/fetch';
import { IndexedDbStore } from 'casewire/indexeddb';
import type {
  CallbackOutcome, CallbacksReport, ImportReport, MappingsChanged, Outcome, PollReport, PreflightReport, ProbeReport,
  ReconcileReport, Store,
} from 'casewire/host';
import { compareKeys } from 'casewire/memory';
import { load as loadPure, validateCase } from 'casewire/pure';
import { Connector as Raw } from 'casewire/raw';

await load();
await loadPure();
console.log(validateCase('{}').length);

const faults: string[] = validateConfig('{}').map((fault) => `${fault.pointer}: ${fault.fix}`);
const store: Store = new MemoryStore();
const connector = new Connector({ version: 1 }, {
  store,
  keys: { publicKey: 'public', privateKey: 'private' },
  transport: fetchTransport({ headers: async () => ({ authorization: 'Basic ...' }) }),
  openAttachment: (token) => new Blob([token]),
  deliver: async (delivery, signal) => {
    const id: string = delivery.id;
    console.log(id, delivery.ticket?.ticket_id, signal.aborted);
  },
  seed: 7n,
  callbackSecret: '0123456789abcdef',
});
try {
  const opened = await connector.submit(
    { id: '1', title: 'Audit log cleared', severity: 'high', group: { id: 'g' } },
    { signal: AbortSignal.timeout(1_000) },
  );
  const ticket: number | undefined = opened.ticket_id;
  console.log(ticket, opened.outcome === 'opened');
} catch (error) {
  if (error instanceof CasewireError && error.code === 'unauthorized') console.log(error.httpStatus, error.faults);
  if (error instanceof Failure) console.log(error.kind === 'unanswered');
}
const catalog = await connector.readCatalog();
const would: string = preview({}, catalog, '{}').reason;
const wrong = (await connector.testConnection()).parts.filter(({ state }) => state === 'failed');
const planned = await connector.run({ command: 'plan_provision' });
if (planned.kind === 'provision_plan' && planned.steps.length > 0) {
  const { kind, ...plan } = planned;
  const made = await connector.run({ command: 'apply_provision', plan });
  if (made.kind === 'provisioned') console.log(kind, made.steps.map(({ result }) => 'done' in result && result.done.id));
}
const drifted = await connector.run({ command: 'drift' });
if (drifted.kind === 'drift') console.log(drifted.report.changes.flatMap(({ breaks = [] }) => breaks.map(({ fix }) => fix)));
const imported = await connector.run<Outcome & ImportReport>({
  command: 'import', what: ['companies', 'contacts'], filter: { companies: { status: ['Active'] } },
});
const set = await connector.run<Outcome & MappingsChanged>({
  command: 'set_mapping', mappings: [{ kind: 'group', id: '48Tech', company: { identifier: 'BigDesign' } }],
});
console.log(set.mappings[0]?.target?.company?.name, set.held_cases);
console.log(imported.companies?.held, imported.contacts?.full === 'first');
const checked = await connector.run<PreflightReport>({ command: 'preflight', write_probe: { every_route: true } });
const mend: string[] = checked.findings.filter(({ severity }) => severity === 'error').map(({ fix }) => fix);
const probed = await connector.run<ProbeReport>({ command: 'probe', sandbox: true });
console.log(mend, checked.role[0]?.inquire === 'all', probed.answers.map(({ conclusion }) => conclusion));
const callback = { body: btoa('{}'), signature: 'sha', secret: 'segment' };
const judged = await connector.run<CallbackOutcome>({ command: 'take_callback', callback });
if (judged.decision === 'reread') console.log(judged.ticket);
const registered = await connector.run<CallbacksReport>({ command: 'ensure_callbacks' });
console.log(registered.registrations.filter(({ ours, active }) => ours && !active));
const polled = await connector.run<PollReport>({ command: 'poll' });
if (polled.held) await connector.run({ command: 'release_mass_change', confirm: 'acme' });
const compared = await connector.run<ReconcileReport>({ command: 'reconcile', repair: true });
console.log(polled.until, compared.findings.filter(({ repair }) => repair === 'by_hand').map(({ fix }) => fix));
const accepted = await connector.run({
  command: 'accept_case', case: { id: '2', title: 'Audit log cleared', severity: 'high', group: { id: 'g' } },
});
const waiting = await connector.run({ command: 'list_outbox', state: 'failed' });
if (accepted.kind === 'accepted') console.log(accepted.operation);
if (waiting.kind === 'outbox') console.log(waiting.items.map(({ failure }) => failure?.next_try), waiting.next);
const companies = await connector.run({ command: 'list_companies', text: 'design', limit: 1000 });
if (companies.kind === 'companies') {
  const { groups } = suggestMappings({ groups: [{ id: '48Tech' }], companies: companies.companies });
  console.log(groups[0]?.candidates[0]?.evidence.map(({ text }) => text), companies.next);
}
await connector.idle();
await connector.close();

const deliveries = new Deliveries();
const inPage = new Connector({ version: 1 }, { store: await IndexedDbStore.open('soc'), deliver: deliveries.deliver });
for await (const delivery of deliveries) {
  const happened: string = delivery.event.event;
  console.log(happened);
  if (happened === 'ticket_closed') break;
}
deliveries.close();
await inPage.close();
await IndexedDbStore.delete('soc');

// @ts-expect-error A host has to take deliveries.
new Connector({}, { store: new MemoryStore() });
// @ts-expect-error A case has an id.
connector.submit({ title: 't', severity: 'high' });

const promises: string[] = await checkStore(new MemoryStore());
console.log(faults, promises, would, wrong, ['b', 'a'].sort(compareKeys));
new Raw('{}', undefined, 1n, undefined, Date.now()).free();
