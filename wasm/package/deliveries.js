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
  /** What nobody has asked for yet. @type {Offer[]} */
  #offers = [];
  /** Loops that wait. @type {(() => void)[]} */
  #waiting = [];
  #closed = false;

  /**
   * The function that a connector is given as `deliver`.
   *
   * @param {Delivery} delivery
   * @param {AbortSignal} signal
   * @returns {Promise<void>}
   */
  deliver = (delivery, signal) =>
    new Promise((resolve, reject) => {
      if (this.#closed) return reject(new Error('deliveries are not taken any more'));
      /** @type {Offer} */
      const offer = { delivery, take: resolve, refuse: reject };
      this.#offers.push(offer);
      signal.addEventListener('abort', () => {
        this.#offers = this.#offers.filter((other) => other !== offer);
        reject(new Error('the connector was closed'));
      });
      this.#waiting.shift()?.();
    });

  /** Ends every loop. What was not taken over is offered again by the next connector. */
  close() {
    this.#closed = true;
    for (const { refuse } of this.#offers.splice(0)) refuse(new Error('deliveries are not taken any more'));
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** @returns {AsyncGenerator<Delivery, void, void>} */
  async *[Symbol.asyncIterator]() {
    for (;;) {
      const offer = this.#offers.shift();
      if (!offer) {
        if (this.#closed) return;
        await new Promise((resolve) => this.#waiting.push(() => resolve(undefined)));
        continue;
      }
      let taken = false;
      try {
        yield offer.delivery;
        taken = true;
      } finally {
        if (taken) offer.take();
        else offer.refuse(new Error('the loop was left before the next delivery was asked for'));
      }
    }
  }
}
