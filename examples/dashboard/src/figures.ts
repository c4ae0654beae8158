// What the core keeps and counts of what happened: figures that are ready to be drawn, decisions, how an instance does.
import { type Api, ApiError, type Change } from './api';
import { title } from './words';

/** Asks for what not every service keeps; nothing from one that does not know the command. */
async function whereKnown<T>(api: Api, command: { command: string; [argument: string]: unknown }, kind: string): Promise<T | undefined> {
  try {
    return (await api.command(command as never, kind as never)) as unknown as T;
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return undefined;
    throw error;
  }
}

/** What was decided for a case at one time. */
export interface Decided {
  at: string;
  decisions: { what: string; value?: string; reason: string }[];
}

/** What was decided for a case, the oldest first; nothing from a service that keeps no decisions. */
export async function decisionsOf(api: Api, caseId: string): Promise<Decided[]> {
  const page = await whereKnown<{ decisions: Decided[] }>(api, { command: 'audit', case_id: caseId, limit: 200 }, 'audit');
  return page?.decisions ?? [];
}

interface Way {
  state: string;
  last?: string;
}

/** How an instance does, as the core says it. */
export interface Wellbeing {
  findings: { severity: 'error' | 'warning' | 'info'; message: string; fix: string }[];
  inbound: { callbacks: Way; polling: Way };
  budget: { under_way: number; allowed: number; concurrency: number; requests_per_minute: number; paused_until?: string };
}

export const wellbeingOf = (api: Api) => whereKnown<Wellbeing>(api, { command: 'health' }, 'health');

/** A count per point of time for each series. */
export interface Figure {
  total: number;
  times: string[];
  series: { label: string; total: number; counts: number[] }[];
}

/** The vendor guide's dashboards, by their keys. */
export const FIGURES = [
  ['all_activities', 'All activity'],
  ['created_by_user', 'Created, by user'],
  ['created_by_domain', 'Created, by domain'],
  ['reopened', 'Reopened'],
  ['closed', 'Closed'],
  ['modified', 'Modified'],
] as const;
export type FigureKey = (typeof FIGURES)[number][0];

/** The one whose series are named by events. */
const OF_EVENTS: FigureKey = 'all_activities';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** How many days back; 1 is drawn by hours, more by days. */
export type Days = 1 | 7 | 30;

/** A figure of the core's event log; nothing from a service that keeps none. */
export async function figureOf(api: Api, dashboard: FigureKey, days: Days): Promise<Figure | undefined> {
  const from = new Date(Date.now() - days * DAY).toISOString();
  const figure = await whereKnown<Figure>(api, { command: 'dashboard', dashboard, bucket: days === 1 ? 'hour' : 'day', filter: { from } }, 'dashboard');
  if (!figure || dashboard !== OF_EVENTS) return figure;
  return { ...figure, series: figure.series.map((series) => ({ ...series, label: title(series.label) })) };
}

/** The feed of the service by kind of event, from a service without an event log. */
export function figureOfFeed(changes: Change[], days: Days): Figure {
  const size = days === 1 ? HOUR : DAY;
  const end = Math.floor(Date.now() / size);
  const first = end - Math.ceil((days * DAY) / size);
  const times = Array.from({ length: end - first + 1 }, (_, index) => new Date((first + index) * size).toISOString());
  const series = new Map<string, number[]>();
  let total = 0;
  for (const { delivery } of changes) {
    const at = Math.floor(Date.parse(delivery.at) / size) - first;
    if (at < 0 || at >= times.length) continue;
    const counts = series.get(delivery.event.event) ?? times.map(() => 0);
    counts[at] = (counts[at] ?? 0) + 1;
    series.set(delivery.event.event, counts);
    total += 1;
  }
  const all = [...series].map(([label, counts]) => ({ label: title(label), counts, total: counts.reduce((sum, one) => sum + one, 0) }));
  return { total, times, series: all.sort((a, b) => b.total - a.total) };
}
