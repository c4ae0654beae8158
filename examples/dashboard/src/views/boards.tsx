import type { DriftReport } from 'casewire/host';
import { useState } from 'preact/hooks';
import { type Api, ApiError, type Fault } from '../api';
import { useApi } from '../app';
import { type Document, useDraft } from '../configuration';
import { useAct, useLoad } from '../hooks';
import { Badge, Button, Choice, FaultList, Problem, Said, sentence } from '../parts/basics';
import { type Board, type BoardCatalog, RouteCard } from '../parts/route-card';
import { plural, title, when } from '../words';

type Tab = 'routes' | 'statuses' | 'priorities' | 'drift';

/** Where tickets go, and how statuses and priorities are said on either side. The core judges the draft as it changes. */
export default function Boards() {
  const api = useApi();
  const [tab, setTab] = useState<Tab>('routes');
  const [named, setNamed] = useState<string[]>([]);
  const first = useLoad(async () => {
    const document: Document = JSON.parse((await api.configuration()).text);
    return [...new Set(document.routes.flatMap(({ board }) => (board ? [board] : [])))];
  }, [api.instance]);
  const catalog = useLoad(() => (first.value ? readCatalog(api, first.value, named) : Promise.resolve(undefined)), [api.instance, first.value, named.join('\n')]);
  const draft = useDraft(catalog.value?.boards && catalog.value);
  const { document } = draft;
  const ready = document && catalog.value;
  const used = document ? [...new Set(document.routes.flatMap(({ board }) => (board ? [board] : [])))] : [];
  const boards = catalog.value?.boards.filter(({ name }) => used.includes(name)) ?? [];
  const of = (prefix: string) => draft.faults.filter(({ pointer }) => pointer === prefix || pointer.startsWith(`${prefix}/`));
  const elsewhere = draft.faults.filter(({ pointer }) => !/^\/(routes|status_map|priority_map)/.test(pointer));
  const label = (text: string, faults: Fault[]) => (faults.length > 0 ? `${text} (${faults.length})` : text);
  return (
    <>
      <div class="tools">
        <Choice
          label="Part"
          value={tab}
          options={[
            ['routes', label('Routes', of('/routes'))],
            ['statuses', label('Statuses', of('/status_map'))],
            ['priorities', label('Priorities', of('/priority_map'))],
            ['drift', 'Drift'],
          ]}
          onChange={setTab}
        />
      </div>
      <Problem error={draft.error ?? first.error ?? catalog.error} />
      {!ready && !draft.error && !catalog.error && <p class="loading" role="status">Reading the boards …</p>}
      {ready && tab !== 'drift' && (
        <>
          <p class="verdict" role="status">
            {draft.faults.length === 0 ? (
              <Badge tone="good">{draft.changed ? 'The draft is sound and fits the boards' : 'What is saved is sound and fits the boards'}</Badge>
            ) : (
              <Badge tone="bad">{plural(draft.faults.length, 'fault')}</Badge>
            )}
          </p>
          <FaultList faults={elsewhere} />
        </>
      )}
      {ready && tab === 'routes' && (
        <ol class="route-list">
          {document.routes.map((route, index) => (
            <RouteCard
              key={index}
              route={route}
              index={index}
              catalog={catalog.value as BoardCatalog}
              faults={of(`/routes/${index}`)}
              onEdit={(change) => draft.edit(({ routes }) => routes[index] && change(routes[index]))}
              onBoard={(name) => setNamed((before) => [...before, name])}
            />
          ))}
        </ol>
      )}
      {ready && tab === 'statuses' && boards.map((board) => <StatusMaps key={board.name} board={board} document={document} faults={of('/status_map')} onEdit={draft.edit} />)}
      {ready && tab === 'priorities' && <Priorities document={document} catalog={catalog.value as BoardCatalog} faults={of('/priority_map')} onEdit={draft.edit} />}
      {tab === 'drift' && <Drift />}
      {ready && tab !== 'drift' && (
        <div class="actions bar">
          <Button kind="main" busy={draft.act.busy} disabled={!draft.changed || draft.faults.length > 0} onClick={() => void draft.save()}>Save</Button>
          <Button kind="quiet" disabled={!draft.changed} onClick={draft.reset}>Undo changes</Button>
          <Said act={draft.act} />
        </div>
      )}
    </>
  );
}

/** What the saved configuration fits, with the children of boards that were chosen since; where it does not fit, what there is. */
async function readCatalog(api: Api, used: string[], named: string[]): Promise<BoardCatalog> {
  const read = async (boards: string[]) => (await api.command({ command: 'read_boards', boards }, 'boards')).catalog as unknown as BoardCatalog;
  let whole: BoardCatalog;
  try {
    const { kind, ...catalog } = await api.command({ command: 'read_catalog' }, 'catalog');
    whole = catalog as unknown as BoardCatalog;
  } catch (error) {
    if (error instanceof ApiError && error.faults.length > 0) return read([...used, ...named]);
    throw error;
  }
  const missing = named.filter((name) => !whole.boards.find((board) => board.name === name)?.statuses.length);
  if (missing.length === 0) return whole;
  const more = new Map((await read(missing)).boards.map((board) => [board.name, board]));
  return { ...whole, boards: whole.boards.map((board) => (missing.includes(board.name) ? (more.get(board.name) ?? board) : board)) };
}

interface Part {
  document: Document;
  faults: Fault[];
  onEdit: (change: (draft: Document) => void) => void;
}

/** Ticket statuses on the left, case statuses on the right. */
function StatusMaps({ board, document, faults, onEdit }: Part & { board: Board }) {
  const map = document.status_map?.[board.name] ?? { to_case: {}, to_ticket: {} };
  const statuses = board.statuses.filter(({ inactive }) => !inactive);
  // A board that has no map yet is offered what the others have.
  const all = Object.values(document.status_map ?? {});
  const caseStatuses = [...new Set(all.flatMap(({ to_ticket, to_case }) => [...Object.keys(to_ticket), ...Object.values(to_case)]))];
  const set = (side: 'to_case' | 'to_ticket', key: string, value: string) =>
    onEdit((draft) => {
      const maps = (draft.status_map ??= {});
      const of = (maps[board.name] ??= { to_case: {}, to_ticket: {} });
      if (value) of[side][key] = value;
      else delete of[side][key];
    });
  const own = faults.filter(({ pointer }) => pointer.includes(board.name.replaceAll('/', '~1')) || pointer === '/status_map');
  return (
    <section class="stack" aria-label={board.name}>
      <h2>{board.name}</h2>
      <FaultList faults={own} />
      <div class="panes maps">
        <Pairs title="Ticket → case" from="The ticket is" to="the case becomes" rows={statuses.map(({ name, closed }) => [name, closed ? `${name} (closed)` : name])} values={map.to_case} options={caseStatuses} shown={title} onSet={(key, value) => set('to_case', key, value)} />
        <Pairs title="Case → ticket" from="The case is" to="the ticket becomes" rows={caseStatuses.map((name) => [name, title(name)])} values={map.to_ticket} options={statuses.map(({ name }) => name)} onSet={(key, value) => set('to_ticket', key, value)} />
      </div>
    </section>
  );
}

function Priorities({ document, catalog, faults, onEdit }: Part & { catalog: BoardCatalog }) {
  const map = document.priority_map ?? {};
  const severities = [...new Set(['critical', 'high', 'medium', 'low', ...Object.keys(map)])];
  return (
    <>
      <FaultList faults={faults} />
      <div class="panes maps">
        <Pairs
          title="Severity → priority"
          from="The case is"
          to="the ticket's priority is"
          rows={severities.map((name) => [name, title(name)])}
          values={map}
          options={catalog.priorities.map(({ name }) => name)}
          onSet={(key, value) =>
            onEdit((draft) => {
              const priorities = (draft.priority_map ??= {});
              if (value) priorities[key] = value;
              else delete priorities[key];
            })
          }
        />
        <section class="card" aria-label="Priorities of the instance">
          <h3>Priorities of the instance</h3>
          <ul class="lines">
            {catalog.priorities.map(({ name }) => (
              <li>{name} {!Object.values(map).includes(name) && <Badge tone="plain">not used</Badge>}</li>
            ))}
          </ul>
        </section>
      </div>
    </>
  );
}

function Pairs(props: { title: string; from: string; to: string; rows: [string, string][]; values: Record<string, string>; options: string[]; shown?: (option: string) => string; onSet: (key: string, value: string) => void }) {
  const missing = props.rows.filter(([key]) => !props.values[key]);
  return (
    <section class="card" aria-label={props.title}>
      <h3>{props.title}</h3>
      <p class="verdict">{missing.length === 0 ? <Badge tone="good">All are mapped</Badge> : <Badge tone="warn">{`${missing.length} not mapped`}</Badge>}</p>
      <table class="pairs">
        <thead><tr><th scope="col">{props.from}</th><th scope="col">{props.to}</th></tr></thead>
        <tbody>
          {props.rows.map(([key, shown]) => (
            <tr class={props.values[key] ? '' : 'missing'}>
              <th scope="row">{shown}</th>
              <td>
                <select aria-label={`${shown}: ${props.to}`} value={props.values[key] ?? ''} onChange={(event) => props.onSet(key, event.currentTarget.value)}>
                  <option value="">not mapped</option>
                  {[...new Set([...props.options, ...(props.values[key] ? [props.values[key]] : [])])].map((option) => <option value={option}>{props.shown?.(option) ?? option}</option>)}
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What changed in ConnectWise since the configuration last fitted it, and what that breaks. */
function Drift() {
  const api = useApi();
  const act = useAct();
  const [report, setReport] = useState<DriftReport>();
  return (
    <section class="card" aria-label="Drift">
      <h2>What changed in ConnectWise</h2>
      <p class="muted">Boards, statuses, types and priorities now, against when the configuration last fitted them.</p>
      <div class="actions">
        <Button kind="main" busy={act.busy} onClick={() => void act.run(async () => setReport((await api.command({ command: 'drift' }, 'drift')).report))}>Compare now</Button>
      </div>
      <Said act={act} />
      {report && (
        <div role="status">
          {report.changes.length === 0 && (report.faults ?? []).length === 0 ? (
            <p class="verdict"><Badge tone="good">{report.since ? `Nothing changed since ${when(report.since)}` : 'Everything fits; there is no earlier state to compare with'}</Badge></p>
          ) : (
            <ul class="parts">
              {report.changes.map((change) => {
                const breaks = change.breaks ?? [];
                const how = typeof change.change === 'string' ? title(change.change).toLowerCase() : `renamed from ${change.change.renamed.from}`;
                return (
                  <li>
                    <Badge tone={breaks.length > 0 ? 'bad' : 'info'}>{title(change.subject)}</Badge>
                    <span>
                      <b>{change.name}</b>{change.board ? ` on ${change.board}` : ''}: {how}.
                      {breaks.map((repair) => <Broken repair={repair} />)}
                    </span>
                  </li>
                );
              })}
              {unexplained(report).map((fault) => (
                <li><Badge tone="bad">Does not fit</Badge><span><Broken repair={fault} /></span></li>
              ))}
            </ul>
          )}
        </div>
      )}
    </section>
  );
}

type Repair = NonNullable<DriftReport['faults']>[number];

/** A place of the configuration that does not fit any more, and how to mend it. */
function Broken({ repair }: { repair: Repair }) {
  return <span class="fix"> <code>{repair.pointer}</code> {sentence(repair.message)} {sentence(repair.fix)}</span>;
}

/** What does not fit and no change is the reason of: the others stand with their change. */
function unexplained(report: DriftReport): Repair[] {
  const explained = new Set(report.changes.flatMap(({ breaks = [] }) => breaks.map(({ pointer }) => pointer)));
  return (report.faults ?? []).filter(({ pointer }) => !explained.has(pointer));
}
