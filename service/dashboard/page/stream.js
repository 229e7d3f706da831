// The event stream, read by fetch because EventSource sends no token. Comes back by itself, waiting
// longer each time up to a minute, and asks for what it missed.
import { request } from './api.js';

const LONGEST = 60;
const SILENCE = 45000; // the server says a word every 15 s
const HIDDEN = 60000;

// Calls on(name, data) for each event and state(name, seconds) for live, lost, none.
export function follow({ on, state }) {
  let last = '';
  let failures = 0;
  let abort = new AbortController();
  let left = false;
  let hiding = null;

  const dispatch = (block) => {
    let name = 'message';
    const data = [];
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') name = value;
      if (field === 'id') last = value;
      if (field === 'data') data.push(value);
    }
    if (!data.length && name !== 'reset') return;
    let body = null;
    try { body = JSON.parse(data.join('\n')); } catch { /* an event without JSON still says that something changed */ }
    on(name, body);
  };

  const read = async (response, restart) => {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const watch = setTimeout(restart, SILENCE);
      const { value, done } = await reader.read().finally(() => clearTimeout(watch));
      if (done) return;
      text += value.replaceAll('\r', '');
      const blocks = text.split('\n\n');
      text = blocks.pop();
      blocks.filter((block) => block.trim()).forEach(dispatch);
    }
  };

  const once = async () => {
    const headers = { Accept: 'text/event-stream', ...(last ? { 'Last-Event-ID': last } : {}) };
    const response = await request('api/v1/events', { headers, signal: abort.signal, cache: 'no-store' });
    const resumed = failures > 0;
    failures = 0;
    state('live');
    if (resumed && !last) on('reset', null);
    await read(response, () => abort.abort());
  };

  // A page that nobody looks at gives its connection back: a browser has six for all its tabs.
  const seen = () => new Promise((resolve) => {
    const look = () => {
      if (document.hidden || left) return;
      for (const name of ['visibilitychange', 'pageshow']) removeEventListener(name, look, true);
      resolve();
    };
    for (const name of ['visibilitychange', 'pageshow']) addEventListener(name, look, true);
    look();
  });
  addEventListener('pagehide', () => { left = true; abort.abort(); });
  addEventListener('pageshow', () => { left = false; }, true);
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(() => abort.abort(), HIDDEN);
  });

  const run = async () => {
    for (;;) {
      await seen();
      abort = new AbortController();
      try {
        await once();
      } catch (error) {
        if (error.status === 404) {
          state('none');
          return;
        }
      }
      failures += 1;
      if (document.hidden || left) continue;
      const wait = Math.min(LONGEST, 2 ** Math.min(failures, 6)) * (0.75 + Math.random() / 2);
      state('lost', Math.round(wait));
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
  };
  run();
}
