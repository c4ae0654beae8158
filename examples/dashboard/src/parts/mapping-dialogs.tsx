import type { Candidate, Inventory } from 'casewire/host';
import { useState } from 'preact/hooks';
import { pages } from '../api';
import { useApi } from '../app';
import { useAct, useLoad } from '../hooks';
import { targetOf } from '../views/mapping';
import { plural, title } from '../words';
import { Badge, Button, Empty, FaultList, Field, Problem, Said, type Tone, sentence } from './basics';
import { Dialog } from './dialog';

const OUTCOMES: Record<string, Tone> = { mapped: 'good', kept: 'plain', refused: 'warn', left_alone: 'plain' };

/** What automatic mapping would link and why not the rest; nothing is saved before it is wanted. */
export function AutoMap({ inventory, onClose }: { inventory: Inventory; onClose: () => void }) {
  const api = useApi();
  const plan = useLoad(() => api.command({ command: 'auto_map', inventory, dry_run: true }, 'auto_mapped'), [api.instance]);
  const act = useAct();
  const report = plan.value;
  const apply = () =>
    act.run(async () => {
      const done = await api.command({ command: 'auto_map', inventory }, 'auto_mapped');
      plan.reload();
      return `${plural(done.mapped, 'mapping')} made.`;
    });
  return (
    <Dialog title="Map automatically" onClose={onClose}>
      <p class="muted">Groups by the e-mail domain of the company's primary contact, systems by their MAC. What a person mapped stays.</p>
      <Problem error={plan.error} />
      {!report && !plan.error && <p class="loading" role="status">Reading what has changed in ConnectWise …</p>}
      {report && (
        <>
          <p class="verdict">
            <Badge tone="good">{plural(report.mapped, 'new mapping')}</Badge> <Badge tone="warn">{report.refused} refused</Badge>{' '}
            <Badge tone="plain">{report.kept + report.left_alone} stay as they are</Badge>
          </p>
          <ul class="parts">
            {report.items.map((item) => (
              <li>
                <Badge tone={OUTCOMES[item.outcome] ?? 'plain'}>{title(item.outcome)}</Badge>
                <span>
                  <b>{item.id}</b> {item.kind === 'system' ? '(system)' : ''} {item.target && <>→ {targetOf({ target: item.target } as never)}</>}
                  <span class="fix"> {sentence(item.reason)}</span>
                </span>
              </li>
            ))}
          </ul>
          <div class="actions">
            <Button kind="main" busy={act.busy} disabled={report.mapped === 0} onClick={() => void apply()}>{report.mapped === 0 ? 'Nothing to map' : `Make ${plural(report.mapped, 'mapping')}`}</Button>
          </div>
        </>
      )}
      <Said act={act} />
    </Dialog>
  );
}

interface Suggested {
  kind: 'group' | 'system';
  id: string;
  name: string;
  candidates: Candidate[];
}

/** Candidates with what speaks for them; several are accepted at once. */
export function Suggestions({ inventory, onClose }: { inventory: Inventory; onClose: () => void }) {
  const api = useApi();
  const found = useLoad(async () => {
    const { groups, systems } = await api.command({ command: 'suggest_mappings', inventory }, 'suggested_mappings');
    const all: Suggested[] = [
      ...groups.map((one) => ({ kind: 'group' as const, id: one.id, name: one.name ?? one.id, candidates: one.candidates })),
      ...systems.map((one) => ({ kind: 'system' as const, id: one.id, name: one.name ?? one.id, candidates: one.candidates })),
    ];
    return all;
  }, [api.instance]);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [least, setLeast] = useState(90);
  const [leftOut, setLeftOut] = useState<import('../api').Fault[]>([]);
  const act = useAct();
  const with_ = (found.value ?? []).filter(({ candidates }) => candidates.length > 0);
  const accept = () =>
    act.run(async () => {
      const only = with_.filter(({ kind, id }) => chosen.has(`${kind} ${id}`)).map(({ kind, id }) => ({ kind, id }));
      const done = await api.command({ command: 'accept_suggestions', inventory, only, at_least: least, by: 'dashboard' }, 'mappings_changed');
      setLeftOut(done.left_out ?? []);
      setChosen(new Set());
      found.reload();
      return `${plural(done.changed, 'suggestion')} accepted.`;
    });
  return (
    <Dialog title="Suggestions for what is not mapped" onClose={onClose}>
      <Problem error={found.error} />
      {!found.value && !found.error && <p class="loading" role="status">Comparing names, domains, addresses …</p>}
      {found.value && with_.length === 0 && <Empty>{found.value.length === 0 ? 'Everything is mapped.' : 'Nothing speaks for any company or configuration.'}</Empty>}
      <ul class="suggestions">
        {with_.map(({ kind, id, name, candidates }) => (
          <li>
            <label>
              <input
                type="checkbox"
                checked={chosen.has(`${kind} ${id}`)}
                onChange={(event) => {
                  const next = new Set(chosen);
                  if (event.currentTarget.checked) next.add(`${kind} ${id}`);
                  else next.delete(`${kind} ${id}`);
                  setChosen(next);
                }}
              />{' '}
              <b>{name}</b> {kind === 'system' && '(system)'}
            </label>
            <ol>
              {candidates.map((candidate) => (
                <li>
                  <meter min={0} max={100} value={candidate.score} aria-label={`${candidate.score} of 100`} /> <b>{candidate.company?.name ?? candidate.configuration?.name}</b>{' '}
                  <span class="muted">{candidate.score} of 100: {candidate.evidence.map(({ text }) => text).join('; ')}</span>
                  {candidate.flags?.map((flag) => <> <Badge tone="warn">{title(flag)}</Badge></>)}
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ul>
      {with_.length > 0 && (
        <div class="actions">
          <Button kind="quiet" onClick={() => setChosen(new Set(with_.map(({ kind, id }) => `${kind} ${id}`)))}>Choose all</Button>
          <Field label="Least score">
            {(field) => <input id={field} type="number" min={1} max={100} value={least} onInput={(event) => setLeast(event.currentTarget.valueAsNumber || 90)} />}
          </Field>
          <Button kind="main" busy={act.busy} disabled={chosen.size === 0} onClick={() => void accept()}>{`Accept the best of ${plural(chosen.size, 'choice')}`}</Button>
        </div>
      )}
      <Said act={act} />
      <FaultList faults={leftOut} />
    </Dialog>
  );
}

/** Mappings as a list for a spreadsheet, out and in. */
export function Csv({ onClose }: { onClose: () => void }) {
  const api = useApi();
  const act = useAct();
  const [good, setGood] = useState(false);
  const save = () =>
    act.run(async () => {
      const parts: string[] = [];
      await pages((after) => api.command({ command: 'export_mappings', limit: 1000, after }, 'mapping_table'), ({ csv }) => {
        // Each page has the line of headings.
        parts.push(parts.length === 0 ? csv : csv.slice(csv.indexOf('\n') + 1));
      });
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(parts, { type: 'text/csv' }));
      link.download = `mappings-${api.instance}.csv`;
      link.click();
      URL.revokeObjectURL(link.href);
      return 'Saved as a file.';
    });
  const read = (file: File) =>
    act.run(async () => {
      const csv = await file.text();
      const done = await api.command({ command: 'import_mappings', csv, good_rows: good, by: 'dashboard' }, 'mappings_changed');
      return `${plural(done.changed, 'mapping')} changed, ${plural(done.left_out?.length ?? 0, 'row')} left out.`;
    });
  return (
    <Dialog title="Mappings as a list" onClose={onClose}>
      <p class="muted">A CSV file, as spreadsheets read and write it. What is saved here can be changed there and read back.</p>
      <div class="actions"><Button kind="main" busy={act.busy} onClick={() => void save()}>Save as CSV</Button></div>
      <Field label="Read a CSV file" hint="Each bad row is named; where there is one, nothing is saved, unless you take the good rows.">
        {(id, described) => (
          <input id={id} type="file" accept=".csv,text/csv" aria-describedby={described} onChange={(event) => event.currentTarget.files?.[0] && void read(event.currentTarget.files[0])} />
        )}
      </Field>
      <label class="check"><input type="checkbox" checked={good} onChange={(event) => setGood(event.currentTarget.checked)} /> Take the good rows where others are bad</label>
      <Said act={act} />
    </Dialog>
  );
}
