// Who is signed in. The token lives as long as the tab; it is in no cookie, so no other site can make use of it.
const KEY = 'casewire-token';

/** Takes a token that the address names behind `#token=`, and takes it out of the address. Says whether there was one. */
export function tokenOfAddress(): boolean {
  const token = /^#token=([\x21-\x7e]+)$/.exec(location.hash)?.[1];
  if (!token) return false;
  sessionStorage.setItem(KEY, decodeURIComponent(token));
  history.replaceState(null, '', location.pathname);
  return true;
}

export const token = () => sessionStorage.getItem(KEY);
export const signIn = (text: string) => sessionStorage.setItem(KEY, text);
export const signOut = () => sessionStorage.removeItem(KEY);
