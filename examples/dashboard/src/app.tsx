import { createContext } from 'preact';
import { Suspense, lazy } from 'preact/compat';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { type Api, ApiError, apiFor, instances } from './api';
import { useRoute } from './hooks';
import { core } from './module';
import { Button, Field, Problem } from './parts/basics';
import { signIn, signOut, token } from './session';
import { Connection } from './views/connection';

const FILES = {
  overview: () => import('./views/overview'),
  tickets: () => import('./views/tickets'),
  mapping: () => import('./views/mapping'),
  boards: () => import('./views/boards'),
  preview: () => import('./views/preview'),
};
const VIEWS = {
  overview: ['Overview', lazy(FILES.overview)],
  tickets: ['Tickets', lazy(FILES.tickets)],
  mapping: ['Mapping', lazy(FILES.mapping)],
  boards: ['Boards', lazy(FILES.boards)],
  preview: ['Preview', lazy(FILES.preview)],
  connection: ['Connection', Connection],
} as const;
type View = keyof typeof VIEWS;

const ApiContext = createContext<Api | undefined>(undefined);

/** The service, of whoever is signed in. */
export function useApi(): Api {
  const api = useContext(ApiContext);
  if (!api) throw new Error('nobody is signed in');
  return api;
}

export function App() {
  const [shown, setShown] = useState(token());
  const [names, setNames] = useState<string[]>();
  const [chosen, setChosen] = useState<string>();
  const [error, setError] = useState<Error>();
  const enter = async (text: string) => {
    try {
      const all = await instances(text);
      signIn(text);
      setNames(all);
      setChosen(all[0]);
      setError(undefined);
      setShown(text);
    } catch (reason) {
      if (reason instanceof ApiError && reason.status === 401) signOut();
      setError(reason as Error);
      setShown(null);
    }
  };
  useEffect(() => {
    if (shown) void enter(shown);
  }, []);
  if (!shown) return <SignIn onToken={enter} error={error} />;
  if (!names || !chosen) return <div class="cover" aria-busy="true"><p role="status">Connecting …</p></div>;
  return (
    <ApiContext.Provider value={apiFor(shown, chosen)}>
      <Shell key={chosen} names={names} chosen={chosen} onChoose={setChosen} onLeave={() => (signOut(), setShown(null))} />
    </ApiContext.Provider>
  );
}

function SignIn({ onToken, error }: { onToken: (token: string) => Promise<void>; error: Error | undefined }) {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  return (
    <main class="cover">
      <form
        class="card sign-in"
        onSubmit={(event) => {
          event.preventDefault();
          setBusy(true);
          void onToken(text.trim()).finally(() => setBusy(false));
        }}
      >
        <h1><Mark /> casewire</h1>
        <p>Cases of your security product, and their tickets in ConnectWise PSA.</p>
        <Field label="Access token" hint="What CASEWIRE_ADMIN_TOKEN is set to where the service runs. It is kept until this tab is closed.">
          {(id, described) => (
            <input id={id} type="password" autocomplete="off" required aria-describedby={described} value={text} onInput={(event) => setText(event.currentTarget.value)} />
          )}
        </Field>
        <Button type="submit" kind="main" busy={busy}>Sign in</Button>
        <Problem error={error} />
      </form>
    </main>
  );
}

function Shell({ names, chosen, onChoose, onLeave }: { names: string[]; chosen: string; onChoose: (name: string) => void; onLeave: () => void }) {
  const [first = 'overview', ...rest] = useRoute();
  const view: View = first in VIEWS ? (first as View) : 'overview';
  const [title, Shown] = VIEWS[view];
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(view);
  useEffect(() => {
    // Once the first view is there, the others are fetched, so that the page needs nothing more but answers.
    const timer = setTimeout(() => void Promise.all([...Object.values(FILES).map((file) => file()), core()]).catch(() => {}), 3_000);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    document.title = `${title} · casewire`;
    // Whoever moved on by keyboard or screen reader is told where they are.
    if (before.current !== view) heading.current?.focus();
    before.current = view;
  }, [view]);
  return (
    <div class="shell">
      <a class="skip" href="#content" onClick={(event) => (event.preventDefault(), heading.current?.focus())}>Skip to the content</a>
      <header class="side">
        <p class="brand"><Mark /> casewire</p>
        <nav aria-label="Views">
          <ul>
            {Object.entries(VIEWS).map(([key, [name]]) => (
              <li><a href={`#/${key}`} aria-current={key === view ? 'page' : undefined}>{name}</a></li>
            ))}
          </ul>
        </nav>
        <div class="foot">
          {names.length > 1 ? (
            <label>Instance <select value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>{names.map((name) => <option>{name}</option>)}</select></label>
          ) : (
            <p class="instance" title="Instance">{chosen}</p>
          )}
          <ThemeSwitch />
          <Button kind="quiet" onClick={onLeave}>Sign out</Button>
        </div>
      </header>
      <main id="content">
        <h1 ref={heading} tabIndex={-1}>{title}</h1>
        <Suspense fallback={<p class="loading" role="status">Loading …</p>}>
          <Shown key={view} rest={rest} />
        </Suspense>
      </main>
    </div>
  );
}

const THEMES = ['system', 'light', 'dark'] as const;

function ThemeSwitch() {
  const [theme, setTheme] = useState(localStorage.getItem('casewire-theme') ?? 'system');
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem('casewire-theme', theme);
  }, [theme]);
  return (
    <label class="theme">
      <span>Colours</span>
      <select value={theme} onChange={(event) => setTheme(event.currentTarget.value)}>
        {THEMES.map((name) => <option value={name}>{name === 'system' ? 'as the system' : name}</option>)}
      </select>
    </label>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M7 12h8a4 4 0 0 1 4 4v0a4 4 0 0 0 4 4h2" />
      <circle cx="7" cy="12" r="3" />
      <circle cx="25" cy="20" r="3" />
    </svg>
  );
}
