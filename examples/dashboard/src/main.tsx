import { render } from 'preact';
import { App } from './app';
import { tokenOfAddress } from './session';
import './styles.css';

tokenOfAddress();
addEventListener('hashchange', () => {
  if (tokenOfAddress()) location.reload();
});
render(<App />, document.getElementById('app') as HTMLElement);
