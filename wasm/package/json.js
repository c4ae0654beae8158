/**
 * Documents cross as JSON text.
 *
 * @param {object | string} value
 */
export function json(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
