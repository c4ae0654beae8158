/** @import { Code } from './codes.js' */

/**
 * One fault of an input: where it is, what is wrong and how to mend it.
 *
 * @typedef {object} Fault
 * @property {string} pointer JSON pointer into the configuration or the case; empty for the whole document.
 * @property {Code} code Stable code, such as `unknown_key`.
 * @property {string} message What is wrong.
 * @property {string} fix How to mend it.
 */

/**
 * An error in the JSON form that the core gives it.
 *
 * @typedef {object} ErrorJson
 * @property {Code} code
 * @property {string} message
 * @property {number} [http_status]
 * @property {string} [connectwise_code]
 * @property {string} [field]
 * @property {boolean} retry
 * @property {Fault[]} [faults]
 */

/** Every error of casewire: what happened and what to do about it. */
export class CasewireError extends Error {
  /**
   * @param {ErrorJson} json
   * @param {ErrorOptions} [options]
   */
  constructor(json, options) {
    super(json.message, options);
    this.name = 'CasewireError';
    /** Stable code, such as `unauthorized`; the same in every language. */
    this.code = json.code;
    /** HTTP status of ConnectWise's answer, where there was one. */
    this.httpStatus = json.http_status;
    /** ConnectWise's own error code, such as `InvalidObject`. */
    this.connectwiseCode = json.connectwise_code;
    /** The field that ConnectWise named, such as `status/name`. */
    this.field = json.field;
    /** Whether the same call can succeed later without a change. */
    this.retry = json.retry;
    /** Every fault of a refused input, all at once. */
    this.faults = json.faults ?? [];
  }

  /**
   * Called by the module to throw.
   *
   * @param {string} json
   */
  static fromJson(json) {
    return new CasewireError(JSON.parse(json));
  }
}

/**
 * The class of a failure. Where it is not sure: `unanswered`.
 *
 * - `not_sent`: not one byte of the request left.
 * - `tls`: the certificate or TLS version was refused; nothing was sent.
 * - `unanswered`: the request may have been performed; no complete answer came.
 * - `too_large`: the answer is larger than `maxAnswer`.
 * - `content`: an attachment is not there any more, or has another length; nothing was sent.
 * - `other`: the store or the delivery failed.
 *
 * @typedef {'not_sent' | 'tls' | 'unanswered' | 'too_large' | 'content' | 'other'} FailureKind
 */

/** Thrown by a transport to say why a request failed. Its message must hold no secret. */
export class Failure extends Error {
  /**
   * @param {FailureKind} kind
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(kind, message, options) {
    super(message, options);
    this.name = 'Failure';
    this.kind = kind;
  }
}
