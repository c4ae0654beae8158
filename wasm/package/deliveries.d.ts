/** @import { Delivery } from './host.js' */
/**
 * @typedef {object} Offer
 * @property {Delivery} delivery
 * @property {() => void} take
 * @property {(error: Error) => void} refuse
 */
/**
 * Deliveries as an async iteration, for a host that would rather loop than be called:
 *
 * ```js
 * const deliveries = new Deliveries();
 * const connector = new Connector(configuration, { store, deliver: deliveries.deliver });
 * for await (const delivery of deliveries) await save(delivery);
 * ```
 *
 * One is taken over when the loop asks for the next, so `save` has to have made it durable by then. One whose loop is left,
 * by `break` or by an exception, is offered again, by this connector or the next, with the same `id`. Several loops share
 * what comes: each delivery goes to one of them.
 */
export class Deliveries {
    /**
     * The function that a connector is given as `deliver`.
     *
     * @param {Delivery} delivery
     * @param {AbortSignal} signal
     * @returns {Promise<void>}
     */
    deliver: (delivery: Delivery, signal: AbortSignal) => Promise<void>;
    /** Ends every loop. What was not taken over is offered again by the next connector. */
    close(): void;
    /** @returns {AsyncGenerator<Delivery, void, void>} */
    [Symbol.asyncIterator](): AsyncGenerator<Delivery, void, void>;
    #private;
}
export type Offer = {
    delivery: Delivery;
    take: () => void;
    refuse: (error: Error) => void;
};
import type { Delivery } from './host.js';
