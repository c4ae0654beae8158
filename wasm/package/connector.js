/** @import { Case, CaseOutcome, Catalog, Command, ConnectionReport, Finished, Host, Outcome, Preview } from './host.js' */
/** @import { Answer, Effect } from './perform.js' */
import * as module from './casewire.js';
import { Connector as Core, Keys } from './casewire.js';
import { CasewireError } from './error.js';
import { json } from './json.js';
import { requireLoaded } from './load.js';
import { failed, performer } from './perform.js';

/**
 * A step as the core gives it.
 *
 * @typedef {{ step: 'effect' } & Effect | { step: 'finished' } & Finished | { step: 'idle', operations: number, effects: number }} Step
 */

/**
 * @typedef {object} Waiting
 * @property {(outcome: any) => void} resolve
 * @property {(error: CasewireError) => void} reject
 */

/**
 * A connector between a host and one ConnectWise instance: promises around the core, which decides everything.
 *
 * It begins by itself with what an earlier connector over the same store left unfinished. Nothing is lost when it is closed
 * or the page goes: what it began stays in the store's outbox.
 */
export class Connector {
  /** @type {Core} */
  #core;
  #now;
  #perform;
  #finished;
  /** Operations that someone waits for. @type {Map<number, Waiting>} */
  #waiting = new Map();
  /** Effects under way. @type {Map<number, AbortController>} */
  #effects = new Map();
  /** The work on effects, the cancelled ones included. @type {Set<Promise<void>>} */
  #work = new Set();
  /** Whom to tell that nothing is left to do. @type {(() => void)[]} */
  #idle = [];
  #quiet = false;
  /** Why it takes nothing more. @type {CasewireError | undefined} */
  #over;

  /**
   * @param {object | string} config The configuration, as an object or as JSON text; never holds a key.
   * @param {Host} host
   * @throws {CasewireError} with every fault of the configuration
   */
  constructor(config, host) {
    for (const method of /** @type {const} */ (['get', 'scan', 'commit'])) {
      if (typeof host.store?.[method] !== 'function') throw new TypeError(`host.store.${method} must be a function`);
    }
    if (typeof host.deliver !== 'function') throw new TypeError('host.deliver must be a function');
    requireLoaded(module);
    const { clientId, callbackSecret, seed = randomSeed(), now = Date.now } = host;
    const keys = host.keys && new Keys(host.keys.publicKey ?? '', host.keys.privateKey ?? '');
    this.#now = now;
    this.#perform = performer(host, now);
    this.#finished = host.finished;
    this.#core = new Core(json(config), keys, seed, clientId, now(), callbackSecret);
    this.#drain();
  }

  /**
   * Brings a case's ticket in step with the case: opens it, changes it, closes it.
   *
   * @param {Case} value The case as it is now.
   * @param {{ signal?: AbortSignal }} [options] An aborted operation rejects with the code `cancelled`; what it began in
   *   ConnectWise stays in the outbox.
   * @returns {Promise<CaseOutcome>}
   */
  submit(value, options) {
    return this.run({ command: 'submit_case', case: value }, options);
  }

  /**
   * Says what a case would become, each field with its reason, without sending anything but reads.
   *
   * @param {Case} value
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<{ kind: 'preview' } & Preview>}
   */
  preview(value, options) {
    return this.run({ command: 'preview_case', case: value }, options);
  }

  /**
   * Says which part of the connection is wrong, if any.
   *
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<ConnectionReport>}
   */
  testConnection(options) {
    return this.run({ command: 'test_connection' }, options);
  }

  /**
   * Reads the boards that the configuration names, and checks the configuration against them.
   *
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<{ kind: 'catalog' } & Catalog>}
   */
  readCatalog(options) {
    return this.run({ command: 'read_catalog' }, options);
  }

  /**
   * Runs any command.
   *
   * @template {Outcome} [T=Outcome]
   * @param {Command} command
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<T>}
   */
  async run(command, { signal } = {}) {
    if (this.#over) throw this.#over;
    const operation = this.#begin(JSON.stringify(command));
    this.#quiet = false;
    const outcome = new Promise((resolve, reject) => this.#waiting.set(operation, { resolve, reject }));
    const cancel = () => this.#cancel(operation);
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel);
    this.#drain();
    try {
      return await outcome;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Waits until nothing is under way: no operation, no delivery. */
  async idle() {
    if (!this.#quiet && !this.#over) await new Promise((resolve) => this.#idle.push(() => resolve(undefined)));
  }

  /**
   * Stops at once. Operations that are not over reject with the code `cancelled` and stay in the outbox. Returns when the
   * host is no longer being called, so that its store may be closed. To let the work end first: `await connector.idle()`.
   */
  async close() {
    if (!this.#over) {
      for (const operation of [...this.#waiting.keys()]) this.#cancel(operation);
      this.#end(new CasewireError({ code: 'cancelled', message: 'the connector was closed: make a new one', retry: false }));
      this.#core.free();
    }
    await Promise.all(this.#work);
  }

  /** @param {string} command */
  #begin(command) {
    try {
      return this.#core.submit(command, this.#now());
    } catch (error) {
      if (error instanceof CasewireError) throw error;
      throw this.#end(broken(error));
    }
  }

  /** Polls until the core says that there is nothing more. Calls no code of the host. */
  #drain() {
    this.#guard(() => {
      for (let idle = false; !idle && !this.#over; ) {
        const step = this.#core.poll(this.#now());
        try {
          idle = this.#take(step);
        } finally {
          step.free();
        }
      }
    });
  }

  /**
   * Takes a step, and says whether it was the last for now.
   *
   * @param {import('./casewire.js').Step} raw
   */
  #take(raw) {
    /** @type {Step} */
    const step = JSON.parse(raw.json);
    switch (step.step) {
      case 'effect':
        if (step.effect === 'cancel') {
          const abort = this.#effects.get(step.target);
          this.#effects.delete(step.target);
          queueMicrotask(() => abort?.abort());
          this.#resolve(step.id, { json: { done: {} } });
        } else {
          const pieces = step.effect === 'http' ? (step.body ?? []) : [];
          this.#start(step, pieces.map((_, index) => raw.body(index)));
        }
        return false;
      case 'finished':
        this.#settle(step);
        return false;
      case 'idle':
        this.#quiet = step.operations === 0 && step.effects === 0;
        if (this.#quiet) this.#tellIdle();
        return true;
    }
  }

  /**
   * @param {Effect} effect
   * @param {(Uint8Array | undefined)[]} bytes
   */
  #start(effect, bytes) {
    const abort = new AbortController();
    this.#effects.set(effect.id, abort);
    // Begins in a microtask, so that no code of the host runs while the core is drained.
    const work = Promise.resolve()
      .then(() => this.#perform(effect, bytes, abort.signal))
      .then((answer) => {
        if (this.#effects.delete(effect.id)) {
          this.#resolve(effect.id, answer);
          this.#drain();
        }
      })
      .finally(() => this.#work.delete(work));
    this.#work.add(work);
  }

  /**
   * @param {number} effect
   * @param {Answer} answer
   */
  #resolve(effect, { json, body }) {
    this.#guard(() => {
      try {
        this.#core.resolve(effect, JSON.stringify(json), body, this.#now());
      } catch (error) {
        if (!(error instanceof CasewireError)) throw error;
        // The host answered in a form that the core refuses. The effect still waits: it failed.
        this.#core.resolve(effect, JSON.stringify(failed('unanswered', error).json), undefined, this.#now());
      }
    });
  }

  /** @param {number} operation */
  #cancel(operation) {
    if (!this.#waiting.has(operation)) return;
    this.#guard(() => this.#core.cancel(operation, this.#now()));
    this.#drain();
  }

  /** @param {Finished} finished */
  #settle({ operation, case_id, result }) {
    const waiting = this.#waiting.get(operation);
    this.#waiting.delete(operation);
    if ('error' in result) waiting?.reject(new CasewireError(result.error));
    else waiting?.resolve(result.ok);
    if (this.#finished) queueMicrotask(() => this.#finished?.({ operation, case_id, result }));
  }

  /**
   * Calls the core where nobody waits for what it throws, which it does for a fault of casewire or of the host's clock only:
   * the connector is over then.
   *
   * @param {() => void} call
   */
  #guard(call) {
    try {
      call();
    } catch (error) {
      this.#end(error instanceof CasewireError ? error : broken(error));
    }
  }

  /** @param {CasewireError} error */
  #end(error) {
    this.#over = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    for (const abort of this.#effects.values()) queueMicrotask(() => abort.abort());
    this.#effects.clear();
    this.#tellIdle();
    return error;
  }

  #tellIdle() {
    for (const tell of this.#idle.splice(0)) tell();
  }
}

/** @param {unknown} cause */
function broken(cause) {
  const message = 'casewire failed: load the page or process again, and the next connector goes on from the store';
  return new CasewireError({ code: 'internal', message, retry: false }, { cause });
}

function randomSeed() {
  return crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n;
}
