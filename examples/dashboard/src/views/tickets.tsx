import type { ColumnDef } from '@tanstack/react-table';
import type { LinkItem, OutboxItem } from 'casewire/host';
import { useMemo, useState } from 'preact/hooks';
import { type KnownCase, pages } from '../api';
import { useApi } from '../app';
import { useBacklog, useChanges } from '../changes';
import { useAct, useLoad, useSoon } from '../hooks';
import { Badge, Button, Choice, Problem, Said, Search, type Tone } from '../parts/basics';
import { CasePanel } from '../parts/case-panel';
import { DataTable } from '../parts/data-table';
import { plural, title } from '../words';

export interface Row {
  id: string;
  case: KnownCase | undefined;
  link: LinkItem | undefined;
  waiting: OutboxItem | undefined;
  state: State;
}

const STATES = {
  in_step: ['good', 'In step'],
  waiting: ['info', 'Under way'],
  retrying: ['warn', 'Retrying'],
  failed: ['bad', 'Failed'],
  held: ['warn', 'Held'],
  none: ['plain', 'No ticket'],
} as const satisfies Record<string, [Tone, string]>;
type State = keyof typeof STATES;

export function StateBadge({ state }: { state: State }) {
  const [tone, words] = STATES[state];
  return <Badge tone={tone}>{words}</Badge>;
}

type Filter = 'all' | 'open' | 'attention';
const FILTERS: [Filter, string][] = [['all', 'All'], ['open', 'Open tickets'], ['attention', 'Needs attention']];

const COLUMNS: ColumnDef<Row, any>[] = [
  {
    id: 'case',
    header: 'Case',
    accessorFn: (row) => row.case?.number ?? row.id,
    meta: { width: 'minmax(0, 3fr)' },
    cell: ({ row: { original } }) => (
      <a class="cell-link" title={original.case?.title} href={`#/tickets/${encodeURIComponent(original.id)}`}>
        <b>{original.case?.number ?? original.id}</b> {original.case?.title ?? original.waiting?.title ?? ''}
      </a>
    ),
  },
  { id: 'group', header: 'Group', accessorFn: (row) => row.case?.group?.name ?? row.case?.group?.id ?? row.waiting?.group ?? '', meta: { room: 'wide' } },
  { id: 'severity', header: 'Severity', accessorFn: (row) => title(row.case?.severity ?? ''), meta: { width: '6rem', room: 'wide' } },
  { id: 'caseStatus', header: 'Case is', accessorFn: (row) => title(row.case?.status ?? ''), meta: { width: '7rem', room: 'wide' } },
  { id: 'ticket', header: 'Ticket', accessorFn: (row) => row.link?.ticket_id ?? 0, cell: ({ getValue }) => getValue() || '–', meta: { width: '5rem', room: 'medium' } },
  { id: 'status', header: 'Ticket is', accessorFn: (row) => row.link?.status ?? '', meta: { room: 'wide' } },
  { id: 'state', header: 'State', accessorFn: (row) => row.state, cell: ({ getValue }) => <StateBadge state={getValue()} />, meta: { width: '7rem' } },
];

export default function Tickets({ rest: [opened] }: { rest: string[] }) {
  const api = useApi();
  const list = useLoad(() => rows(api), [api.instance]);
  const soon = useSoon(list.reload, 400);
  const { live } = useChanges(soon);
  useBacklog(soon);
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const act = useAct();
  const failed = (list.value ?? []).filter(({ state }) => state === 'failed' || state === 'retrying').length;
  const retry = () =>
    act.run(async () => {
      const { cases } = await api.command({ command: 'retry_outbox' }, 'outbox_retried');
      list.reload();
      return `${plural(cases, 'case')} taken up again.`;
    });
  const shown = useMemo(() => (list.value ?? []).filter((row) => takes(filter, row)), [list.value, filter]);
  return (
    <>
      <div class={`split ${opened ? 'opened' : ''}`}>
        <section class="card grow" aria-label="Cases and their tickets">
          <div class="tools">
            <Search label="Search case, title, group, ticket" value={search} onInput={setSearch} />
            <Choice label="Which" value={filter} options={FILTERS} onChange={setFilter} />
            <span class="live"><Badge tone={live ? 'good' : 'bad'}>{live ? 'Live' : 'Not connected'}</Badge></span>
          </div>
          {filter === 'attention' && failed > 0 && (
            <div class="actions">
              <Button busy={act.busy} onClick={() => void retry()}>{`Try ${plural(failed, 'failed case')} again`}</Button>
              <Said act={act} />
            </div>
          )}
          <Problem error={list.error} />
          <DataTable
            label="Cases"
            rows={shown}
            columns={COLUMNS}
            id={(row) => row.id}
            text={(row) => [row.id, row.case?.title, row.case?.number, row.case?.group?.id, row.link?.ticket_id, row.link?.company, row.link?.status].join(' ').toLowerCase()}
            search={search}
            empty={list.busy ? 'Loading …' : search || filter !== 'all' ? 'No case is like this.' : 'No case was handed over yet.'}
          />
        </section>
        {opened && <CasePanel key={opened} id={opened} turn={list.value} onChange={list.reload} />}
      </div>
    </>
  );
}

function takes(filter: Filter, { state, link }: Row): boolean {
  if (filter === 'attention') return state === 'failed' || state === 'retrying' || state === 'held';
  return filter === 'all' || (link !== undefined && !link.closed);
}

/** Cases as they were handed over, joined with their tickets and with what waits. */
async function rows(api: ReturnType<typeof useApi>): Promise<Row[]> {
  const all = new Map<string, Row>();
  const row = (id: string) => {
    const known = all.get(id) ?? { id, case: undefined, link: undefined, waiting: undefined, state: 'none' as State };
    all.set(id, known);
    return known;
  };
  const [cases] = await Promise.all([
    api.cases(),
    pages((after) => api.command({ command: 'list_links', limit: 1000, after }, 'links'), ({ links }) => {
      for (const link of links) Object.assign(row(link.case_id), { link });
    }),
    pages((after) => api.command({ command: 'list_outbox', limit: 1000, after }, 'outbox'), ({ items }) => {
      for (const waiting of items) Object.assign(row(waiting.case_id), { waiting });
    }),
  ]);
  for (const one of cases) row(one.id).case = one;
  for (const one of all.values()) one.state = one.waiting?.state ?? (one.link ? 'in_step' : 'none');
  return [...all.values()].sort((a, b) => (b.case?.updated_at ?? '').localeCompare(a.case?.updated_at ?? '') || a.id.localeCompare(b.id));
}
