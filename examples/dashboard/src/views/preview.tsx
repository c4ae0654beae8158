import type { Preview } from 'casewire/host';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { type KnownCase, pages } from '../api';
import { useApi } from '../app';
import { useAct, useLoad, useSettled } from '../hooks';
import { core } from '../module';
import { Button, FaultList, Field, Problem } from '../parts/basics';
import { PreviewResult } from '../parts/preview-result';

const EXAMPLE: KnownCase = {
  id: 'example-1',
  title: 'Windows: Audit log cleared',
  description: 'The audit log was cleared.',
  severity: 'critical',
  category: 'windows',
  kind: 'audit',
  group: { id: '' },
  created_at: '2019-02-11T01:07:14Z',
  updated_at: '2019-02-11T01:09:53Z',
};

/** What a case would become: decided by the core in this page as you type, and by the service with ConnectWise's own records. */
export default function PreviewView({ rest: [picked] }: { rest: string[] }) {
  const api = useApi();
  const cases = useLoad(() => api.cases(), [api.instance]);
  const known = useLoad(async () => {
    const [config, catalog, directory] = await Promise.all([
      api.configuration(),
      api.command({ command: 'read_catalog' }, 'catalog'),
      directoryOf(api),
    ]);
    const { kind, ...rest } = catalog;
    return { config: config.text, catalog: { ...rest, directory } };
  }, [api.instance]);
  const [text, setText] = useState('');
  const [live, setLive] = useState<{ of: string; preview: Preview }>();
  const ask = useAct();
  useEffect(() => {
    if (!cases.value || text) return;
    const wanted = cases.value.find(({ id }) => id === picked) ?? cases.value.find(({ id }) => id === '10012') ?? cases.value[0];
    setText(JSON.stringify(wanted ?? EXAMPLE, null, 2));
  }, [cases.value]);
  const settled = useSettled(text, 150);
  const offline = useOffline(known.value, settled);
  const faults = offline?.faults ?? [];
  const shown = live?.of === text ? live.preview : offline?.preview;
  const sorted = useMemo(() => [...(cases.value ?? [])].sort((a, b) => a.id.localeCompare(b.id)), [cases.value]);
  return (
    <div class="columns preview">
      <section class="card" aria-labelledby="case-title">
        <h2 id="case-title">The case</h2>
        {sorted.length > 0 && (
          <Field label="Pick one that was handed over">
            {(id) => (
              <select
                id={id}
                onChange={(event) => {
                  const chosen = sorted.find((one) => one.id === event.currentTarget.value);
                  if (chosen) setText(JSON.stringify(chosen, null, 2));
                }}
              >
                <option value="">Choose …</option>
                {sorted.map((one) => <option value={one.id}>{one.number ?? one.id} – {one.title}</option>)}
              </select>
            )}
          </Field>
        )}
        <Field label="Or write and paste JSON">
          {(id) => <textarea id={id} class="code" spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />}
        </Field>
        <div class="actions">
          <Button
            busy={ask.busy}
            disabled={faults.length > 0}
            onClick={() => void ask.run(async () => setLive({ of: text, preview: await api.command({ command: 'preview_case', case: JSON.parse(text) }, 'preview') }))}
          >
            Look up in ConnectWise
          </Button>
          <span class="hint">Nothing is sent but reads.</span>
        </div>
        <Problem error={ask.error} />
      </section>
      <section class="card" aria-labelledby="ticket-title">
        <h2 id="ticket-title">The ticket</h2>
        <Problem error={known.error ?? cases.error ?? offline?.error} />
        {faults.length > 0 && (
          <div class="notice bad" role="alert">
            <p><strong>The case would be refused.</strong></p>
            <FaultList faults={faults} />
          </div>
        )}
        {!shown && faults.length === 0 && !known.error && <p class="loading" role="status">Loading …</p>}
        {shown && <PreviewResult preview={shown} live={live?.of === text} />}
      </section>
    </div>
  );
}

/** What is known of companies and mappings without asking ConnectWise. */
async function directoryOf(api: ReturnType<typeof useApi>) {
  const directory = { companies: [] as object[], mappings: [] as object[] };
  await pages((after) => api.command({ command: 'list_mappings', limit: 1000, after }, 'mappings'), ({ mappings }) => directory.mappings.push(...mappings));
  try {
    await pages((after) => api.command({ command: 'list_companies', limit: 1000, after }, 'companies'), ({ companies }) =>
      directory.companies.push(...companies.map(({ id, identifier, name, deleted = false }) => ({ id, identifier, name, deleted }))),
    );
  } catch {
    // Nothing was imported: the preview says what a real run looks up.
  }
  return directory;
}

interface Offline {
  preview?: Preview;
  faults?: ReturnType<Awaited<ReturnType<typeof core>>['validateCase']>;
  error?: Error;
}

function useOffline(known: { config: string; catalog: object } | undefined, text: string): Offline | undefined {
  const [result, setResult] = useState<Offline>();
  useEffect(() => {
    let late = false;
    if (known && text) {
      core().then((module) => {
        if (late) return;
        const faults = module.validateCase(text);
        // A case that cannot be read has no preview; one whose content has faults has one that says so.
        if (faults.length > 0) return setResult({ faults });
        setResult({ preview: module.preview(known.config, known.catalog, text) });
      }).catch((error) => late || setResult({ error }));
    }
    return () => void (late = true);
  }, [known, text]);
  return result;
}
