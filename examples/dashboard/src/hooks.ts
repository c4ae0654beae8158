import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from './api';

export interface Loaded<T> {
  value: T | undefined;
  error: Error | undefined;
  busy: boolean;
  reload: () => void;
}

/** Reads something when the view opens and whenever `inputs` change; what was read stays until the next answer is there. */
export function useLoad<T>(read: (signal: AbortSignal) => Promise<T>, inputs: unknown[]): Loaded<T> {
  const [state, setState] = useState<{ value?: T; error?: Error; busy: boolean }>({ busy: true });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setState((before) => ({ ...before, busy: true }));
    read(abort.signal).then(
      (value) => abort.signal.aborted || setState({ value, busy: false }),
      (error) => abort.signal.aborted || setState((before) => ({ ...before, error, busy: false })),
    );
    return () => abort.abort();
  }, [...inputs, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { value: state.value, error: state.error, busy: state.busy, reload };
}

/** An act of the user: under way, done with words for it, or failed. */
export interface Act {
  busy: boolean;
  error: Error | undefined;
  said: string;
  run: (work: () => Promise<string | void>) => Promise<boolean>;
  clear: () => void;
}

export function useAct(): Act {
  const [state, setState] = useState<{ busy: boolean; error?: Error; said: string }>({ busy: false, said: '' });
  const run = useCallback(async (work: () => Promise<string | void>) => {
    setState({ busy: true, said: '' });
    try {
      setState({ busy: false, said: (await work()) ?? '' });
      return true;
    } catch (error) {
      setState({ busy: false, said: '', error: error instanceof Error ? error : new ApiError(0, {}) });
      return false;
    }
  }, []);
  const clear = useCallback(() => setState({ busy: false, said: '' }), []);
  return { busy: state.busy, error: state.error, said: state.said, run, clear };
}

/** The value once it has not changed for a while. */
export function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

/** Where in the page we are: the parts of `#/tickets/10012`. */
export function useRoute(): string[] {
  const parts = () => location.hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decodeURIComponent);
  const [route, setRoute] = useState(parts);
  useEffect(() => {
    const follow = () => setRoute(parts());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}

/** Calls back some time after the last of several changes. */
export function useSoon(call: () => void, milliseconds: number): () => void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(call);
  latest.current = call;
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => latest.current(), milliseconds);
  }, [milliseconds]);
}
