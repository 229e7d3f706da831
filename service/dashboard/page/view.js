// What is being looked at: unit, window, scale, episode. It lives in the URL's hash, so that a copied
// address shows the same.

export const RANGES = { '1d': 86400, '1w': 7 * 86400, '1m': 30 * 86400, '6m': 182 * 86400, '1y': 365 * 86400 };
const DEFAULTS = { range: '6m', from: null, to: null, den: 'usd', per: 'ph', log: false, episode: null };
const listeners = [];

export const view = { ...DEFAULTS };

const iso = (s) => new Date(s * 1000).toISOString().replace('.000Z', 'Z');
const seconds = (text) => {
  const ms = Date.parse(text ?? '');
  return Number.isFinite(ms) ? Math.round(ms / 1000) : null;
};

function parse(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const one = (name, choices) => (choices.includes(given.get(name)) ? given.get(name) : DEFAULTS[name]);
  const read = {
    ...DEFAULTS,
    range: one('range', [...Object.keys(RANGES), 'all']),
    den: one('den', ['usd', 'btc', 'sat']),
    per: one('per', ['th', 'ph', 'eh']),
    log: given.get('log') === '1',
    episode: given.get('episode'),
  };
  const [from, to] = [seconds(given.get('from')), seconds(given.get('to'))];
  if (from !== null && to !== null && from < to) Object.assign(read, { range: null, from, to });
  return read;
}

function hashOf(v) {
  const out = new URLSearchParams();
  if (v.range) out.set('range', v.range);
  else {
    out.set('from', iso(v.from));
    out.set('to', iso(v.to));
  }
  for (const name of ['den', 'per']) if (v[name] !== DEFAULTS[name]) out.set(name, v[name]);
  if (v.log) out.set('log', '1');
  if (v.episode) out.set('episode', v.episode);
  return `#${out.toString().replaceAll('%3A', ':')}`;
}

export const onView = (listener) => listeners.push(listener);

function tell(before) {
  const changed = (...names) => names.some((name) => before[name] !== view[name]);
  for (const listener of listeners) listener(changed);
}

// Changes what is looked at. A named range drops from and to, and the other way round.
export function setView(patch) {
  const before = { ...view };
  Object.assign(view, patch);
  if (patch.range) Object.assign(view, { from: null, to: null });
  if (patch.from != null) view.range = null;
  history.replaceState(null, '', hashOf(view));
  tell(before);
}

export function startView() {
  Object.assign(view, parse(location.hash));
  addEventListener('hashchange', () => {
    const before = { ...view };
    Object.assign(view, parse(location.hash));
    tell(before);
  });
}

// The window in unix seconds: ranges count back from `anchor`, the newest instant there is to show.
export function windowOf(anchor, first) {
  if (!view.range) return { from: view.from, to: view.to };
  if (view.range === 'all') return { from: Math.min(first ?? anchor - RANGES['1y'], anchor - 86400), to: anchor };
  return { from: anchor - RANGES[view.range], to: anchor };
}
