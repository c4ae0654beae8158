/**
 * Documents cross as JSON text.
 *
 * @param {object | string} value
 */
export function json(value: object | string): string;
