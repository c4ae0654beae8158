/** @import { Fault } from './error.js' */
/** @import { Group, ImportedCompany, ImportedConfiguration, Preview, SuggestedMappings, System } from './host.js' */
import { json } from './json.js';
import { requireLoaded } from './load.js';

/** The version of casewire. */
export function version() {
  return requireLoaded().version();
}

/**
 * Checks a configuration. Without a catalog it is checked by itself; with one, whether the names in it exist and belong
 * together.
 *
 * @param {object | string} config As an object or as JSON text. Text is better: in it, a repeated key is found.
 * @param {object | string} [catalog] As `Connector.readCatalog` gives it.
 * @returns {Fault[]} every fault; none means that it is sound
 */
export function validateConfig(config, catalog) {
  return JSON.parse(requireLoaded().validateConfig(json(config), catalog === undefined ? undefined : json(catalog)));
}

/**
 * Checks a case.
 *
 * @param {object | string} value As an object or as JSON text.
 * @returns {Fault[]} every fault; none means that it is sound
 */
export function validateCase(value) {
  return JSON.parse(requireLoaded().validateCase(json(value)));
}

/**
 * Says what a case would become, each field with its reason, and asks ConnectWise nothing.
 *
 * @param {object | string} config
 * @param {object | string} catalog As `Connector.readCatalog` gives it. It may hold a `directory` with companies, contacts
 *   and device configurations; what it does not hold, a real run looks up.
 * @param {object | string} value The case.
 * @returns {Preview}
 */
export function preview(config, catalog, value) {
  return JSON.parse(requireLoaded().preview(json(config), json(catalog), json(value)));
}

/**
 * Says which companies groups may be, and which device configurations systems may be, best first and with the evidence.
 * What is mapped already is yours to leave out.
 *
 * @param {object} given
 * @param {Group[]} [given.groups]
 * @param {ImportedCompany[]} [given.companies] As the command `list_companies` gives them.
 * @param {System[]} [given.systems] Systems of one group,
 * @param {ImportedConfiguration[]} [given.configurations] and the device configurations of the company that it is mapped to.
 * @param {{ public_domains?: string[], inactive_statuses?: string[] }} [given.rules]
 * @param {number} [given.limit] Most candidates for each; 5 where nothing is said.
 * @returns {SuggestedMappings}
 */
export function suggestMappings(given) {
  return JSON.parse(requireLoaded().suggestMappings(json(given)));
}
