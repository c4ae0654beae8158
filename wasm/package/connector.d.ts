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
    /**
     * @param {object | string} config The configuration, as an object or as JSON text; never holds a key.
     * @param {Host} host
     * @throws {CasewireError} with every fault of the configuration
     */
    constructor(config: object | string, host: Host);
    /**
     * Brings a case's ticket in step with the case: opens it, changes it, closes it.
     *
     * @param {Case} value The case as it is now.
     * @param {{ signal?: AbortSignal }} [options] An aborted operation rejects with the code `cancelled`; what it began in
     *   ConnectWise stays in the outbox.
     * @returns {Promise<CaseOutcome>}
     */
    submit(value: Case, options?: {
        signal?: AbortSignal;
    }): Promise<CaseOutcome>;
    /**
     * Says what a case would become, each field with its reason, without sending anything but reads.
     *
     * @param {Case} value
     * @param {{ signal?: AbortSignal }} [options]
     * @returns {Promise<{ kind: 'preview' } & Preview>}
     */
    preview(value: Case, options?: {
        signal?: AbortSignal;
    }): Promise<{
        kind: "preview";
    } & Preview>;
    /**
     * Says which part of the connection is wrong, if any.
     *
     * @param {{ signal?: AbortSignal }} [options]
     * @returns {Promise<ConnectionReport>}
     */
    testConnection(options?: {
        signal?: AbortSignal;
    }): Promise<ConnectionReport>;
    /**
     * Reads the boards that the configuration names, and checks the configuration against them.
     *
     * @param {{ signal?: AbortSignal }} [options]
     * @returns {Promise<{ kind: 'catalog' } & Catalog>}
     */
    readCatalog(options?: {
        signal?: AbortSignal;
    }): Promise<{
        kind: "catalog";
    } & Catalog>;
    /**
     * Runs any command.
     *
     * @template {Outcome} [T=Outcome]
     * @param {Command} command
     * @param {{ signal?: AbortSignal }} [options]
     * @returns {Promise<T>}
     */
    run<T extends Outcome = Outcome>(command: Command, { signal }?: {
        signal?: AbortSignal;
    }): Promise<T>;
    /** Waits until nothing is under way: no operation, no delivery. */
    idle(): Promise<void>;
    /**
     * Stops at once. Operations that are not over reject with the code `cancelled` and stay in the outbox. Returns when the
     * host is no longer being called, so that its store may be closed. To let the work end first: `await connector.idle()`.
     */
    close(): Promise<void>;
    #private;
}
/**
 * A step as the core gives it.
 */
export type Step = ({
    step: "effect";
} & Effect) | ({
    step: "finished";
} & Finished) | {
    step: "idle";
    operations: number;
    effects: number;
};
export type Waiting = {
    resolve: (outcome: any) => void;
    reject: (error: CasewireError) => void;
};
import type { Case } from './host.js';
import type { CaseOutcome } from './host.js';
import type { Preview } from './host.js';
import type { ConnectionReport } from './host.js';
import type { Catalog } from './host.js';
import type { Outcome } from './host.js';
import type { Command } from './host.js';
import type { Host } from './host.js';
import type { Effect } from './perform.js';
import type { Finished } from './host.js';
import { CasewireError } from './error.js';
