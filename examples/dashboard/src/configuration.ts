import { useEffect, useState } from 'preact/hooks';
import { type Fault, type Saved } from './api';
import { useApi } from './app';
import { type Act, useAct, useLoad, useSettled } from './hooks';
import { core } from './module';

/** A configuration document, as far as the page edits it. What else is in it stays as it is. */
export interface Document {
  instance: string;
  connection: { site: string; company_id: string; client_id?: string; credential_expiry?: string; [key: string]: unknown };
  routes: Route[];
  status_map?: Record<string, StatusMap>;
  priority_map?: Record<string, string>;
  [key: string]: unknown;
}

export interface Route {
  name: string;
  when?: Record<string, unknown>;
  ignore?: boolean;
  board?: string;
  type?: string | null;
  subtype?: string | null;
  item?: string | null;
  status?: { created?: string | null; updated?: string | null; cleared?: string | null };
  [key: string]: unknown;
}

export interface StatusMap {
  to_case: Record<string, string>;
  to_ticket: Record<string, string>;
}

export interface Draft {
  document: Document | undefined;
  /** What the core says of the draft as it is now. */
  faults: Fault[];
  changed: boolean;
  edit: (change: (draft: Document) => void) => void;
  reset: () => void;
  save: () => Promise<void>;
  act: Act;
  error: Error | undefined;
}

const written = (document: Document) => `${JSON.stringify(document, null, 2)}\n`;

/** The configuration as a draft: what is not saved has no effect. */
export function useDraft(catalog?: object): Draft {
  const api = useApi();
  const loaded = useLoad(() => api.configuration(), [api.instance]);
  const [saved, setSaved] = useState<Saved>();
  const [document, setDocument] = useState<Document>();
  const [faults, setFaults] = useState<Fault[]>([]);
  const act = useAct();
  const take = (next: Saved) => {
    setSaved(next);
    setDocument(JSON.parse(next.text));
  };
  useEffect(() => {
    if (loaded.value) take(loaded.value);
  }, [loaded.value]);
  const settled = useSettled(document, 120);
  useEffect(() => {
    let late = false;
    if (settled) {
      core().then((module) => late || setFaults(module.validateConfig(JSON.stringify(settled), catalog)), () => {});
    }
    return () => void (late = true);
  }, [settled, catalog]);
  const changed = document !== undefined && saved !== undefined && written(document) !== written(JSON.parse(saved.text));
  return {
    document,
    faults,
    changed,
    edit: (change) =>
      setDocument((before) => {
        if (!before) return before;
        const draft = structuredClone(before);
        change(draft);
        return draft;
      }),
    reset: () => (saved && take(saved), act.clear()),
    save: async () => {
      await act.run(async () => {
        if (!document || !saved) return;
        take(await api.save(written(document), saved.revision));
        return 'Saved. The service goes on with it.';
      });
    },
    act,
    error: loaded.error,
  };
}
