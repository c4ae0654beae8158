import type { ColumnDef, RowSelectionState } from '@tanstack/react-table';
import type { Group, ImportedCompany, ImportedConfiguration, Inventory, Mapping, System } from 'casewire/host';
import { useMemo, useState } from 'preact/hooks';
import { ApiError, pages } from '../api';
import { useApi } from '../app';
import { useAct, useLoad } from '../hooks';
import { Badge, Button, Choice, Empty, Field, Problem, Said, Search } from '../parts/basics';
import { DataTable } from '../parts/data-table';
import { AutoMap, Csv, Suggestions } from '../parts/mapping-dialogs';
import { plural } from '../words';

/** A group or system, and what it is mapped to. */
interface Left {
  id: string;
  name: string;
  more: string;
  mapping: Mapping | undefined;
}

const ORIGINS: Record<string, string> = { configuration: 'by the configuration', manual: 'by hand', automatic: 'automatically', removed: 'removed by hand' };

export function targetOf(mapping: Mapping | undefined): string {
  const target = mapping?.target as Record<string, any> | undefined;
  const one = target?.company ?? target?.configuration ?? target?.company_key ?? target?.configuration_key;
  return one === undefined ? '' : String(one.name ?? one.identifier ?? one.device_identifier ?? one.serial_number ?? one.id ?? one);
}

const LEFT: ColumnDef<Left, any>[] = [
  { id: 'name', header: 'Name', accessorFn: (row) => row.name, cell: ({ row: { original } }) => <span class="two"><b>{original.name}</b><small>{original.more}</small></span> },
  {
    id: 'mapped',
    header: 'Mapped to',
    accessorFn: (row) => targetOf(row.mapping),
    cell: ({ row: { original: { mapping } } }) => <Mapped mapping={mapping} />,
  },
];

function Mapped({ mapping }: { mapping: Mapping | undefined }) {
  const target = targetOf(mapping);
  if (!target) {
    const removed = mapping?.origin === 'removed';
    return (
      <span class="two" title={mapping?.reason}>
        <Badge tone={removed ? 'warn' : 'plain'}>{removed ? 'Removed by hand' : 'Not mapped'}</Badge>
        {mapping?.reason && <small>{mapping.reason}</small>}
      </span>
    );
  }
  return <span class="two"><Badge tone="good">{target}</Badge><small>{ORIGINS[mapping?.origin ?? ''] ?? mapping?.origin}</small></span>;
}

const COMPANIES: ColumnDef<ImportedCompany, any>[] = [
  { id: 'name', header: 'Company', accessorFn: (row) => row.name, cell: ({ row: { original } }) => <span class="two"><b>{original.name}</b><small>{original.contact_emails?.join(', ')}</small></span> },
  { id: 'identifier', header: 'Identifier', accessorFn: (row) => row.identifier, meta: { room: 'wide' } },
  { id: 'status', header: 'Status', accessorFn: (row) => (row.deleted ? 'Deleted' : (row.status ?? '')), meta: { width: '6rem', room: 'medium' } },
];

const CONFIGURATIONS: ColumnDef<ImportedConfiguration, any>[] = [
  { id: 'name', header: 'Configuration', accessorFn: (row) => row.name, cell: ({ row: { original } }) => <span class="two"><b>{original.name}</b><small>{original.type}</small></span> },
  { id: 'mac', header: 'MAC', accessorFn: (row) => row.mac_address ?? '', meta: { room: 'wide' } },
  { id: 'serial', header: 'Serial number', accessorFn: (row) => row.serial_number ?? '', meta: { room: 'wide' } },
];

type Kind = 'group' | 'system';

export default function MappingView({ rest: [first, group] }: { rest: string[] }) {
  const api = useApi();
  const kind: Kind = first === 'systems' ? 'system' : 'group';
  const inventory = useLoad(() => api.inventory(), [api.instance]);
  const mappings = useLoad(() => allMappings(api), [api.instance]);
  const companies = useLoad(() => allCompanies(api), [api.instance]);
  const act = useAct();
  const [dialog, setDialog] = useState<'auto' | 'suggestions' | 'csv'>();
  const importNow = () =>
    act.run(async () => {
      const report = await api.command({ command: 'import', what: ['companies', 'configurations', 'contacts'] }, 'imported');
      companies.reload();
      return `Read: ${plural(report.companies?.held ?? 0, 'company', 'companies')}, ${plural(report.configurations?.held ?? 0, 'device configuration')}.`;
    });
  const missing = companies.error instanceof ApiError && companies.error.code === 'not_imported';
  const changed = () => mappings.reload();
  return (
    <>
      <div class="tools">
        <Choice label="What is mapped" value={kind} options={[['group', 'Groups to companies'], ['system', 'Systems to configurations']]} onChange={(value) => (location.hash = value === 'group' ? '#/mapping' : '#/mapping/systems')} />
        <Button onClick={() => setDialog('auto')} disabled={!inventory.value}>Map automatically …</Button>
        <Button onClick={() => setDialog('suggestions')} disabled={!inventory.value}>Suggestions …</Button>
        <Button onClick={() => setDialog('csv')}>Lists (CSV) …</Button>
        <Button kind="quiet" busy={act.busy} onClick={() => void importNow()}>Read companies again</Button>
        <Said act={act} />
      </div>
      <Problem error={inventory.error ?? mappings.error ?? (missing ? undefined : companies.error)} />
      {missing ? (
        <div class="card">
          <Empty>No companies were read from ConnectWise yet.</Empty>
          <div class="actions"><Button kind="main" busy={act.busy} onClick={() => void importNow()}>Read companies and configurations</Button></div>
        </div>
      ) : kind === 'group' ? (
        <Groups inventory={inventory.value} mappings={mappings.value} companies={companies.value} onChange={changed} />
      ) : (
        <Systems inventory={inventory.value} mappings={mappings.value} chosen={group} onChange={changed} />
      )}
      {dialog === 'auto' && inventory.value && <AutoMap inventory={inventory.value} onClose={() => (setDialog(undefined), changed())} />}
      {dialog === 'suggestions' && inventory.value && <Suggestions inventory={inventory.value} onClose={() => (setDialog(undefined), changed())} />}
      {dialog === 'csv' && <Csv onClose={() => (setDialog(undefined), changed())} />}
    </>
  );
}

type Mappings = Map<string, Mapping>;

function Groups(props: { inventory: Inventory | undefined; mappings: Mappings | undefined; companies: ImportedCompany[] | undefined; onChange: () => void }) {
  const { inventory, mappings, companies } = props;
  const rows = useMemo<Left[]>(() => {
    const groups = new Map<string, Group>((inventory?.groups ?? []).map(({ group }) => [group.id, group]));
    for (const mapping of mappings?.values() ?? []) {
      if (mapping.kind === 'group' && !groups.has(mapping.id)) groups.set(mapping.id, { id: mapping.id, ...(mapping.name && { name: mapping.name }) });
    }
    return [...groups.values()].map((group) => ({ id: group.id, name: group.name ?? group.id, more: group.email ?? '', mapping: mappings?.get(`group ${group.id}`) }));
  }, [inventory, mappings]);
  return (
    <Panes
      kind="group"
      left={rows}
      leftTitle="Groups"
      rightTitle="Companies"
      right={(search, selected, onSelect) => (
        <DataTable
          label="Companies"
          rows={companies ?? []}
          columns={COMPANIES}
          id={(row) => String(row.id)}
          text={(row) => `${row.name} ${row.identifier} ${row.contact_emails?.join(' ') ?? ''}`.toLowerCase()}
          search={search}
          selection="one"
          selected={selected}
          onSelect={onSelect}
          name={(row) => row.name}
          empty={companies ? 'No company is like this.' : 'Loading …'}
        />
      )}
      map={(left, target) => ({ kind: 'group', id: left.id, name: left.name, company: { id: target } })}
      onChange={props.onChange}
    />
  );
}

function Systems(props: { inventory: Inventory | undefined; mappings: Mappings | undefined; chosen: string | undefined; onChange: () => void }) {
  const api = useApi();
  const { inventory, mappings } = props;
  const groups = (inventory?.groups ?? []).filter(({ systems }) => systems && systems.length > 0);
  const entry = groups.find(({ group }) => group.id === props.chosen) ?? groups[0];
  const group = entry?.group.id;
  const target = mappings?.get(`group ${group}`)?.target;
  const configurations = useLoad(async () => {
    const all: ImportedConfiguration[] = [];
    if (group === undefined) return all;
    await pages((after) => api.command({ command: 'list_configurations', group, limit: 1000, after }, 'configurations'), (page) => all.push(...page.configurations));
    return all;
  }, [api.instance, group, JSON.stringify(target)]);
  const rows = useMemo<Left[]>(
    () => (entry?.systems ?? []).map((system: System) => ({ id: system.id, name: system.name ?? system.id, more: [system.macs?.[0], system.serial_number].filter(Boolean).join(' · '), mapping: mappings?.get(`system ${system.id}`) })),
    [entry, mappings],
  );
  if (inventory && groups.length === 0) {
    return <div class="card"><Empty>The service knows no systems: start it with --inventory, which names the groups and systems of your product.</Empty></div>;
  }
  return (
    <>
      <div class="tools">
        <Field label="Group">
          {(id) => (
            <select id={id} value={entry?.group.id} onChange={(event) => (location.hash = `#/mapping/systems/${encodeURIComponent(event.currentTarget.value)}`)}>
              {groups.map(({ group }) => <option value={group.id}>{group.name ?? group.id}</option>)}
            </select>
          )}
        </Field>
      </div>
      <Problem error={configurations.error} />
      <Panes
        kind="system"
        key={entry?.group.id}
        left={rows}
        leftTitle="Systems"
        rightTitle={`Configurations of ${targetOf(mappings?.get(`group ${group}`)) || 'no company'}`}
        right={(search, selected, onSelect) => (
          <DataTable
            label="Configurations"
            rows={configurations.value ?? []}
            columns={CONFIGURATIONS}
            id={(row) => String(row.id)}
            text={(row) => `${row.name} ${row.type ?? ''} ${row.mac_address ?? ''} ${row.serial_number ?? ''}`.toLowerCase()}
            search={search}
            selection="one"
            selected={selected}
            onSelect={onSelect}
            name={(row) => row.name}
            empty={!target ? 'Map the group to a company first.' : configurations.busy ? 'Loading …' : 'No configuration is like this.'}
          />
        )}
        map={(left, target) => ({ kind: 'system', id: left.id, name: left.name, group: entry?.group.id ?? '', configuration: { id: target } })}
        onChange={props.onChange}
      />
    </>
  );
}

/** Groups or systems on the left, what they can be mapped to on the right, and what can be done with those that are chosen. */
function Panes(props: {
  kind: Kind;
  left: Left[];
  leftTitle: string;
  rightTitle: string;
  right: (search: string, selected: RowSelectionState, onSelect: (selected: RowSelectionState) => void) => preact.ComponentChildren;
  map: (left: Left, target: number) => any;
  onChange: () => void;
}) {
  const api = useApi();
  const { kind, left } = props;
  const [chosen, setChosen] = useState<RowSelectionState>({});
  const [target, setTarget] = useState<RowSelectionState>({});
  const [leftSearch, setLeftSearch] = useState('');
  const [rightSearch, setRightSearch] = useState('');
  const act = useAct();
  const rows = left.filter(({ id }) => chosen[id]);
  const [to] = Object.keys(target).filter((id) => target[id]);
  const keys = rows.map(({ id }) => ({ kind, id }));
  const change = (command: any, done: string) =>
    act.run(async () => {
      const { changed, held_cases } = await api.command({ ...command, by: 'dashboard' }, 'mappings_changed');
      setChosen({});
      setTarget({});
      props.onChange();
      const on = held_cases > 0 ? ` ${plural(held_cases, 'held case')} go on.` : '';
      return `${plural(changed, 'mapping')} ${done}.${on}`;
    });
  return (
    <>
      <div class="panes">
        <section class="card" aria-label={props.leftTitle}>
          <h2>{props.leftTitle}</h2>
          <Search label={`Search ${props.leftTitle.toLowerCase()}`} value={leftSearch} onInput={setLeftSearch} />
          <DataTable
            label={props.leftTitle}
            rows={left}
            columns={LEFT}
            id={(row) => row.id}
            text={(row) => `${row.id} ${row.name} ${row.more} ${targetOf(row.mapping)}`.toLowerCase()}
            search={leftSearch}
            selection="many"
            selected={chosen}
            onSelect={setChosen}
            name={(row) => row.name}
            empty="None is like this."
          />
        </section>
        <section class="card" aria-label={props.rightTitle}>
          <h2>{props.rightTitle}</h2>
          <Search label={`Search ${props.rightTitle.split(' ')[0]?.toLowerCase()}`} value={rightSearch} onInput={setRightSearch} />
          {props.right(rightSearch, target, setTarget)}
        </section>
      </div>
      <div class="actions bar">
        <Button kind="main" busy={act.busy} disabled={rows.length === 0 || to === undefined} onClick={() => void change({ command: 'set_mapping', mappings: rows.map((row) => props.map(row, Number(to))) }, 'made')}>
          {rows.length > 1 ? `Map these ${rows.length}` : 'Map'}
        </Button>
        <Button busy={act.busy} disabled={rows.length === 0} onClick={() => void change({ command: 'remove_mapping', mappings: keys }, 'removed')}>Remove map</Button>
        <Button kind="quiet" busy={act.busy} disabled={rows.length === 0} onClick={() => void change({ command: 'release_mapping', mappings: keys }, 'given back to automatic mapping')}>Leave to automatic mapping</Button>
        <Said act={act} />
      </div>
    </>
  );
}

async function allMappings(api: ReturnType<typeof useApi>): Promise<Mappings> {
  const all: Mappings = new Map();
  await pages((after) => api.command({ command: 'list_mappings', limit: 1000, after }, 'mappings'), ({ mappings }) => {
    for (const mapping of mappings) all.set(`${mapping.kind} ${mapping.id}`, mapping);
  });
  return all;
}

async function allCompanies(api: ReturnType<typeof useApi>): Promise<ImportedCompany[]> {
  const all: ImportedCompany[] = [];
  await pages((after) => api.command({ command: 'list_companies', limit: 1000, after }, 'companies'), ({ companies }) => all.push(...companies));
  return all;
}
