import type { Fault } from '../api';
import type { Route } from '../configuration';
import { Badge, FaultList } from './basics';

export interface Named { id: number; name: string; inactive?: boolean }

export interface Board extends Named {
  project?: boolean;
  statuses: (Named & { closed: boolean })[];
  types: Named[];
  subtypes: Named[];
  items: Named[];
  associations: { type: number; subtype?: number; item?: number }[];
}

export interface BoardCatalog {
  boards: Board[];
  priorities: Named[];
  [key: string]: unknown;
}

interface Props {
  route: Route;
  index: number;
  catalog: BoardCatalog;
  faults: Fault[];
  onEdit: (change: (route: Route) => void) => void;
  onBoard: (name: string) => void;
}

/** A route: which cases it takes, and where their tickets go. Each choice leaves those that belong to it on the board. */
export function RouteCard({ route, index, catalog, faults, onEdit, onBoard }: Props) {
  const board = catalog.boards.find(({ name }) => name === route.board);
  const type = board?.types.find(({ name }) => name === route.type);
  const subtype = board?.subtypes.find(({ name }) => name === route.subtype);
  const ofType = board?.associations.filter((one) => one.type === type?.id) ?? [];
  const ofSubtype = ofType.filter((one) => one.subtype === subtype?.id);
  const subtypes = board?.subtypes.filter(({ id }) => ofType.some((one) => one.subtype === id)) ?? [];
  const items = board?.items.filter(({ id }) => ofSubtype.some((one) => one.item === id)) ?? [];
  const set = (key: 'board' | 'type' | 'subtype' | 'item', text: string) => {
    if (key === 'board' && text) onBoard(text);
    onEdit((draft) => {
      if (key === 'board') draft.board = text;
      else draft[key] = text || null;
      const below = { board: ['type', 'subtype', 'item'], type: ['subtype', 'item'], subtype: ['item'], item: [] } as const;
      for (const child of below[key]) if (draft[child]) draft[child] = null;
      if (key === 'board' && !text) delete draft.board;
    });
  };
  const setStatus = (key: 'created' | 'updated' | 'cleared', text: string) => onEdit((draft) => void ((draft.status ??= {})[key] = text || null));
  const statuses = board?.statuses.filter(({ inactive }) => !inactive) ?? [];
  return (
    <li class={`card route ${faults.length > 0 ? 'wrong' : ''}`}>
      <header>
        <h2>{index + 1}. {route.name}</h2>
        <Badge tone={faults.length > 0 ? 'bad' : 'good'}>{faults.length > 0 ? 'Does not fit' : 'Fits'}</Badge>
      </header>
      <p class="muted">{conditions(route)}</p>
      {route.ignore ? (
        <p>Cases that it takes make no ticket.</p>
      ) : (
        <div class="route-fields">
          <Pick label="Board" of={route.name} value={route.board} options={catalog.boards.filter((one) => !one.inactive && !one.project)} onSet={(text) => set('board', text)} required />
          <Pick label="Type" of={route.name} value={route.type} options={board?.types ?? []} onSet={(text) => set('type', text)} />
          <Pick label="Subtype" of={route.name} value={route.subtype} options={subtypes} onSet={(text) => set('subtype', text)} disabled={!route.type} />
          <Pick label="Item" of={route.name} value={route.item} options={items} onSet={(text) => set('item', text)} disabled={!route.subtype} />
          <Pick label="Status when opened" of={route.name} value={route.status?.created} options={statuses} onSet={(text) => setStatus('created', text)} />
          <Pick label="When changed" of={route.name} value={route.status?.updated} options={statuses} onSet={(text) => setStatus('updated', text)} />
          <Pick label="When cleared" of={route.name} value={route.status?.cleared} options={statuses} onSet={(text) => setStatus('cleared', text)} />
        </div>
      )}
      <FaultList faults={faults} />
    </li>
  );
}

function Pick(props: { label: string; of: string; value: string | null | undefined; options: Named[]; onSet: (text: string) => void; disabled?: boolean; required?: boolean }) {
  const { value, options } = props;
  const active = options.filter(({ inactive }) => !inactive);
  // What is configured and not offered stays to be seen, so that it can be mended.
  const gone = value && !active.some(({ name }) => name === value);
  return (
    <label class="pick-field">
      <span>{props.label}<span class="unseen"> of route {props.of}</span></span>
      <select value={value ?? ''} disabled={props.disabled && !value} onChange={(event) => props.onSet(event.currentTarget.value)}>
        {!(props.required && value) && <option value="">none</option>}
        {gone && <option value={value}>{value} (not offered)</option>}
        {active.map(({ id, name }) => <option key={id} value={name}>{name}</option>)}
      </select>
    </label>
  );
}

/** `when` in words, as the configuration has it. */
function conditions({ when = {} }: Route): string {
  const parts = Object.entries(when).map(([key, value]) => `${key.replaceAll('_', ' ')} is ${Array.isArray(value) ? value.join(' or ') : JSON.stringify(value)}`);
  return parts.length > 0 ? `Takes cases whose ${parts.join(' and ')}.` : 'Takes every case that no route before it takes.';
}
