import { useEffect, useRef, useState } from 'preact/hooks';
import type { Change } from './api';
import { useApi } from './app';

/** Most changes that the page remembers. */
const MOST = 20_000;

/** What goes back to the product, as it comes. `live` says whether the service is heard. */
export function useChanges(onMore?: () => void): { changes: Change[]; live: boolean; caughtUp: boolean } {
  const api = useApi();
  const [state, setState] = useState<{ changes: Change[]; live: boolean; caughtUp: boolean }>({ changes: [], live: true, caughtUp: false });
  const tell = useRef(onMore);
  tell.current = onMore;
  useEffect(() => {
    const abort = new AbortController();
    void (async () => {
      let cursor: string | undefined;
      let caughtUp = false;
      while (!abort.signal.aborted) {
        try {
          const page = await api.changes(cursor, caughtUp ? 25 : 0, abort.signal);
          cursor = page.cursor;
          const told = page.changes.length > 0;
          if (told && caughtUp) tell.current?.();
          caughtUp ||= page.changes.length < 1000;
          setState((before) => ({
            changes: told ? [...before.changes, ...page.changes].slice(-MOST) : before.changes,
            live: true,
            caughtUp,
          }));
        } catch {
          if (abort.signal.aborted) return;
          setState((before) => ({ ...before, live: false, caughtUp: true }));
          // What was forgotten meanwhile is gone: begin with the oldest that there is.
          cursor = undefined;
          setState((before) => ({ ...before, changes: [] }));
          await new Promise((resolve) => setTimeout(resolve, 3_000));
        }
      }
    })();
    return () => abort.abort();
  }, [api.instance]);
  return state;
}

/** Calls back when what waits is not as it was: a case that fails gives no change of its own. */
export function useBacklog(onChange: () => void): void {
  const api = useApi();
  useEffect(() => {
    let before: string | undefined;
    const look = async () => {
      if (document.hidden) return;
      const backlog = JSON.stringify(await api.command({ command: 'backlog' }, 'backlog').catch(() => before));
      if (before !== undefined && backlog !== before) onChange();
      before = backlog;
    };
    void look();
    const timer = setInterval(() => void look(), 3_000);
    return () => clearInterval(timer);
  }, [api.instance]);
}
