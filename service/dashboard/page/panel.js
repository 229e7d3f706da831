// The states that every panel has: loading, filled, empty, failed. One failing leaves the rest alone.
import { save, token } from './api.js';
import { el } from './dom.js';

export function stateBox(title, ...text) {
  return el('div.state', {}, el('b', {}, title), ...text.map((t) => (typeof t === 'string' ? el('span', {}, t) : t)));
}

export function failure(error) {
  const what = {
    0: 'The daemon does not answer.',
    404: 'This daemon does not offer that.',
    503: 'The daemon cannot answer that now.',
  }[error.status] ?? (error.status >= 500 ? 'The daemon failed at that.' : 'That could not be shown.');
  const box = stateBox(what, ...(error.status ? [`${error.message} (HTTP ${error.status})`] : []), 'It is asked again by itself.');
  box.classList.add('failed');
  return box;
}

const AGAIN = 20000;

// Fills `body` with what `make` returns (a node, or a list of nodes); a failure is shown in its place,
// and the same tried again until it works. Of several fills that overlap the newest wins.
export async function fill(body, make) {
  const turn = (Number(body.dataset.turn) || 0) + 1;
  body.dataset.turn = turn;
  body.setAttribute('aria-busy', 'true');
  let nodes;
  try {
    nodes = [await make()].flat();
  } catch (error) {
    if (error.name === 'AbortError') return;
    if (error.status === undefined) console.error(error);
    nodes = [failure(error)];
    setTimeout(() => { if (Number(body.dataset.turn) === turn) fill(body, make); }, AGAIN);
  }
  if (Number(body.dataset.turn) !== turn) return;
  body.replaceChildren(...nodes);
  body.removeAttribute('aria-busy');
}

// The line under a panel: the request behind it, and its CSV when there is one.
export function links(box, calls) {
  box.replaceChildren(...calls.map(({ text, url, file }) => {
    const link = el('a', { href: url, ...(file ? { download: file } : {}) }, text);
    link.addEventListener('click', (event) => {
      if (!token()) return;
      event.preventDefault();
      save(url, file ?? `${url.replace(/\W+/g, '-')}.json`).catch(() => {});
    });
    return link;
  }));
}
