// What a page does with the package, the same for every way of building one. It runs in the page or in a worker, and says
// what it saw; walk.mjs judges.
import { CasewireError, Connector, Deliveries, fetchTransport, load, preview, suggestMappings, validateCase, version } from 'casewire';
import { checkStore } from 'casewire/conformance';
import { IndexedDbStore } from 'casewire/indexeddb';

/**
 * @param {{ configuration: any, theCase: any }} given
 * @param {string} name Name of the database.
 */
export async function story({ configuration, theCase }, name) {
  const seen = {};
  seen.unloaded = attempt(() => version());
  await load();
  seen.version = version();

  const empty = await IndexedDbStore.open(`${name}-conformance`);
  seen.brokenPromises = await checkStore(empty);
  seen.fullDisk = await fullDisk(empty);
  empty.close();
  await IndexedDbStore.delete(`${name}-conformance`);

  const store = await IndexedDbStore.open(name);
  const deliveries = new Deliveries();
  // The page has no keys: its own server adds them to what it passes on.
  const through = (url, init) => fetch(new URL(`/connectwise${new URL(url).pathname}${new URL(url).search}`, location.origin), init);
  const transport = fetchTransport({ fetch: through });
  const connector = new Connector(configuration, { store, transport, deliver: deliveries.deliver });
  seen.events = [];
  const listening = (async () => {
    for await (const delivery of deliveries) seen.events.push(delivery.event.event);
  })();
  seen.opened = await connector.submit(theCase, { signal: AbortSignal.timeout(30_000) });
  seen.again = await connector.submit(theCase);
  seen.refused = await connector.submit({ ...theCase, title: '' }).catch(told);
  seen.aborted = await connector.submit(theCase, { signal: AbortSignal.abort() }).catch(told);
  seen.faults = validateCase({ ...theCase, severty: 'high' }).map(({ pointer }) => pointer);
  const companies = [{ id: 21, identifier: 'BigDesign', name: 'Big Design', contact_emails: ['a@bigdesign.com'] }];
  const suggested = suggestMappings({ groups: [{ id: '48Tech', email: 'it@bigdesign.com' }], companies });
  seen.suggested = suggested.groups[0]?.candidates.map(({ company, evidence }) => [company?.id, evidence[0]?.signal]);
  seen.preview = preview(configuration, await connector.readCatalog(), { ...theCase, id: '10013' }).outcome;
  await connector.idle();
  deliveries.close();
  await listening;
  await connector.close();
  store.close();
  return seen;
}

/** @param {() => unknown} call */
function attempt(call) {
  try {
    return call();
  } catch (error) {
    return error.message;
  }
}

/** A commit that fails has changed nothing, and says why. */
async function fullDisk(store) {
  const unstorable = { toString: null };
  const error = await store.commit({ expect: [], put: [['full', () => unstorable]], delete: [] }).catch((why) => why);
  return { failed: error instanceof Error, kept: (await store.get(['full']))[0] !== undefined };
}

function told(error) {
  return { known: error instanceof CasewireError, code: error.code, faults: error.faults?.map(({ pointer }) => pointer) };
}
